import { useState } from "react";
import { number } from "../messages";
import { words as all } from "../messages/admin";
import { locale } from "../messages/choice";
import { Problem } from "../signin/Problem";
import { Choice, Filters } from "./Fields";
import { bytes, moment } from "./format";
import { Areas, type Usage } from "./HealthTab";
import { Orphans } from "./Orphans";
import { ListTable } from "./Table";
import { useAnswer } from "./useAnswer";
import { usePages } from "./usePages";

const words = all.storage;

interface Storage {
  disk: { freeBytes: number; totalBytes: number; areas: Usage[] };
  recordings: { recordings: number; bytes: number; seconds: number };
  trash: { recordings: number; bytes: number; nextErasedAt: string | null };
  trashDays: number;
  retention: { workspaceId: string; name: string; days: number }[];
}

interface Holder {
  id: string;
  name: string;
  recordings: number;
  bytes: number;
}

interface Large {
  id: string;
  title: string;
  bytes: number;
  createdAt: string;
  deletedAt: string | null;
}

export function StorageTab() {
  const { data, problem, again } = useAnswer<Storage>("/storage");
  const [by, setBy] = useState("person");
  const holders = usePages<Holder>(`/storage/shares/${by}`, {}, 10);
  const largest = usePages<Large>("/storage/largest", {}, 10);
  return (
    <div className="admin-part">
      <Filters
        onRefresh={() => {
          again();
          holders.again();
          largest.again();
        }}
      />
      <Problem text={problem} />
      {data ? <Overview storage={data} /> : problem === null && <p className="admin-none">{all.loading}</p>}
      <div className="admin-filters">
        <Choice
          label={words.by}
          value={by}
          options={{ person: words.person, workspace: words.workspace }}
          onChange={setBy}
          any={false}
        />
      </div>
      <ListTable
        caption={words.by}
        pages={holders}
        keyOf={(one) => one.id}
        columns={[
          { name: by === "person" ? words.person : words.workspace, cell: (one) => one.name || one.id },
          { name: words.recordings, cell: (one) => number(one.recordings), numeric: true },
          { name: all.health.size, cell: (one) => bytes(one.bytes), numeric: true },
        ]}
      />
      <h2>{words.largest}</h2>
      <ListTable
        caption={words.largest}
        pages={largest}
        keyOf={(one) => one.id}
        columns={[
          { name: words.recording, cell: (one) => one.title || <code>{one.id}</code> },
          { name: all.jobs.made, cell: (one) => moment(one.createdAt), whole: true },
          { name: words.trash, cell: (one) => (one.deletedAt ? words.inTrash : "") },
          { name: all.health.size, cell: (one) => bytes(one.bytes), numeric: true },
        ]}
      />
      <Orphans />
    </div>
  );
}

function Overview({ storage }: { storage: Storage }) {
  const { disk, recordings, trash } = storage;
  const hours = (recordings.seconds / 3600).toLocaleString(locale, { maximumFractionDigits: 1 });
  const next = trash.nextErasedAt ? `, ${words.nextErased(moment(trash.nextErasedAt))}` : "";
  const facts: [string, string][] = [
    [all.health.disk, all.health.free(bytes(disk.freeBytes), bytes(disk.totalBytes))],
    [words.recordings, words.total(recordings.recordings, bytes(recordings.bytes), hours)],
    [words.trash, words.trashIs(trash.recordings, bytes(trash.bytes), storage.trashDays) + next],
    [words.retention, storage.retention.map((one) => words.keeps(one.name, one.days)).join(", ") || all.none],
  ];
  return (
    <>
      <dl className="admin-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Areas areas={disk.areas} />
    </>
  );
}
