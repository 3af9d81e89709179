import { useState } from "react";
import { messages } from "../messages";
import { beginPasskey, loginWithPasskey } from "../session/auth";
import { useWays } from "../session/askWays";
import { hasPasskeys, showPasskey } from "../session/passkeys";
import type { WayProps } from "./otherWays";
import { Problem } from "./Problem";
import { inWords } from "./problems";

const words = messages.signIn;

/** A passkey, and the providers that the administrator has named; nothing where there are none. */
export function MoreWays({ next, onIn }: WayProps) {
  const ways = useWays();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const passkeys = ways?.passkeys === true && hasPasskeys();
  if (!ways || (!passkeys && ways.providers.length === 0)) return null;

  const enter = async () => {
    const begun = await beginPasskey();
    if (begun.kind !== "begun") return inWords(begun);
    const shown = await showPasskey(begun.options);
    if (shown.kind !== "made") return words.passkeyCancelled;
    const answer = await loginWithPasskey(shown.credential);
    if (answer.kind === "in") onIn(answer.pass);
    return answer.kind === "in" || answer.kind === "code" ? null : inWords(answer);
  };
  const press = async () => {
    setBusy(true);
    setProblem(null);
    setProblem(await enter());
    setBusy(false);
  };
  return (
    <div className="other-ways">
      <p className="other-ways-or">{words.or}</p>
      {passkeys && (
        <button type="button" className="button" disabled={busy} onClick={() => void press()}>
          {words.withPasskey}
        </button>
      )}
      {ways.providers.map((one) => (
        <a key={one.id} className="button" href={`${one.startPath}?next=${encodeURIComponent(local(next))}`}>
          {words.withProvider(one.name)}
        </a>
      ))}
      <Problem text={problem} />
    </div>
  );
}

function local(address: string): string {
  const { pathname, search, hash } = new URL(address, location.origin);
  return pathname + search + hash;
}
