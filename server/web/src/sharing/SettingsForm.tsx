import { useState, type SubmitEvent } from "react";
import { words } from "../messages/sharing";
import { Choice } from "./Choice";
import { localTime, type Chosen } from "./form";

interface Props {
  before: Chosen;
  busy: boolean;
  onSave: (chosen: Chosen) => void;
  onChange: () => void;
}

/** A part of the form: what is chosen, and how to choose otherwise. */
interface Part {
  chosen: Chosen;
  choose: (part: Partial<Chosen>) => void;
}

const KINDS = ["public", "workspace", "private"] as const;
const WEEK_MS = 7 * 86_400_000;
const SHORTEST_PASSWORD = 8;

export function SettingsForm({ before, busy, onSave, onChange }: Props) {
  const [chosen, setChosen] = useState(before);
  const choose = (part: Partial<Chosen>) => {
    setChosen({ ...chosen, ...part });
    onChange();
  };
  const part = { chosen, choose };
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        onSave(chosen);
      }}
    >
      <fieldset>
        <legend>{words.who}</legend>
        {KINDS.map((kind) => (
          <Choice
            key={kind}
            kind="radio"
            label={words.kinds[kind]}
            hint={words.kindHints[kind]}
            checked={chosen.visibility === kind}
            onChange={() => choose({ visibility: kind })}
          />
        ))}
      </fieldset>
      {chosen.visibility === "public" && <Password {...part} known={before.asksPassword} />}
      {chosen.visibility !== "private" && (
        <>
          <End {...part} />
          <Choice
            label={words.download}
            hint={words.downloadHint}
            checked={chosen.allowDownload}
            onChange={(on) => choose({ allowDownload: on })}
          />
          <Choice
            label={words.comments}
            checked={chosen.allowComments}
            onChange={(on) => choose({ allowComments: on })}
          />
        </>
      )}
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? words.saving : words.save}
      </button>
    </form>
  );
}

function Password({ chosen, choose, known }: Part & { known: boolean }) {
  return (
    <Choice
      label={words.password}
      hint={words.passwordHint}
      checked={chosen.asksPassword}
      onChange={(on) => choose({ asksPassword: on, password: "" })}
    >
      <label className="sharing-more">
        {known ? words.anotherPassword : words.newPassword}
        <input
          name="password"
          type="text"
          autoComplete="off"
          spellCheck={false}
          minLength={SHORTEST_PASSWORD}
          maxLength={200}
          required={!known}
          placeholder={known ? words.passwordStays : undefined}
          value={chosen.password}
          onChange={(event) => choose({ password: event.target.value })}
        />
      </label>
    </Choice>
  );
}

function End({ chosen, choose }: Part) {
  const inAWeek = () => localTime(new Date(Date.now() + WEEK_MS));
  return (
    <Choice
      label={words.ends}
      hint={words.endsHint}
      checked={chosen.ends}
      onChange={(on) => choose({ ends: on, endsAt: chosen.endsAt || inAWeek() })}
    >
      <label className="sharing-more">
        {words.endsAt}
        <input
          name="endsAt"
          type="datetime-local"
          required
          value={chosen.endsAt}
          onChange={(event) => choose({ endsAt: event.target.value })}
        />
      </label>
    </Choice>
  );
}
