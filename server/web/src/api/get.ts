/** One question to the server, whose answer is JSON. */

import { session } from "../session/session";
import { signedFetch } from "../session/signedFetch";
import { proof } from "./proof";

export type Answer<T> =
  | { kind: "found"; value: T }
  /** Not there, or not for whoever asks: the server does not say which. */
  | { kind: "missing" }
  /** The link asks for a password. */
  | { kind: "locked" }
  /** The link is for members of a workspace, and nobody is signed in. */
  | { kind: "membersOnly" }
  /** The network or the server is away: worth asking again. */
  | { kind: "unreachable" };

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * As whoever is known to be signed in: the picture does not wait until that is found out.
 * `no-cache` lets the browser ask whether what it keeps is still right; `no-store` keeps nothing.
 */
export async function getJson(
  path: string,
  signal: AbortSignal,
  cache: "no-store" | "no-cache" = "no-store",
): Promise<Answer<unknown>> {
  try {
    const ask = session.read().state === "in" ? signedFetch : fetch;
    const response = await ask(new URL(path, location.origin), {
      headers: { Accept: "application/json", ...proof.header() },
      cache,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.status === 404 || response.status === 410) return { kind: "missing" };
    if (response.status === 401) return { kind: WANTED[await codeOf(response)] ?? "unreachable" };
    if (!response.ok) return { kind: "unreachable" };
    return { kind: "found", value: (await response.json()) as unknown };
  } catch {
    signal.throwIfAborted();
    return { kind: "unreachable" };
  }
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code?: string }).code ?? "";
}

const WANTED: Readonly<Record<string, "locked" | "membersOnly">> = {
  share_password_needed: "locked",
  share_sign_in_needed: "membersOnly",
};

/** Where the server keeps what belongs to a share. */
export function sharePath(slug: string, part = ""): string {
  return `/api/v1/shares/${encodeURIComponent(slug)}${part}`;
}
