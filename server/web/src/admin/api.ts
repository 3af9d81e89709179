/** What the server is asked on these pages: `/api/v1/admin`. */

import { refusal } from "../messages";
import { words } from "../messages/admin";
import { signedFetch } from "../session/signedFetch";

const BASE = "/api/v1/admin";

/** Why something was refused, as a sentence for whoever asked. */
export class Refused extends Error {
  constructor(
    sentence: string,
    readonly status: number,
  ) {
    super(sentence);
  }
}

export type Query = Record<string, string | number | boolean | null>;

/** The answer of the server, undefined where it has none to give. Throws Refused. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await signedFetch(BASE + path, init);
  } catch {
    throw new Refused(words.unreachable, 0);
  }
  const text = await response.text();
  const body: unknown = text ? JSON.parse(text) : undefined;
  if (response.ok) return body as T;
  const { code, error } = (body ?? {}) as { code?: string; error?: string };
  throw new Refused(refusal(code, error ?? words.unreachable), response.status);
}

export function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  return ask<T>(path, { method, ...content });
}

/** A path with what was chosen; what is empty is left out. */
export function withQuery(path: string, query: Query): string {
  const chosen = Object.entries(query).filter(
    ([, value]) => value !== null && value !== "" && value !== false,
  );
  const text = new URLSearchParams(chosen.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** A file of the server, under the name it gives it. */
export async function download(path: string, name: string): Promise<void> {
  const response = await signedFetch(BASE + path);
  if (!response.ok) throw new Refused(words.unreachable, response.status);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
