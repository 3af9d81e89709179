import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { unlock, type Unlocked } from "../api/unlock";
import { messages } from "../messages";
import { Problem } from "../signin/Problem";
import { valueOf } from "../signin/valueOf";
import { Mark } from "../ui/Mark";

const words = messages.locked;

/** A link that asks for a password, and tells nothing else. */
export function Locked({ slug, onUnlocked }: { slug: string; onUnlocked: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem !== null) password.current?.select();
  }, [problem]);

  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setProblem(null);
    const answer = await unlock(slug, valueOf(form, "password"));
    setBusy(false);
    if (answer.kind === "open" || answer.kind === "changed") onUnlocked();
    else setProblem(inWords(answer));
  };
  return (
    <form
      className="message locked"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <Mark />
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <label>
        {words.password}
        <input
          ref={password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
        />
      </label>
      <Problem text={problem} />
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? words.busy : words.go}
      </button>
    </form>
  );
}

function inWords(answer: Exclude<Unlocked, { kind: "open" | "changed" }>): string {
  if (answer.kind === "wait") return words.wait(answer.seconds);
  return answer.kind === "wrong" ? words.wrong : words.unreachable;
}
