import { useState } from "react";
import { number } from "../messages";
import { words as all } from "../messages/admin";
import type { WorkspaceUsage } from "../api/schema";
import { Quotas } from "../billing/Quotas";
import { Problem } from "../signin/Problem";
import { send } from "./api";
import { Choice, Filters, TextFilter } from "./Fields";
import { bytes } from "./format";
import { ListTable, Table } from "./Table";
import { useActs } from "./useActs";
import { useAnswer } from "./useAnswer";
import { usePages } from "./usePages";

const words = all.workspaces;

interface Workspace {
  id: string;
  name: string;
  kind: string;
  members: number;
  owners: string[];
  recordings: number;
  bytes: number;
}

interface Details extends Workspace {
  people: { userId: string; email: string; username: string; role: string }[];
}

export function WorkspacesTab() {
  const [q, setQ] = useState("");
  const [kind, setKind] = useState("team");
  const [orphaned, setOrphaned] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const pages = usePages<Workspace>("/workspaces", { q, kind, orphaned });
  return (
    <div className="admin-part">
      <Filters onRefresh={pages.again}>
        <TextFilter label={words.find} onChange={setQ} />
        <Choice label={words.kind} value={kind} options={words.kinds} onChange={setKind} />
        <label className="admin-check">
          <input type="checkbox" checked={orphaned} onChange={(event) => setOrphaned(event.target.checked)} />
          {words.orphaned}
        </label>
      </Filters>
      {open !== null && <Inside key={open} id={open} onChange={pages.again} onClose={() => setOpen(null)} />}
      <ListTable
        caption={all.tabs.workspaces}
        pages={pages}
        keyOf={(one) => one.id}
        columns={[
          {
            name: words.name,
            cell: (one) => (
              <button
                type="button"
                className="admin-link"
                aria-label={words.more(one.name)}
                onClick={() => setOpen(one.id)}
              >
                {one.name}
              </button>
            ),
          },
          { name: words.kind, cell: (one) => words.kinds[one.kind] ?? one.kind },
          { name: words.owners, cell: (one) => one.owners.join(", ") || words.nobody },
          { name: words.members, cell: (one) => one.members, numeric: true },
          { name: all.people.recordings, cell: (one) => number(one.recordings), numeric: true },
          { name: all.people.space, cell: (one) => bytes(one.bytes), numeric: true },
        ]}
      />
    </div>
  );
}

function Inside({ id, onChange, onClose }: { id: string; onChange: () => void; onClose: () => void }) {
  const { data, problem, again } = useAnswer<Details>(`/workspaces/${id}`);
  const usage = useAnswer<WorkspaceUsage>(`/workspaces/${id}/usage`);
  const { busy, act, view } = useActs(() => {
    again();
    onChange();
  });
  const give = (userId: string) => async () => {
    await send("POST", `/workspaces/${id}/transfer`, { userId });
    return undefined;
  };
  const remove = async () => {
    await send("DELETE", `/workspaces/${id}?erase=true`);
    onClose();
    return undefined;
  };
  const giving = (one: Details["people"][number]) => (
    <button
      type="button"
      className="button"
      disabled={busy}
      onClick={() => act(give(one.userId), words.transferAsk(one.username, data?.name ?? ""))}
    >
      {words.transfer}
    </button>
  );
  const orphaned = data?.kind === "team" && data.owners.length === 0;
  return (
    <section className="admin-box" aria-label={data?.name ?? all.loading}>
      <Problem text={problem} />
      {view}
      {data && (
        <>
          <h2>{data.name}</h2>
          <Problem text={usage.problem} />
          {usage.data && (
            <section className="admin-usage" aria-label={words.usage}>
              <p>{words.plan(usage.data.plan)}</p>
              <Quotas usage={usage.data} />
            </section>
          )}
          <Table
            caption={words.members}
            rows={data.people}
            keyOf={(one) => one.userId}
            columns={[
              { name: all.people.person, cell: (one) => one.username },
              { name: all.people.email, cell: (one) => one.email },
              { name: all.people.role, cell: (one) => one.role },
              ...(orphaned ? [{ name: all.actions, cell: giving }] : []),
            ]}
          />
        </>
      )}
      <div className="admin-row">
        {data?.kind === "team" && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => act(remove, words.removeAsk(data.name, data.recordings))}
          >
            {words.remove}
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          {all.close}
        </button>
      </div>
    </section>
  );
}
