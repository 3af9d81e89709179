import { useState } from "react";
import { words as all } from "../messages/admin";
import { ask, send } from "./api";
import { bytes, moment } from "./format";
import { Table } from "./Table";
import { useActs } from "./useActs";

const words = all.storage;

interface Found {
  data: { key: string; bytes: number; changedAt: string }[];
  bytes: number;
}

/** Files that no row knows: looked for first, deleted only as they were shown. */
export function Orphans() {
  const [found, setFound] = useState<Found | null>(null);
  const { busy, act, view } = useActs(() => undefined);
  const look = async () => {
    const answer = await ask<Found>("/storage/orphans");
    setFound(answer);
    return answer.data.length ? words.found(answer.data.length, bytes(answer.bytes)) : words.noOrphans;
  };
  const remove = async () => {
    const keys = found?.data.map((one) => one.key) ?? [];
    const done = await send<{ removed: number; bytes: number }>("POST", "/storage/orphans/remove", { keys });
    setFound(null);
    return words.removed(done.removed, bytes(done.bytes));
  };
  const count = found?.data.length ?? 0;
  return (
    <section>
      <h2>{words.orphans}</h2>
      <p className="admin-none">{words.orphansText}</p>
      <div className="admin-row">
        <button type="button" className="button" disabled={busy} onClick={() => act(look)}>
          {words.look}
        </button>
        {count > 0 && (
          <button
            type="button"
            className="button button-danger"
            disabled={busy}
            onClick={() => act(remove, words.removeAsk(count, bytes(found?.bytes ?? 0)))}
          >
            {words.remove}
          </button>
        )}
      </div>
      {view}
      {found && count > 0 && (
        <Table
          caption={words.orphans}
          rows={found.data}
          keyOf={(one) => one.key}
          columns={[
            { name: all.dead.what, cell: (one) => <code>{one.key}</code> },
            { name: words.changed, cell: (one) => moment(one.changedAt), whole: true },
            { name: all.health.size, cell: (one) => bytes(one.bytes), numeric: true },
          ]}
        />
      )}
    </section>
  );
}
