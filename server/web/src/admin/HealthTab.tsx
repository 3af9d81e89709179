import { useState } from "react";
import { number } from "../messages";
import { words as all } from "../messages/admin";
import { Problem } from "../signin/Problem";
import { send } from "./api";
import { Filters } from "./Fields";
import { bytes, minutesSince, moment } from "./format";
import { Table } from "./Table";
import { useActs } from "./useActs";
import { useAnswer } from "./useAnswer";

const words = all.health;

interface Finding {
  what: string;
  ok: boolean;
  detail: string;
  hint: string;
}

export interface Usage {
  area: string;
  files: number;
  bytes: number;
}

interface Health {
  standing: string;
  reasons: { standing: string; what: string; detail: string; hint: string }[];
  version: string;
  startedAt: string;
  database: { kind: string; sizeBytes: number | null; migration: string | null };
  disk: { freeBytes: number; totalBytes: number; areas: Usage[] };
  lanes: { lane: string; queued: number; processing: number; oldest: string | null; workers: number }[];
  workers: { name: string; jobs: number }[];
  queues: { name: string; waiting: number; oldest: string | null; dead: number }[];
  rateLimits: { countedIn: string; reachable: boolean };
  encoders: { chosen: Record<string, string>; rejected: Record<string, string> };
  speech: Finding;
  errors: { at: string; event: string; detail: string }[];
}

export function HealthTab() {
  const { data, problem, again } = useAnswer<Health>("/health");
  return (
    <div className="admin-part">
      <Filters onRefresh={again} />
      <Problem text={problem} />
      {data ? <Report health={data} /> : problem === null && <p className="admin-none">{all.loading}</p>}
    </div>
  );
}

function Report({ health }: { health: Health }) {
  return (
    <>
      <Verdict health={health} />
      <Facts health={health} />
      <Examination />
      <h2>{words.lanes}</h2>
      <Table
        caption={words.lanes}
        rows={health.lanes}
        keyOf={(one) => one.lane}
        columns={[
          { name: words.lane, cell: (one) => one.lane },
          { name: words.queued, cell: (one) => one.queued, numeric: true },
          { name: words.processing, cell: (one) => one.processing, numeric: true },
          { name: words.oldest, cell: (one) => since(one.oldest), numeric: true },
          { name: words.workers, cell: (one) => one.workers, numeric: true },
        ]}
      />
      <h2>{words.queues}</h2>
      <Table
        caption={words.queues}
        rows={health.queues}
        keyOf={(one) => one.name}
        columns={[
          { name: words.queue, cell: (one) => one.name },
          { name: words.queued, cell: (one) => one.waiting, numeric: true },
          { name: words.oldest, cell: (one) => since(one.oldest), numeric: true },
          { name: words.dead, cell: (one) => one.dead, numeric: true },
        ]}
      />
      <h2>{words.areas}</h2>
      <Areas areas={health.disk.areas} />
      <h2>{words.errors}</h2>
      {health.errors.length === 0 ? (
        <p className="admin-none">{words.noErrors}</p>
      ) : (
        <Table
          caption={words.errors}
          rows={health.errors}
          keyOf={(one) => one.at + one.event}
          columns={[
            { name: words.at, cell: (one) => moment(one.at), whole: true },
            { name: words.what, cell: (one) => one.event },
            { name: words.details, cell: (one) => <code>{one.detail}</code> },
          ]}
        />
      )}
    </>
  );
}

function Verdict({ health }: { health: Health }) {
  return (
    <div className="admin-verdict" data-standing={health.standing}>
      <h2>{words.standing[health.standing] ?? health.standing}</h2>
      {health.reasons.length > 0 && (
        <ul>
          {health.reasons.map((one) => (
            <li key={one.what + one.detail}>
              <strong>{one.what}:</strong> {one.detail}. {one.hint}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Facts({ health }: { health: Health }) {
  const { database, disk, rateLimits, encoders, speech, workers } = health;
  const chosen = Object.entries(encoders.chosen).map(([codec, name]) => `${codec}: ${name}`);
  const rejected = Object.entries(encoders.rejected).map(([name, reason]) => `${name}: ${reason}`);
  const limits = rateLimits.reachable
    ? rateLimits.countedIn
    : `${rateLimits.countedIn}, ${words.unreachable}`;
  const facts: [string, string][] = [
    [words.version, health.version],
    [words.uptime, moment(health.startedAt)],
    [words.database, words.databaseIs(database.kind, bytes(database.sizeBytes), database.migration ?? "?")],
    [words.disk, words.free(bytes(disk.freeBytes), bytes(disk.totalBytes))],
    [words.workers, workers.map((one) => words.holds(one.name, one.jobs)).join(", ") || words.nobody],
    [words.limits, limits],
    [words.encoders, [chosen.join(", ") || words.notAsked, ...rejected].join("; ")],
    [words.speech, speech.hint ? `${speech.detail} ${speech.hint}` : speech.detail],
  ];
  return (
    <dl className="admin-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Examination() {
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const { busy, act, view } = useActs(() => undefined);
  const examine = async () => {
    setFindings((await send<{ findings: Finding[] }>("POST", "/health/examination")).findings);
    return "";
  };
  return (
    <div>
      <button type="button" className="button" disabled={busy} onClick={() => act(examine)}>
        {busy ? words.examining : words.examine}
      </button>
      {view}
      {findings && (
        <ul className="admin-findings" aria-label={words.examined}>
          {findings.map((one) => (
            <li key={one.what} data-bad={!one.ok || undefined}>
              <strong>{one.what}:</strong> {one.detail} {one.hint}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Areas({ areas }: { areas: Usage[] }) {
  return (
    <Table
      caption={words.areas}
      rows={areas.filter((one) => one.files > 0)}
      keyOf={(one) => one.area}
      columns={[
        { name: words.area, cell: (one) => one.area },
        { name: words.files, cell: (one) => number(one.files), numeric: true },
        { name: words.size, cell: (one) => bytes(one.bytes), numeric: true },
      ]}
    />
  );
}

function since(iso: string | null): string {
  return iso === null ? "" : all.ago(minutesSince(iso));
}
