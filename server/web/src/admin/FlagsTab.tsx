import { useState, type SubmitEvent } from "react";
import { words as all } from "../messages/admin";
import { Problem } from "../signin/Problem";
import { send } from "./api";
import { Choice, Filters } from "./Fields";
import { useActs, type Acts } from "./useActs";
import { useAnswer } from "./useAnswer";

const words = all.flags;

interface Said {
  reach: string;
  subjectId: string | null;
  subject: string | null;
  enabled: boolean;
}

interface Flag {
  name: string;
  description: string;
  enabled: boolean;
  reaches: string[];
  said: Said[];
}

export function FlagsTab() {
  const { data, problem, again } = useAnswer<{ data: Flag[] }>("/flags");
  const acts = useActs(again);
  return (
    <div className="admin-part">
      <Filters onRefresh={again} />
      <Problem text={problem} />
      {acts.view}
      {data?.data.map((flag) => (
        <FlagView key={flag.name} flag={flag} acts={acts} />
      ))}
    </div>
  );
}

type Say = (reach: string, subjectId: string | null, enabled: boolean | null) => void;

function FlagView({ flag, acts }: { flag: Flag; acts: Acts }) {
  const say: Say = (reach, subjectId, enabled) =>
    acts.act(async () => {
      await send("PUT", `/flags/${flag.name}`, { reach, subjectId, enabled });
      return undefined;
    });
  const narrower = flag.reaches.filter((reach) => reach !== "server");
  const others = flag.said.filter((one) => one.reach !== "server");
  return (
    <section className="admin-box" aria-labelledby={`flag-${flag.name}`}>
      <h2 id={`flag-${flag.name}`}>{flag.name}</h2>
      <p>{flag.description}</p>
      <label className="admin-check">
        <input
          type="checkbox"
          role="switch"
          checked={flag.enabled}
          disabled={acts.busy}
          onChange={(event) => say("server", null, event.target.checked)}
        />
        {words.forAll}: {flag.enabled ? words.on : words.off}
      </label>
      {others.length > 0 && (
        <ul aria-label={words.said}>
          {others.map((one) => (
            <li key={one.reach + (one.subjectId ?? "")}>
              {words.reaches[one.reach]} {one.subject ?? one.subjectId}: {one.enabled ? words.on : words.off}{" "}
              <button
                type="button"
                className="button button-quiet"
                aria-label={words.takeBackOf(one.subject ?? "")}
                disabled={acts.busy}
                onClick={() => say(one.reach, one.subjectId, null)}
              >
                {words.takeBack}
              </button>
            </li>
          ))}
        </ul>
      )}
      {narrower.length > 0 && <Narrower reaches={narrower} busy={acts.busy} say={say} />}
    </section>
  );
}

/** What is said for one workspace or person. */
function Narrower({ reaches, busy, say }: { reaches: string[]; busy: boolean; say: Say }) {
  const [reach, setReach] = useState(reaches[0] ?? "");
  const [on, setOn] = useState("on");
  const [id, setId] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    say(reach, id.trim(), on === "on");
    setId("");
  };
  const options = Object.fromEntries(reaches.map((one) => [one, words.reaches[one] ?? one]));
  return (
    <form className="admin-filters" onSubmit={submit}>
      <Choice label={words.for} value={reach} options={options} onChange={setReach} any={false} />
      <label className="admin-field">
        <span>{words.id}</span>
        <input value={id} required onChange={(event) => setId(event.target.value)} />
      </label>
      <Choice
        label={words.say}
        value={on}
        options={{ on: words.on, off: words.off }}
        onChange={setOn}
        any={false}
      />
      <button type="submit" className="button" disabled={busy}>
        {words.say}
      </button>
    </form>
  );
}
