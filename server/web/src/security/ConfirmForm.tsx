import type { SubmitEvent } from "react";
import { messages } from "../messages";
import { valueOf } from "../signin/valueOf";
import type { Confirmed } from "./useConfirmed";

const words = messages.security;

/** Asks for the password once more. */
export function ConfirmForm({ confirmed }: { confirmed: Confirmed }) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [password, code] = [
      valueOf(event.currentTarget, "password"),
      valueOf(event.currentTarget, "code").trim(),
    ];
    void confirmed.confirm({ password, ...(code && { code }) });
  };
  return (
    <form className="ways-confirm" onSubmit={submit}>
      <p>{words.again}</p>
      <label>
        {words.password}
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1024}
          autoFocus
        />
      </label>
      <label>
        {words.code}
        <input name="code" autoComplete="one-time-code" minLength={6} maxLength={40} />
      </label>
      <div className="ways-buttons">
        <button type="submit" className="button button-main" disabled={confirmed.busy}>
          {words.goOn}
        </button>
        <button type="button" className="button button-quiet" onClick={confirmed.cancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
