/** What the server is asked about signing in: `/auth/...`. The refresh token is a cookie that no script sees. */

import type { UseOptions } from "./passkeys";

export interface User {
  id: string;
  email: string;
  username: string;
  /** On this server, not in a workspace. */
  role: string;
}

/** An access token and whose it is. `until` is by this computer's clock, in milliseconds. */
export interface Pass {
  token: string;
  until: number;
  user: User;
}

/** The network or the server is away, so nothing is known; or the server says no. */
export type Trouble =
  | { kind: "refused"; status: number; code: string; sentence: string; retryAfterS: number | null }
  | { kind: "unreachable" };

export type Begun = { kind: "begun"; options: UseOptions } | Trouble;

export type AuthAnswer =
  | { kind: "in"; pass: Pass }
  /** The password was right; a code is still owed. */
  | { kind: "code"; mfaToken: string }
  | Trouble;

interface Raw {
  token?: string;
  expiresIn?: number;
  user?: User;
  mfaToken?: string;
  code?: string;
  error?: string;
}

const ANSWER_TIMEOUT_MS = 15_000;

export function login(email: string, password: string): Promise<AuthAnswer> {
  return ask("/auth/login", { email, password, cookie: true });
}

export function loginWithCode(mfaToken: string, code: string): Promise<AuthAnswer> {
  return ask("/auth/login/mfa", { mfaToken, code, cookie: true });
}

export function loginWithPasskey(credential: object): Promise<AuthAnswer> {
  return ask("/auth/login/passkey", { credential, cookie: true });
}

/** What a browser is to ask its authenticator. */
export async function beginPasskey(): Promise<Begun> {
  const answer = await post("/auth/login/passkey/options", {});
  return answer.kind === "answered"
    ? { kind: "begun", options: (answer.raw as { publicKey: UseOptions }).publicKey }
    : answer;
}

/** `key` is the same for each repetition: an answer that got lost can be had again. */
export function refresh(key: string): Promise<AuthAnswer> {
  return ask("/auth/refresh", null, { "Idempotency-Key": key });
}

async function ask(
  path: string,
  body: object | null,
  more: Record<string, string> = {},
): Promise<AuthAnswer> {
  const answer = await post(path, body, more);
  return answer.kind === "answered" ? taken(answer.raw as Raw) : answer;
}

async function post(
  path: string,
  body: object | null,
  more: Record<string, string> = {},
): Promise<{ kind: "answered"; raw: unknown } | Trouble> {
  // The server takes the cookie only beside this header, which no page of another site may send.
  const headers: Record<string, string> = { "X-Heddle-Session": "1", ...more };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(new URL(path, location.origin), {
      method: "POST",
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const raw = (await response.json()) as Raw;
    if (response.ok) return { kind: "answered", raw };
    if (response.status >= 500) return { kind: "unreachable" };
    const wait = Number(response.headers.get("Retry-After") ?? NaN);
    return {
      kind: "refused",
      status: response.status,
      code: raw.code ?? "",
      sentence: raw.error ?? "",
      retryAfterS: Number.isFinite(wait) ? wait : null,
    };
  } catch {
    return { kind: "unreachable" };
  }
}

function taken({ token, user, expiresIn = 0, mfaToken }: Raw): AuthAnswer {
  if (token && user) return { kind: "in", pass: { token, user, until: Date.now() + expiresIn * 1000 } };
  return mfaToken ? { kind: "code", mfaToken } : { kind: "unreachable" };
}
