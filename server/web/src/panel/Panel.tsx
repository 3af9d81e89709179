import { lazy, Suspense, useCallback, useState, type ReactNode } from "react";
import { saysSomething, type Analysis } from "../api/analysis";
import type { Share } from "../api/share";
import type { Transcript } from "../api/transcript";
import { messages } from "../messages";
import type { PlayerHandle } from "../player/usePlayer";
import { isListenedTo } from "../share/phase";
import { ChaptersTab } from "./ChaptersTab";
import { SummaryTab } from "./SummaryTab";
import { Tabs, type Tab } from "./Tabs";
import { TranscriptTab } from "./TranscriptTab";

interface Props {
  share: Share;
  player: PlayerHandle;
  transcript: Transcript | null;
  analysis: Analysis | null;
  onGo: (seconds: number) => void;
  /** The share is not what it was: ask for it again. */
  onChange: () => void;
}

const words = messages.panel;
const COMMENTS = "comments";

/** A page that is older than its server finds the parts no more that it has not loaded yet. */
const CommentsTab = lazy(() =>
  import("../comments/CommentsTab").then(
    (loaded) => ({ default: loaded.CommentsTab }),
    () => ({ default: NotLoaded }),
  ),
);

/** What stands beside the picture: transcript, chapters, summary, comments, as far as there are any. */
export function Panel({ share, player, transcript, analysis, onGo, onChange }: Props) {
  const { video, chapters } = player;
  const [chosen, setChosen] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const showComments = useCallback(() => setChosen(COMMENTS), []);
  const tabs: Tab[] = [];
  if (isSpoken(share)) {
    const content = <TranscriptTab share={share} transcript={transcript} video={video} onGo={onGo} />;
    tabs.push({ id: "transcript", name: words.transcript, content });
  }
  if (chapters.length > 0) {
    const content = <ChaptersTab chapters={chapters} video={video} onGo={onGo} />;
    tabs.push({ id: "chapters", name: words.chapters, content });
  }
  if (analysis && saysSomething(analysis)) {
    tabs.push({
      id: "summary",
      name: words.summary,
      content: <SummaryTab analysis={analysis} onGo={onGo} />,
    });
  }
  if (share.allowComments) {
    const content = (
      <AfterPicture player={player}>
        <CommentsTab share={share} player={player} onCount={setSaid} onShow={showComments} onOff={onChange} />
      </AfterPicture>
    );
    tabs.push({ id: COMMENTS, name: words.comments(said), content });
  }
  return (
    <aside className="panel" aria-label={words.label}>
      <Tabs label={words.label} tabs={tabs} chosen={chosen} onChoose={setChosen} />
    </aside>
  );
}

/** Loads its children once the picture is on its way: nothing comes before that. */
function AfterPicture({ player, children }: { player: PlayerHandle; children: ReactNode }) {
  const [due, setDue] = useState(false);
  if (!due && player.state.stage !== "opening") setDue(true);
  const loading = <p className="panel-note">{words.loading}</p>;
  return due ? <Suspense fallback={loading}>{children}</Suspense> : loading;
}

function NotLoaded() {
  return <p className="panel-note">{words.notLoaded}</p>;
}

/** Whether there is anything to stand there. Known from the first answer on, so that nothing moves later. */
export function hasPanel(share: Share): boolean {
  return isSpoken(share) || share.chaptersUrl !== null || share.allowComments;
}

/** Something is said in it, or may be: it is still being listened to. */
function isSpoken(share: Share): boolean {
  return isListenedTo(share) || (share.transcription === "completed" && share.captions.length > 0);
}
