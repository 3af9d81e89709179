/** One question to the server, whose answer is JSON. */

import { session } from "../session/session";
import { signedFetch } from "../session/signedFetch";

export type Answer<T> =
  | { kind: "found"; value: T }
  /** Not there, or not for whoever asks: the server does not say which. */
  | { kind: "missing" }
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
      headers: { Accept: "application/json" },
      cache,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    if (response.status === 404 || response.status === 410) return { kind: "missing" };
    if (!response.ok) return { kind: "unreachable" };
    return { kind: "found", value: (await response.json()) as unknown };
  } catch {
    signal.throwIfAborted();
    return { kind: "unreachable" };
  }
}

/** Where the server keeps what belongs to a share. */
export function sharePath(slug: string, part = ""): string {
  return `/api/v1/shares/${encodeURIComponent(slug)}${part}`;
}
