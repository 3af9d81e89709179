/** Comments and reactions of one share over HTTP, as one speaker. Everything throws `Refused`. */

import { sharePath } from "../api/get";
import type { Speaker } from "./speaker";
import type { Comment, Drawing, Order, Reaction, ReactionPage, ThreadPage } from "./wire";

const ANSWER_TIMEOUT_MS = 15_000;
/** As many as the server gives at once. */
const THREADS = 50;
const REACTIONS = 500;

/** Why something was not done; `sentence` is the server's own. */
export class Refused extends Error {
  constructor(
    /** The server's, or `unreachable` where it did not answer. */
    readonly code: string,
    readonly sentence = "",
    readonly waitS: number | null = null,
  ) {
    super(sentence || code);
  }
}

export interface NewComment {
  body: string;
  time: number | null;
  parentId: string | null;
  drawing: Drawing | null;
}

interface Said<T> {
  method?: "POST" | "PATCH" | "DELETE";
  body?: T;
  /** The same one again makes nothing new. */
  key?: string;
  /** Refuses a change of what is not this version any more. */
  version?: number;
}

export class TalkApi {
  constructor(
    private readonly slug: string,
    readonly speaker: Speaker,
  ) {}

  threads(sort: Order, cursor: string | null): Promise<ThreadPage> {
    return this.call(`/comments?${query({ sort, size: THREADS, cursor })}`);
  }

  comment(id: string): Promise<Comment> {
    return this.call(`/comments/${id}`);
  }

  async say(comment: NewComment, name: string, key: string): Promise<Comment> {
    const body = { ...comment, ...this.speaker.introduce(name) };
    const { editToken, ...said } = await this.call<Comment & Told>("/comments", {
      method: "POST",
      body,
      key,
    });
    this.speaker.told(editToken, name);
    return said;
  }

  edit({ id, version }: Comment, body: string): Promise<Comment> {
    return this.call(`/comments/${id}`, { method: "PATCH", body: { body }, version });
  }

  async remove({ id, version }: Comment): Promise<void> {
    await this.call(`/comments/${id}`, { method: "DELETE", version });
  }

  settle({ id, version }: Comment, resolved: boolean): Promise<Comment> {
    return this.call(`/comments/${id}/${resolved ? "resolve" : "reopen"}`, { method: "POST", version });
  }

  reactions(cursor: string | null): Promise<ReactionPage> {
    return this.call(`/reactions?${query({ size: REACTIONS, cursor })}`);
  }

  async react(emoji: string, time: number, name: string, key: string): Promise<Reaction> {
    const body = { emoji, time, ...this.speaker.introduce(name) };
    const { editToken, ...reaction } = await this.call<Reaction & Told>("/reactions", {
      method: "POST",
      body,
      key,
    });
    this.speaker.told(editToken, name);
    return reaction;
  }

  async takeBack(id: string): Promise<void> {
    await this.call(`/reactions/${id}`, { method: "DELETE" });
  }

  private async call<T>(part: string, { method, body, key, version }: Said<unknown> = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key !== undefined) headers["Idempotency-Key"] = key;
    if (version !== undefined) headers["If-Match"] = `"${version}"`;
    const init: RequestInit = { headers, cache: "no-store", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) };
    if (method) init.method = method;
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    let answer: unknown;
    try {
      response = await this.speaker.ask(sharePath(this.slug, part), init);
      answer = response.status === 204 ? null : ((await response.json()) as unknown);
    } catch {
      throw new Refused("unreachable");
    }
    if (!response.ok) throw refusal(answer);
    return answer as T;
  }
}

interface Told {
  editToken: string | null;
}

interface Failure {
  error?: string;
  code?: string;
  details?: { retryAfterSeconds?: number } | null;
}

function refusal(answer: unknown): Refused {
  const { error, code, details } = (answer ?? {}) as Failure;
  return new Refused(code ?? "internal_error", error, details?.retryAfterSeconds ?? null);
}

function query(fields: Record<string, string | number | null>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}
