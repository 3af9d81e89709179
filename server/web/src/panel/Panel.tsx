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
}

const words = messages.panel;

/** What stands beside the picture: transcript, chapters, summary, as far as there are any. */
export function Panel({ share, player, transcript, analysis, onGo }: Props) {
  const { video, chapters } = player;
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
  return (
    <aside className="panel" aria-label={words.label}>
      <Tabs label={words.label} tabs={tabs} />
    </aside>
  );
}

/** Whether there is anything to stand there. Known from the first answer on, so that nothing moves later. */
export function hasPanel(share: Share): boolean {
  return isSpoken(share) || share.chaptersUrl !== null;
}

/** Something is said in it, or may be: it is still being listened to. */
function isSpoken(share: Share): boolean {
  return isListenedTo(share) || (share.transcription === "completed" && share.captions.length > 0);
}
