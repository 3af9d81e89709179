import { useState, type SubmitEvent } from "react";
import { messages } from "../messages";
import { loginWithCode, type Pass } from "../session/auth";
import { Problem } from "./Problem";
import { valueOf } from "./valueOf";
import { inWords } from "./problems";

interface Props {
  mfaToken: string;
  onIn: (pass: Pass) => void;
  /** It took too long: the password is asked once more, with the reason. */
  onOver: (why: string) => void;
}

const words = messages.signIn;

export function CodeForm({ mfaToken, onIn, onOver }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (form: HTMLFormElement) => {
    const code = valueOf(form, "code").trim();
    setBusy(true);
    setProblem(null);
    const answer = await loginWithCode(mfaToken, code);
    setBusy(false);
    if (answer.kind === "in") onIn(answer.pass);
    else if (answer.kind === "refused" && answer.code === "token_expired") onOver(words.tookTooLong);
    else if (answer.kind !== "code") setProblem(inWords(answer));
  };
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <p>{words.codeText}</p>
      <label>
        {words.code}
        <input name="code" autoComplete="one-time-code" required minLength={6} maxLength={40} autoFocus />
      </label>
      <Problem text={problem} />
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? words.busy : words.go}
      </button>
    </form>
  );
}
