/** A link's password, tried: `POST /api/v1/shares/{slug}/unlock`. */

import { call } from "./client";
import { proof } from "./proof";

export type Unlocked =
  | { kind: "open" }
  /** The link asks for something else by now: ask it anew. */
  | { kind: "changed" }
  | { kind: "wrong" }
  | { kind: "wait"; seconds: number }
  /** The network or the server is away. */
  | { kind: "unreachable" };

const ANSWER_TIMEOUT_MS = 15_000;

export async function unlock(slug: string, password: string): Promise<Unlocked> {
  const send = (path: string, init: RequestInit) =>
    fetch(new URL(path, location.origin), { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  try {
    const answer = await call(send, "POST /api/v1/shares/{slug}/unlock", {
      path: { slug },
      body: { password },
    });
    if (answer.ok) {
      proof.keep(answer.value.token);
      return { kind: "open" };
    }
    if (answer.status === 429)
      return { kind: "wait", seconds: Number(answer.headers.get("Retry-After") ?? 60) };
    if (answer.refusal?.code === "share_password_wrong" || answer.status === 400) return { kind: "wrong" };
    return answer.status >= 500 ? { kind: "unreachable" } : { kind: "changed" };
  } catch {
    return { kind: "unreachable" };
  }
}
