import { useState } from "react";
import { words } from "../messages/comments";
import { Reply } from "./Reply";
import { useRoom } from "./room";
import type { Thread } from "./said";
import { SaidView } from "./SaidView";

/** A comment with its replies. */
export function ThreadView({ thread: { root, replies } }: { thread: Thread }) {
  const { selected } = useRoom();
  const [replying, setReplying] = useState(false);
  const who = root.author?.name ?? words.nobody;
  return (
    <li
      className="thread"
      data-id={root.id}
      data-resolved={root.resolved || undefined}
      data-selected={root.id === selected || undefined}
      aria-current={root.id === selected ? "true" : undefined}
    >
      <SaidView comment={root} onReply={() => setReplying(true)} />
      {replies.length > 0 && (
        <ol aria-label={words.replies(replies.length)}>
          {replies.map((reply) => (
            <li key={reply.id}>
              <SaidView comment={reply} />
            </li>
          ))}
        </ol>
      )}
      {replying && <Reply parentId={root.id} to={who} onDone={() => setReplying(false)} />}
    </li>
  );
}
