import { useRef, useState } from "react";
import { createPortal } from "react-dom";
import { words } from "../messages/comments";
import { clock } from "../player/time";
import { Icon } from "../ui/icons";
import { commentOf, drawn, EMPTY, momentOf, timed, typed, untimed, type Draft } from "./draft";
import { NameField } from "./NameField";
import { Once } from "./once";
import { Pad } from "./Pad";
import { useRoom } from "./room";
import { Sign } from "./signs";
import { Sketch } from "./Sketch";
import { TextBox } from "./TextBox";
import { useAct } from "./useAct";
import type { Stroke } from "./wire";

/** Where a new comment is written, at the moment one looks at. `time` is that in whole seconds, to be read. */
export function Composer({ time }: { time: number }) {
  const { talk, video, name, select } = useRoom();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [once] = useState(() => new Once());
  const { busy, problem, act } = useAct();
  const field = useRef<HTMLTextAreaElement>(null);
  const now = () => momentOf(video?.currentTime ?? 0);
  const comment = commentOf(draft);
  const ready = comment !== null && name.trim() !== "" && !busy;

  const send = async () => {
    if (!ready) return;
    const sent = await act(async () => {
      const said = await talk.say(comment, name, once.keyOf([comment, name]));
      select(said.id);
    });
    if (!sent) return;
    once.done();
    setDraft(EMPTY);
  };

  return (
    <form
      className="composer"
      data-filled={draft.text !== "" || draft.strokes.length > 0 || undefined}
      aria-label={words.write}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="composer-row">
        <TextBox
          label={words.write}
          placeholder={words.placeholder}
          value={draft.text}
          field={field}
          onChange={(text) => setDraft(typed(draft, text, now()))}
          onSend={() => void send()}
        />
        <Draw draft={draft} onDraft={setDraft} onDone={() => field.current?.focus()} />
      </div>
      <div className="composer-more">
        <Place draft={draft} onDraft={setDraft} time={time} now={now} />
        <div className="composer-row">
          <NameField />
          <button type="submit" className="button button-main talk-send" disabled={!ready}>
            {words.send}
          </button>
        </div>
      </div>
      <p className="talk-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

interface DrawProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onDone: () => void;
}

/** The way to the pad; what was drawn stands over its frame until it is sent. */
function Draw({ draft, onDraft, onDone }: DrawProps) {
  const { session, video, hosts } = useRoom();
  /** Seconds of the frame that is drawn on. */
  const [frame, setFrame] = useState<number | null>(null);
  const { strokes, time } = draft;
  const known = strokes.length > 0 ? time : null;
  const label = known === null ? words.draw : words.drawAgain;
  const draw = () => {
    video?.pause();
    if (known !== null) session?.seekTo(known);
    setFrame(known ?? momentOf(video?.currentTime ?? 0));
    video?.scrollIntoView({ block: "nearest" });
  };
  const done = (made: readonly Stroke[] | null) => {
    if (made && frame !== null) onDraft(drawn(draft, made, frame));
    setFrame(null);
    onDone();
  };

  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-pressed={frame !== null}
        disabled={!hosts.over || frame !== null}
        onClick={draw}
      >
        <Sign name="pen" />
      </button>
      {frame !== null && <Pad strokes={strokes} time={frame} onDone={done} />}
      {frame === null &&
        hosts.over &&
        createPortal(
          <Sketch video={video} strokes={strokes} time={time} label={words.drawing} />,
          hosts.over,
        )}
    </>
  );
}

interface PlaceProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  time: number;
  now: () => number;
}

/** Which moment it is about, and what is drawn on it. */
function Place({ draft, onDraft, time, now }: PlaceProps) {
  if (draft.text === "" && draft.strokes.length === 0) return null;
  return (
    <div className="composer-place">
      {draft.time !== null ? (
        <span className="chip">
          {words.at(clock(draft.time))}
          <button
            type="button"
            aria-label={words.untime}
            title={words.untime}
            onClick={() => onDraft(untimed(draft))}
          >
            <Icon name="close" />
          </button>
        </span>
      ) : (
        <>
          <span className="chip">{words.everywhere}</span>
          <button type="button" className="talk-link" onClick={() => onDraft(timed(draft, now()))}>
            {words.retime(clock(time))}
          </button>
        </>
      )}
      {draft.strokes.length > 0 && (
        <span className="chip">
          <Sign name="pen" />
          {words.drawing}
          <button
            type="button"
            aria-label={words.undraw}
            title={words.undraw}
            onClick={() => onDraft(drawn(draft, [], 0))}
          >
            <Icon name="close" />
          </button>
        </span>
      )}
    </div>
  );
}
