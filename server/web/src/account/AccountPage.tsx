import { useEffect, useState, type SubmitEvent } from "react";
import { messages } from "../messages";
import { words } from "../messages/account";
import type { Act } from "../routes";
import { Problem } from "../signin/Problem";
import { valueOf } from "../signin/valueOf";
import { Page } from "../ui/Page";
import { begin, Refused, type Field, type Step, type Values } from "./steps";

const FIELDS: readonly Field[] = ["email", "password", "newPassword", "username", "code"];
const TYPES: Readonly<
  Record<Field, { name: string; type: string; autoComplete: string; maxLength: number }>
> = {
  email: { name: "email", type: "email", autoComplete: "username", maxLength: 254 },
  password: { name: "password", type: "password", autoComplete: "current-password", maxLength: 1024 },
  newPassword: { name: "password", type: "password", autoComplete: "new-password", maxLength: 1024 },
  username: { name: "username", type: "text", autoComplete: "name", maxLength: 100 },
  code: { name: "code", type: "text", autoComplete: "one-time-code", maxLength: 40 },
};

/** `/account/{act}#{key}`: where links in letters lead. */
export function AccountPage({ act }: { act: Act }) {
  const [step, setStep] = useState<Step | string | null>(null);
  const [title, setTitle] = useState(act === "invitation" ? words.invitation.title : "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const show = (next: Step | string) => {
    setStep(next);
    setProblem(null);
    if (typeof next !== "string") setTitle(next.title);
  };
  useEffect(() => {
    begin(act, location.hash.slice(1)).then(show, (reason: unknown) => setProblem(sentenceOf(reason)));
  }, [act]);
  useEffect(() => {
    if (title) document.title = messages.pageTitle(title);
  }, [title]);

  const submit = async (asked: Step, form: HTMLFormElement) => {
    setBusy(true);
    setProblem(null);
    const values = Object.fromEntries(FIELDS.map((name) => [name, valueOf(form, TYPES[name].name)]));
    await asked.act(values as Values).then(show, (reason: unknown) => setProblem(sentenceOf(reason)));
    setBusy(false);
  };
  return (
    <Page narrow header="bare">
      <div className="sign-in">
        <h1>{title}</h1>
        {step === null && problem === null && <p>{words.busy}</p>}
        {typeof step === "string" ? (
          <Done text={step} />
        ) : (
          step && <Form step={step} busy={busy} onSubmit={submit} onOther={show} />
        )}
        <Problem text={problem} />
      </div>
    </Page>
  );
}

interface FormProps {
  step: Step;
  busy: boolean;
  onSubmit: (step: Step, form: HTMLFormElement) => Promise<void>;
  onOther: (step: Step) => void;
}

function Form({ step, busy, onSubmit, onOther }: FormProps) {
  const { other } = step;
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void onSubmit(step, event.currentTarget);
      }}
    >
      {step.text && <p>{step.text}</p>}
      {step.fields.map((name) => (
        <label key={name}>
          {words[name]}
          <input required {...TYPES[name]} />
        </label>
      ))}
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? words.busy : step.go}
      </button>
      {other && (
        <button type="button" className="button" disabled={busy} onClick={() => onOther(other.step)}>
          {other.go}
        </button>
      )}
    </form>
  );
}

function Done({ text }: { text: string }) {
  return (
    <>
      <p role="status">{text}</p>
      <a className="button" href="/signin">
        {words.signIn}
      </a>
    </>
  );
}

function sentenceOf(reason: unknown): string {
  return reason instanceof Refused ? reason.message : words.failed;
}
