import { useMemo, useState } from "react";
import { words } from "../messages/comments";
import { useRoom } from "./room";
import { threadsOf } from "./said";
import type { TalkState } from "./talk";
import { ThreadView } from "./ThreadView";
import type { Order } from "./wire";

const ORDERS: readonly Order[] = ["time", "-created"];

/** All threads, in one of two orders. */
export function Threads({ state: { said, order, ready, stale, more } }: { state: TalkState }) {
  const { talk } = useRoom();
  const [hiding, setHiding] = useState(false);
  const threads = useMemo(() => threadsOf(said, order), [said, order]);
  const settled = threads.some((thread) => thread.root.resolved);
  const shown = hiding ? threads.filter((thread) => !thread.root.resolved) : threads;

  return (
    <>
      {(threads.length > 1 || settled) && (
        <div className="talk-tools">
          <div role="group" aria-label={words.order}>
            {ORDERS.map((one) => (
              <button key={one} type="button" aria-pressed={one === order} onClick={() => talk.sort(one)}>
                {words.orders[one]}
              </button>
            ))}
          </div>
          {settled && (
            <label>
              <input type="checkbox" checked={hiding} onChange={(event) => setHiding(event.target.checked)} />
              {words.hideResolved}
            </label>
          )}
        </div>
      )}
      <div className="scroller" data-reading>
        {stale && <p className="panel-note">{words.stale}</p>}
        {!ready && !stale && <p className="panel-note">{words.loading}</p>}
        {ready && threads.length === 0 && <p className="panel-note talk-empty">{words.empty}</p>}
        <ol className="threads" aria-label={words.list}>
          {shown.map((thread) => (
            <ThreadView key={thread.root.id} thread={thread} />
          ))}
        </ol>
        {more && (
          <button type="button" className="button button-quiet" onClick={() => void talk.more()}>
            {words.more}
          </button>
        )}
      </div>
    </>
  );
}
