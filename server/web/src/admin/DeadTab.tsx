import { useState } from "react";
import { words as all } from "../messages/admin";
import { send } from "./api";
import { Choice, Filters } from "./Fields";
import { moment } from "./format";
import { ListTable } from "./Table";
import { useActs } from "./useActs";
import { usePages } from "./usePages";

const words = all.dead;

interface Letter {
  id: string;
  what: string;
  about: string;
  error: string;
  attempts: number;
  failedAt: string | null;
}

interface Retried {
  retried: number;
  refused: number;
  left: number;
}

export function DeadTab() {
  const [kind, setKind] = useState("jobs");
  const pages = usePages<Letter>(`/dead-letters/${kind}`, {});
  const { busy, act, view } = useActs(pages.again);
  const one = (id: string) => async () => {
    await send("POST", `/dead-letters/${kind}/${id}/retry`);
    return undefined;
  };
  const every = async () => {
    const done = await send<Retried>("POST", `/dead-letters/${kind}/retry`);
    return words.retried(done.retried, done.refused, done.left);
  };
  const retry = (letter: Letter) => (
    <button type="button" className="button" disabled={busy} onClick={() => act(one(letter.id))}>
      {all.jobs.retry}
    </button>
  );
  return (
    <div className="admin-part">
      <Filters onRefresh={pages.again}>
        <Choice label={words.kind} value={kind} options={words.kinds} onChange={setKind} any={false} />
        {kind !== "mail" && (
          <button
            type="button"
            className="button"
            disabled={busy || !pages.data?.data.length}
            onClick={() => act(every)}
          >
            {words.retryAll}
          </button>
        )}
      </Filters>
      {kind === "mail" && <p className="admin-none">{words.mail}</p>}
      {view}
      <ListTable
        caption={all.tabs.dead}
        pages={pages}
        keyOf={(letter) => letter.id}
        columns={[
          { name: words.what, cell: (letter) => letter.what },
          { name: words.about, cell: (letter) => <code>{letter.about}</code> },
          { name: all.jobs.error, cell: (letter) => letter.error },
          { name: all.jobs.tries, cell: (letter) => letter.attempts, numeric: true },
          { name: words.when, cell: (letter) => moment(letter.failedAt), whole: true },
          ...(kind === "mail" ? [] : [{ name: all.actions, cell: retry }]),
        ]}
      />
    </div>
  );
}
