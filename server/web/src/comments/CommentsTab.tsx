import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Share } from "../api/share";
import { number } from "../messages";
import { words } from "../messages/comments";
import { bring } from "../panel/useFollow";
import type { PlayerHandle } from "../player/usePlayer";
import "./comments.css";
import "./composer.css";
import "./over-picture.css";
import { Composer } from "./Composer";
import { Floating } from "./Floating";
import { Floats } from "./floats";
import { ReactionBar } from "./ReactionBar";
import { InRoom, type Room } from "./room";
import { countOf } from "./said";
import { Sketch } from "./Sketch";
import { Threads } from "./Threads";
import { TimeMarks } from "./TimeMarks";
import { useSpeaker } from "./useSpeaker";
import type { Speaker } from "./speaker";
import { useTalk } from "./useTalk";
import type { Comment } from "./wire";

interface Props {
  share: Share;
  player: PlayerHandle;
  /** How many there are, in words; empty for none. */
  onCount: (count: string) => void;
  /** Something in this tab is to be seen. */
  onShow: () => void;
  /** Comments were turned off. */
  onOff: () => void;
}

/** What people say about the recording: beside the picture, on the time bar, and over the picture itself. */
export function CommentsTab(props: Props) {
  const speaker = useSpeaker(props.share.recordingId);
  if (!speaker) return <p className="panel-note">{words.loading}</p>;
  return <Conversation key={speaker.userId} speaker={speaker} {...props} />;
}

function Conversation({ share, player, speaker, onCount, onShow, onOff }: Props & { speaker: Speaker }) {
  const [talk, state] = useTalk(share, speaker, onOff);
  const [guestName, setGuestName] = useState(speaker.name);
  const [selected, setSelected] = useState<string | null>(null);
  const [floats] = useState(() => new Floats());
  const root = useRef<HTMLDivElement>(null);
  const { said, reactions, counts, news } = state;
  const { mayEdit: mayTidy } = share;
  const { session, video, hosts } = player;

  const count = countOf(said);
  useEffect(() => {
    onCount(count === 0 ? "" : `${number(count)}${state.more ? "+" : ""}`);
  }, [count, state.more, onCount]);

  useEffect(() => {
    const box = root.current?.querySelector<HTMLElement>(".scroller");
    const item = box?.querySelector<HTMLElement>(`[data-id="${selected}"]`);
    if (box && item) bring(box, item);
  }, [selected]);

  const room = useMemo((): Room => {
    const select = (id: string) => {
      onShow();
      setSelected(id);
    };
    const go = ({ id, time, drawing }: Comment) => {
      select(id);
      if (time === null) return;
      if (drawing === null) {
        session?.playFrom(time);
        return;
      }
      session?.seekTo(time);
      video?.pause();
      video?.scrollIntoView({ block: "nearest" });
    };
    const name = speaker.userId === null ? guestName : speaker.name;
    const shared = { talk, session, video, hosts, speaker, name, mayTidy, selected };
    return { ...shared, onName: setGuestName, go, select };
  }, [talk, speaker, guestName, mayTidy, selected, session, video, hosts, onShow]);

  const chosen = selected === null ? undefined : said.get(selected);
  return (
    <InRoom value={room}>
      <div className="talk" ref={root}>
        <Threads state={state} />
        <div className="talk-write">
          <ReactionBar counts={counts} floats={floats} />
          <Composer time={player.state.time} />
        </div>
        <p className="offscreen" role="status">
          {news && words.news(news.author?.name ?? words.nobody)}
        </p>
      </div>
      {hosts.marks && createPortal(<TimeMarks said={said} bar={hosts.marks} />, hosts.marks)}
      {hosts.over &&
        createPortal(
          <>
            <Sketch
              video={video}
              strokes={chosen?.drawing?.strokes ?? []}
              time={chosen?.time ?? null}
              label={words.drawing}
            />
            <Floating video={video} floats={floats} reactions={reactions} />
          </>,
          hosts.over,
        )}
    </InRoom>
  );
}
