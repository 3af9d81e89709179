import { memo, useState } from "react";
import { when, words } from "../messages/comments";
import { press } from "../panel/press";
import { clock } from "../player/time";
import { Change } from "./Change";
import { useRoom } from "./room";
import { Sign } from "./signs";
import { Text } from "./Text";
import { useAct } from "./useAct";
import type { Comment } from "./wire";

interface Props {
  comment: Comment;
  /** For the first of a thread. */
  onReply?: () => void;
}

/** One comment or reply, with what whoever looks may do with it. */
export const SaidView = memo(function SaidView({ comment, onReply }: Props) {
  const [changing, setChanging] = useState(false);
  if (comment.deleted) return <p className="said-gone">{words.deleted}</p>;
  const who = comment.author?.name ?? words.nobody;
  return (
    <article className="said" aria-label={words.actionsFor(who)}>
      <header>
        <strong dir="auto">{who}</strong>
        {comment.author?.guest && <span className="tag">{words.guest}</span>}
        <time dateTime={comment.createdAt}>{when(comment.createdAt)}</time>
        {comment.editedAt !== null && <span>{words.edited}</span>}
        {comment.resolved && <span className="tag tag-resolved">{words.resolved}</span>}
      </header>
      {changing ? (
        <Change comment={comment} onDone={() => setChanging(false)} />
      ) : (
        <>
          <p className="said-text" dir="auto">
            <Place comment={comment} />
            <Text body={comment.body} mentions={comment.mentions} />
          </p>
          <Doings comment={comment} onReply={onReply} onChange={() => setChanging(true)} />
        </>
      )}
    </article>
  );
});

/** Its moment, which leads there. */
function Place({ comment }: { comment: Comment }) {
  const { go } = useRoom();
  const { time, endTime, drawing } = comment;
  if (time === null) return null;
  const label = endTime === null ? clock(time) : words.span(clock(time), clock(endTime));
  return (
    <>
      <button
        type="button"
        className="moment"
        aria-label={(drawing ? words.goToDrawing : words.goTo)(label)}
        onClick={(event) => press(event, () => go(comment))}
      >
        {label}
        {drawing && <Sign name="pen" />}
      </button>{" "}
    </>
  );
}

interface DoingsProps {
  comment: Comment;
  onReply: (() => void) | undefined;
  onChange: () => void;
}

function Doings({ comment, onReply, onChange }: DoingsProps) {
  const { talk, mayTidy } = useRoom();
  const [deleting, setDeleting] = useState(false);
  const { busy, problem, act } = useAct();
  const { mine, resolved, parentId } = comment;
  if (deleting) {
    return (
      <div className="doings" role="group" aria-label={words.reallyDelete}>
        <span>{words.reallyDelete}</span>
        <button
          type="button"
          className="doing-delete"
          autoFocus
          disabled={busy}
          onClick={() => void act(() => talk.remove(comment))}
        >
          {words.delete}
        </button>
        <button type="button" onClick={() => setDeleting(false)}>
          {words.keep}
        </button>
        <Problem text={problem} />
      </div>
    );
  }
  const settle = () => void act(() => talk.settle(comment, !resolved));
  return (
    <div className="doings">
      {onReply && (
        <button type="button" onClick={onReply}>
          {words.reply}
        </button>
      )}
      {(mine || mayTidy) && parentId === null && (
        <button type="button" disabled={busy} onClick={settle}>
          {resolved ? words.reopen : words.resolve}
        </button>
      )}
      {mine && (
        <button type="button" onClick={onChange}>
          {words.edit}
        </button>
      )}
      {(mine || mayTidy) && (
        <button type="button" onClick={() => setDeleting(true)}>
          {words.delete}
        </button>
      )}
      <Problem text={problem} />
    </div>
  );
}

function Problem({ text }: { text: string }) {
  return (
    <span className="talk-problem" role="alert">
      {text}
    </span>
  );
}
