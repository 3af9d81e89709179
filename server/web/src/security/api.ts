/** Passkeys and accounts elsewhere of whoever is signed in. */

import { messages, refusal } from "../messages";
import type { CreateOptions } from "../session/passkeys";
import { signedFetch } from "../session/signedFetch";

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  copiedAt: string | null;
}

export interface Identity {
  id: string;
  provider: string;
  providerName: string;
  email: string | null;
}

/** What proves once more who somebody is. */
export interface Confirmation {
  password?: string;
  code?: string;
}

/** Why the server did not do it: `code` for programs, a sentence for people. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

const PASSKEYS = "/api/v1/auth/passkeys";
const IDENTITIES = "/api/v1/auth/identities";

export const passkeys = async (): Promise<Passkey[]> =>
  ((await ask("GET", PASSKEYS)) as { data: Passkey[] }).data;

export const begin = async (confirmed: Confirmation): Promise<CreateOptions> =>
  ((await ask("POST", `${PASSKEYS}/options`, confirmed)) as { publicKey: CreateOptions }).publicKey;

export const keep = (credential: object, name: string) => ask("POST", PASSKEYS, { credential, name });

export const rename = (id: string, name: string) => ask("PATCH", `${PASSKEYS}/${id}`, { name });

export const remove = (id: string) => ask("DELETE", `${PASSKEYS}/${id}`);

export const identities = async (): Promise<Identity[]> =>
  ((await ask("GET", IDENTITIES)) as { data: Identity[] }).data;

/** Where the browser has to go to connect one. */
export const connect = async (provider: string, confirmed: Confirmation): Promise<string> => {
  const body = { provider, next: location.pathname, ...confirmed };
  return ((await ask("POST", IDENTITIES, body)) as { address: string }).address;
};

export const disconnect = (id: string) => ask("DELETE", `${IDENTITIES}/${id}`);

/** Rejects with Refused. */
async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const headers: Record<string, string> = body ? { "Content-Type": "application/json" } : {};
  const init: RequestInit = {
    method,
    headers,
    cache: "no-store",
    ...(body && { body: JSON.stringify(body) }),
  };
  const response = await signedFetch(path, init).catch(() => null);
  const text = response ? await response.text().catch(() => "") : "";
  if (response?.ok) return text ? JSON.parse(text) : null;
  throw refused(text);
}

function refused(text: string): Refused {
  try {
    const { code, error } = JSON.parse(text) as { code?: string; error?: string };
    return new Refused(code ?? "", refusal(code, error ?? messages.security.unreachable));
  } catch {
    return new Refused("", messages.security.unreachable);
  }
}
