import { words as all } from "../messages/admin";
import { Problem } from "../signin/Problem";
import { send } from "./api";
import { moment } from "./format";
import { useActs } from "./useActs";
import { useAnswer } from "./useAnswer";

const words = all.people;

export interface Account {
  id: string;
  email: string;
  username: string;
  role: string;
  state: string;
  emailVerified: boolean;
  secondFactor: boolean;
  keys: number;
  recordings: number;
  bytes: number;
  lastSeenAt: string | null;
}

interface Details extends Account {
  devices: { id: string; deviceName: string; client: string; lastUsedAt: string }[];
}

interface Props {
  id: string;
  onChange: () => void;
  onClose: () => void;
}

/** One account, and what can be done with it. */
export function Person({ id, onChange, onClose }: Props) {
  const { data, problem, again } = useAnswer<Details>(`/users/${id}`);
  return (
    <section className="admin-box" aria-label={data?.username ?? all.loading}>
      <Problem text={problem} />
      {data && (
        <>
          <h2>
            {data.username} <small>{data.email}</small>
          </h2>
          <Facts person={data} />
          <Buttons
            person={data}
            onDone={() => {
              again();
              onChange();
            }}
          />
        </>
      )}
      <button type="button" className="button" onClick={onClose}>
        {all.close}
      </button>
    </section>
  );
}

function Facts({ person }: { person: Details }) {
  const facts = [
    ...(person.emailVerified ? [words.verified] : []),
    ...(person.secondFactor ? [words.secondFactor] : []),
    ...(person.keys ? [words.keys(person.keys)] : []),
  ];
  return (
    <>
      <p className="admin-none">{facts.join(", ")}</p>
      {person.devices.length > 0 && (
        <>
          <h3>{words.devices}</h3>
          <ul>
            {person.devices.map((one) => (
              <li key={one.id}>
                {one.deviceName || one.client || one.id.slice(0, 8)}: {moment(one.lastUsedAt)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

type Act = [text: string, work: () => Promise<string | undefined>, question?: string];

function Buttons({ person, onDone }: { person: Details; onDone: () => void }) {
  const { busy, act, view } = useActs(onDone);
  return (
    <>
      {view}
      <div className="admin-row" role="group" aria-label={all.actions}>
        {actsFor(person).map(([text, work, question]) => (
          <button
            key={text}
            type="button"
            className="button"
            disabled={busy}
            onClick={() => act(work, question)}
          >
            {text}
          </button>
        ))}
      </div>
    </>
  );
}

/** What can be done with somebody, in the order of how much it undoes. */
function actsFor(person: Details): Act[] {
  const { username: name } = person;
  const to = (method: string, path: string, body?: unknown) => async () => {
    await send(method, `/users/${person.id}${path}`, body);
    return undefined;
  };
  const erase = async () => words.erased((await send<{ id: string }>("DELETE", `/users/${person.id}`)).id);
  const owner = person.role === "owner";
  return [
    [words.sendLink, to("POST", "/password-link")],
    ...(person.devices.length ? ([[words.signOut, to("DELETE", "/sessions")]] as Act[]) : []),
    ...(person.secondFactor
      ? ([[words.removeFactor, to("DELETE", "/mfa"), words.removeFactorAsk(name)]] as Act[])
      : []),
    owner
      ? [words.makeMember, to("PATCH", "", { role: "member" }), words.makeMemberAsk(name)]
      : [words.makeOwner, to("PATCH", "", { role: "owner" }), words.makeOwnerAsk(name)],
    person.state === "active"
      ? [words.disable, to("POST", "/disable"), words.disableAsk(name)]
      : [words.enable, to("POST", "/enable")],
    [words.erase, erase, words.eraseAsk(name)],
  ];
}
