import { useEffect, useState } from "react";
import { messages } from "../messages";
import { choose, preferences, type Mail, type Preferences, type PreferencesChange } from "./api";

const words = messages.notifications.choices;
const MAILS: readonly Mail[] = ["at_once", "daily", "off"];
/** What quiet hours begin as. */
const NIGHT = { quietFrom: "22:00", quietUntil: "07:00" };

/** Each choice is kept as soon as it is made. */
export function PreferencesForm() {
  const [chosen, setChosen] = useState<Preferences | null>(null);
  const [failed, setFailed] = useState(false);
  const show = (next: Preferences) => {
    setChosen(next);
    setFailed(false);
  };
  useEffect(() => {
    preferences().then(show, () => setFailed(true));
  }, []);
  const set = (change: PreferencesChange) => void choose(change).then(show, () => setFailed(true));

  return (
    <section aria-labelledby="choices-title" className="choices">
      <h2 id="choices-title">{words.title}</h2>
      {failed && <p role="alert">{messages.notifications.unreachable}</p>}
      {chosen && (
        <>
          <Kinds chosen={chosen} onChange={set} />
          <Hours chosen={chosen} onChange={set} />
        </>
      )}
    </section>
  );
}

interface Props {
  chosen: Preferences;
  onChange: (change: PreferencesChange) => void;
}

function Kinds({ chosen, onChange }: Props) {
  return (
    <>
      {!chosen.emailAvailable && <p className="choices-note">{words.noMail}</p>}
      <div className="choices-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.inApp}</th>
              <th scope="col">{words.mail}</th>
              <th scope="col">{words.slack}</th>
            </tr>
          </thead>
          <tbody>
            {chosen.data.map(({ kind, description, inApp, email, slack }) => {
              const name = words.kinds[kind] ?? description;
              const set = (change: { inApp?: boolean; email?: Mail; slack?: boolean }) =>
                onChange({ kinds: { [kind]: change } });
              return (
                <tr key={kind}>
                  <th scope="row">{name}</th>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`${name}: ${words.inApp}`}
                      checked={inApp}
                      onChange={() => set({ inApp: !inApp })}
                    />
                  </td>
                  <td>
                    <select
                      aria-label={`${name}: ${words.mail}`}
                      value={email}
                      disabled={!chosen.emailAvailable}
                      onChange={(event) => set({ email: event.target.value as Mail })}
                    >
                      {MAILS.map((one) => (
                        <option key={one} value={one}>
                          {words.mails[one]}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`${name}: ${words.slack}`}
                      checked={slack}
                      onChange={() => set({ slack: !slack })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Hours({ chosen, onChange }: Props) {
  const { digestHour, quietFrom, quietUntil } = chosen;
  const quiet = quietFrom !== null && quietUntil !== null;
  const until = (change: Partial<typeof NIGHT>) =>
    onChange({ quietFrom: minutes(quietFrom), quietUntil: minutes(quietUntil), ...change });
  return (
    <div className="choices-hours">
      <label>
        {words.digestHour}
        <select value={digestHour} onChange={(event) => onChange({ digestHour: Number(event.target.value) })}>
          {Array.from({ length: 24 }, (_, hour) => (
            <option key={hour} value={hour}>
              {`${hour}:00`}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={quiet}
          onChange={() => onChange(quiet ? { quietFrom: null, quietUntil: null } : NIGHT)}
        />
        {words.quiet}
      </label>
      {quiet && (
        <>
          <Clock label={words.from} value={quietFrom} onClock={(quietFrom) => until({ quietFrom })} />
          <Clock label={words.until} value={quietUntil} onClock={(quietUntil) => until({ quietUntil })} />
        </>
      )}
      <p className="choices-note">{words.zone(chosen.timeZone)}</p>
    </div>
  );
}

function Clock({
  label,
  value,
  onClock,
}: {
  label: string;
  value: string;
  onClock: (value: string) => void;
}) {
  return (
    <label>
      {label}
      <input
        type="time"
        value={minutes(value) ?? ""}
        onChange={({ target }) => target.value && onClock(target.value)}
      />
    </label>
  );
}

/** `22:00` of `22:00:00`. */
function minutes(clock: string | null): string | null {
  return clock?.slice(0, 5) ?? null;
}
