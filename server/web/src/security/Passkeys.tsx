import type { SubmitEvent } from "react";
import { messages } from "../messages";
import { hasPasskeys, makePasskey } from "../session/passkeys";
import { valueOf } from "../signin/valueOf";
import { begin, keep, remove, rename, type Passkey } from "./api";
import { PasskeyRow } from "./PasskeyRow";
import type { Confirmed } from "./useConfirmed";

interface Props {
  /** Whether this server can have any. */
  offered: boolean;
  list: Passkey[];
  confirmed: Confirmed;
  /** Something has changed. */
  onChange: () => void;
}

const words = messages.security;

export function Passkeys({ offered, list, confirmed, onChange }: Props) {
  const run = (act: () => Promise<unknown>) =>
    void confirmed.run(async () => {
      await act();
      onChange();
      return null;
    });
  const add = (name: string) =>
    void confirmed.run(async (given) => {
      const made = await makePasskey(await begin(given));
      if (made.kind !== "made") return words[made.kind];
      await keep(made.credential, name);
      onChange();
      return null;
    });
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">{words.passkeys}</h2>
      <p>{words.passkeysText}</p>
      {list.length === 0 && <p className="ways-none">{words.none}</p>}
      <ul className="ways-list">
        {list.map((one) => (
          <PasskeyRow
            key={one.id}
            passkey={one}
            onRename={(name) => run(() => rename(one.id, name))}
            onRemove={() => run(() => remove(one.id))}
          />
        ))}
      </ul>
      {offered && hasPasskeys() ? (
        <form
          className="ways-name"
          onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
            event.preventDefault();
            add(valueOf(event.currentTarget, "name"));
          }}
        >
          <label>
            {words.name}
            <input name="name" defaultValue={words.newName} required maxLength={100} autoComplete="off" />
          </label>
          <button type="submit" className="button button-main" disabled={confirmed.busy}>
            {confirmed.busy ? words.adding : words.add}
          </button>
        </form>
      ) : (
        <p className="ways-none">{offered ? words.oldBrowser : words.noPasskeys}</p>
      )}
    </section>
  );
}
