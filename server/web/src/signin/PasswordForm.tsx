import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { messages } from "../messages";
import { login, type Pass } from "../session/auth";
import { Problem } from "./Problem";
import { valueOf } from "./valueOf";
import { inWords } from "./problems";

interface Props {
  /** Why it is asked again. */
  problem: string | null;
  onIn: (pass: Pass) => void;
  onCode: (mfaToken: string) => void;
}

const words = messages.signIn;

export function PasswordForm({ problem: before, onIn, onCode }: Props) {
  const [problem, setProblem] = useState(before);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem !== null) password.current?.select();
  }, [problem]);

  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setProblem(null);
    const answer = await login(valueOf(form, "email"), valueOf(form, "password"));
    setBusy(false);
    if (answer.kind === "in") onIn(answer.pass);
    else if (answer.kind === "code") onCode(answer.mfaToken);
    else setProblem(inWords(answer));
  };
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <label>
        {words.email}
        <input name="email" type="email" autoComplete="username" required maxLength={254} autoFocus />
      </label>
      <label>
        {words.password}
        <input
          ref={password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1024}
        />
      </label>
      <Problem text={problem} />
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? words.busy : words.go}
      </button>
    </form>
  );
}
