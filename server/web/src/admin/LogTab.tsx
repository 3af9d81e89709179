import { useState } from "react";
import { words as all } from "../messages/admin";
import { download, withQuery, type Query } from "./api";
import { Filters, TextFilter } from "./Fields";
import { moment } from "./format";
import { ListTable } from "./Table";
import { useActs } from "./useActs";
import { usePages } from "./usePages";

const words = all.log;

interface Entry {
  id: number;
  at: string;
  act: string;
  actorId: string | null;
  actor: string | null;
  userId: string | null;
  user: string | null;
  address: string | null;
  details: Record<string, unknown>;
}

export function LogTab() {
  const [act, setAct] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const query: Query = { act, from: beginOf(from), to: endOf(to) };
  const pages = usePages<Entry>("/audit", query);
  const acts = useActs(() => undefined);
  const take = async () => {
    await download(withQuery("/audit.csv", query), "heddle-audit.csv");
    return undefined;
  };
  return (
    <div className="admin-part">
      <Filters onRefresh={pages.again}>
        <TextFilter label={words.act} onChange={setAct} />
        <TextFilter label={words.from} type="date" onChange={setFrom} />
        <TextFilter label={words.to} type="date" onChange={setTo} />
        <button type="button" className="button" disabled={acts.busy} onClick={() => acts.act(take)}>
          {words.export}
        </button>
      </Filters>
      {acts.view}
      <ListTable
        caption={all.tabs.log}
        pages={pages}
        keyOf={(one) => String(one.id)}
        columns={[
          { name: all.health.at, cell: (one) => moment(one.at), whole: true },
          { name: all.health.what, cell: (one) => one.act },
          { name: words.who, cell: (one) => one.actor ?? one.actorId?.slice(0, 8) ?? words.server },
          { name: words.whom, cell: (one) => one.user ?? one.userId?.slice(0, 8) ?? "" },
          { name: words.address, cell: (one) => one.address ?? "" },
          { name: all.health.details, cell: (one) => <code>{told(one.details)}</code> },
        ]}
      />
    </div>
  );
}

function told(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

/** Days are those of whoever looks. */
function beginOf(day: string): string | null {
  return day ? new Date(`${day}T00:00:00`).toISOString() : null;
}

function endOf(day: string): string | null {
  return day ? new Date(`${day}T23:59:59.999`).toISOString() : null;
}
