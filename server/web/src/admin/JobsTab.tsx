import { useState } from "react";
import { words as all } from "../messages/admin";
import { Problem } from "../signin/Problem";
import { send } from "./api";
import { Choice, Filters, TextFilter } from "./Fields";
import { moment } from "./format";
import { ListTable } from "./Table";
import { useActs, type Acts } from "./useActs";
import { useAnswer } from "./useAnswer";
import { usePages } from "./usePages";

const words = all.jobs;

interface Job {
  id: string;
  recordingId: string;
  step: string;
  lane: string;
  status: string;
  progress: number;
  attempt: number;
  maxAttempts: number;
  error: string | null;
  createdAt: string;
}

interface JobDetails extends Job {
  log: { at: string; kind: string; error: string; said: string }[];
}

export function JobsTab() {
  const [status, setStatus] = useState("");
  const [recordingId, setRecording] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const pages = usePages<Job>("/jobs", { status, recordingId });
  const acts = useActs(pages.again);
  return (
    <div className="admin-part">
      <Filters onRefresh={pages.again}>
        <Choice label={words.status} value={status} options={words.states} onChange={setStatus} />
        <TextFilter label={words.recordingId} onChange={setRecording} />
      </Filters>
      {acts.view}
      {open !== null && <Log id={open} onClose={() => setOpen(null)} />}
      <ListTable
        caption={all.tabs.jobs}
        pages={pages}
        keyOf={(one) => one.id}
        columns={[
          { name: words.step, cell: (one) => one.step },
          { name: words.status, cell: (one) => <State job={one} /> },
          { name: words.tries, cell: (one) => `${one.attempt}/${one.maxAttempts}`, numeric: true },
          { name: words.made, cell: (one) => moment(one.createdAt), whole: true },
          { name: words.recording, cell: (one) => <code>{one.recordingId.slice(0, 8)}</code> },
          { name: words.error, cell: (one) => one.error ?? "" },
          {
            name: all.actions,
            cell: (one) => <Buttons job={one} acts={acts} onOpen={() => setOpen(one.id)} />,
          },
        ]}
      />
    </div>
  );
}

function State({ job }: { job: Job }) {
  const said = words.states[job.status] ?? job.status;
  return (
    <span data-state={job.status}>
      {job.status === "processing" ? `${said}, ${Math.round(job.progress)} %` : said}
    </span>
  );
}

function Buttons({ job, acts, onOpen }: { job: Job; acts: Acts; onOpen: () => void }) {
  const over = job.status === "failed" || job.status === "completed";
  const post = (what: string) => async () => {
    await send("POST", `/jobs/${job.id}/${what}`);
    return undefined;
  };
  return (
    <span className="admin-row">
      {job.status === "failed" && (
        <button type="button" className="button" disabled={acts.busy} onClick={() => acts.act(post("retry"))}>
          {words.retry}
        </button>
      )}
      {!over && (
        <button
          type="button"
          className="button"
          disabled={acts.busy}
          onClick={() => acts.act(post("cancel"), words.giveUpAsk(job.step))}
        >
          {words.giveUp}
        </button>
      )}
      {(job.status === "failed" || job.attempt > 1) && (
        <button type="button" className="button button-quiet" onClick={onOpen}>
          {words.log}
        </button>
      )}
    </span>
  );
}

function Log({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, problem } = useAnswer<JobDetails>(`/jobs/${id}`);
  return (
    <section className="admin-box" aria-label={words.log}>
      <Problem text={problem} />
      {data && (
        <>
          <h2>
            {data.step}: {data.error}
          </h2>
          <p>
            <code>{data.recordingId}</code>
          </p>
          {data.log.length === 0 && <p>{words.noLog}</p>}
          <ol>
            {data.log.map((one) => (
              <li key={one.at}>
                {moment(one.at)}: {one.error} ({one.kind})
                {one.said && (
                  <>
                    <br />
                    {words.said}
                    <pre>{one.said}</pre>
                  </>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      <button type="button" className="button" onClick={onClose}>
        {all.close}
      </button>
    </section>
  );
}
