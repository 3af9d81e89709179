/** The server's API, typed by its own description: `call(send, "GET /api/v1/recordings", { query: { size: 5 } })`. */

import type { Error as Refusal, Operations } from "./schema";

export type Name = keyof Operations;
type Input<N extends Name> = Omit<Operations[N], "answer">;
/** Where nothing has to be given, nothing need be. */
type Given<N extends Name> = Partial<Input<N>> extends Input<N> ? [input?: Input<N>] : [input: Input<N>];
type Values = Record<string, string | number | boolean | null | undefined>;
type Parts = Partial<Record<"path" | "query" | "header", Values>> & { body?: unknown };

/** What was answered, or the refusal in the server's one shape; null where it came from somewhere else. */
export type Answered<T> =
  | { ok: true; status: number; headers: Headers; value: T }
  | { ok: false; status: number; headers: Headers; refusal: Refusal | null };

/** `signedFetch` on pages; elsewhere a fetch that knows the server and signs in. Rejects where a network fails. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

export async function call<N extends Name>(
  send: Send,
  name: N,
  ...given: Given<N>
): Promise<Answered<Operations[N]["answer"]>> {
  const [method = "", template = ""] = name.split(" ");
  const { path = {}, query = {}, header = {}, body } = (given[0] ?? {}) as Parts;
  const place = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(path[key])));
  const asked = new URLSearchParams(spelt(query)).toString();
  const headers = new Headers(spelt(header));
  const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  if (typeof sent === "string") headers.set("Content-Type", "application/json");
  const init: RequestInit = sent === undefined ? { method, headers } : { method, headers, body: sent };
  const response = await send(asked ? `${place}?${asked}` : place, init);
  const told = { status: response.status, headers: response.headers };
  if (response.ok) return { ok: true, ...told, value: (await read(response)) as Operations[N]["answer"] };
  return { ok: false, ...told, refusal: (await read(response).catch(() => null)) as Refusal | null };
}

/** What is left out is not sent. */
function spelt(values: Values): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
}

async function read(response: Response): Promise<unknown> {
  const kind = response.headers.get("Content-Type") ?? "";
  if (response.status === 204 || kind === "") return null;
  if (kind.includes("json")) return response.json();
  return kind.startsWith("text/") ||
    kind.includes("xml") ||
    kind.includes("mpegurl") ||
    kind.includes("subrip")
    ? response.text()
    : response.blob();
}
