import { useState, type SubmitEvent } from "react";
import { longDate, messages } from "../messages";
import { valueOf } from "../signin/valueOf";
import type { Passkey } from "./api";

interface Props {
  passkey: Passkey;
  onRename: (name: string) => void;
  onRemove: () => void;
}

const words = messages.security;

export function PasskeyRow({ passkey, onRename, onRemove }: Props) {
  const [naming, setNaming] = useState(false);
  const { name, createdAt, lastUsedAt, copiedAt } = passkey;
  if (naming) {
    const submit = (event: SubmitEvent<HTMLFormElement>) => {
      event.preventDefault();
      onRename(valueOf(event.currentTarget, "name"));
      setNaming(false);
    };
    return (
      <li>
        <form className="ways-name" onSubmit={submit}>
          <input name="name" aria-label={words.name} defaultValue={name} required maxLength={100} autoFocus />
          <button type="submit" className="button button-main">
            {words.save}
          </button>
          <button type="button" className="button button-quiet" onClick={() => setNaming(false)}>
            {words.cancel}
          </button>
        </form>
      </li>
    );
  }
  return (
    <li>
      <div className="ways-what">
        <strong>{name}</strong>
        <span className="ways-when">
          {words.made(longDate(createdAt))}, {lastUsedAt ? words.used(longDate(lastUsedAt)) : words.neverUsed}
        </span>
        {copiedAt && <span className="ways-warning">{words.copied}</span>}
      </div>
      <div className="ways-buttons">
        <button
          type="button"
          className="button button-quiet"
          aria-label={words.renameOf(name)}
          onClick={() => setNaming(true)}
        >
          {words.rename}
        </button>
        <button
          type="button"
          className="button button-quiet"
          aria-label={words.removeOf(name)}
          onClick={onRemove}
        >
          {words.remove}
        </button>
      </div>
    </li>
  );
}
