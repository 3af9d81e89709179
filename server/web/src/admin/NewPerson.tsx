import { useState, type SubmitEvent } from "react";
import { words as all } from "../messages/admin";
import { send } from "./api";
import { Choice } from "./Fields";
import type { Account } from "./Person";
import { useActs } from "./useActs";

const words = all.people;

/** Makes an account, whose person gets a link to choose a password. */
export function NewPerson({ onMade }: { onMade: () => void }) {
  const [open, setOpen] = useState(false);
  const [role, setRole] = useState("member");
  const { busy, act, view } = useActs(onMade);
  const make = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const text = (name: string) => {
      const value = said.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    act(async () => {
      const made = await send<Account>("POST", "/users", {
        email: text("email"),
        username: text("username") || null,
        role,
      });
      form.reset();
      return words.added(made.email);
    });
  };
  return (
    <details className="admin-new" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.add}</summary>
      <form className="admin-filters" onSubmit={make}>
        <label className="admin-field">
          <span>{words.email}</span>
          <input name="email" type="email" required autoComplete="off" />
        </label>
        <label className="admin-field">
          <span>{words.name}</span>
          <input name="username" autoComplete="off" maxLength={64} />
        </label>
        <Choice label={words.role} value={role} options={words.roles} onChange={setRole} any={false} />
        <button type="submit" className="button button-main" disabled={busy}>
          {words.add}
        </button>
      </form>
      <p className="admin-none">{words.addText}</p>
      {view}
    </details>
  );
}
