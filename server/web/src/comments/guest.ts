/** Somebody without an account: a name, and for each recording the token that what they said is theirs. */

import { wantsPrivacy } from "../beacons/events";
import type { Speaker } from "./speaker";

interface Kept {
  name: string;
  /** By recording, the one used last at the end. */
  tokens: Record<string, string>;
}

const KEY = "heddle.guest";
const MOST_TOKENS = 50;
const NOBODY: Kept = { name: "", tokens: {} };

/** Where the browser asks not to be tracked it lasts as long as the page, as it does where nothing can be kept. */
let forNow = NOBODY;

/** What is kept may be of another version, or anybody's: each part is taken only where it makes sense. */
export function parse(text: string | null): Kept {
  let raw: unknown = null;
  try {
    raw = JSON.parse(text ?? "null");
  } catch {
    // nothing usable
  }
  const { name, tokens } = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const pairs = typeof tokens === "object" && tokens !== null ? Object.entries(tokens) : [];
  return {
    name: typeof name === "string" ? name : "",
    tokens: Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string")),
  };
}

function read(): Kept {
  if (wantsPrivacy()) return forNow;
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? forNow : parse(kept);
  } catch {
    return forNow;
  }
}

function write(kept: Kept): void {
  forNow = kept;
  if (wantsPrivacy()) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // then it lasts as long as the page
  }
}

export class Guest implements Speaker {
  readonly userId = null;

  constructor(private readonly recordingId: string) {}

  get name(): string {
    return read().name;
  }

  readonly ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const token = read().tokens[this.recordingId];
    const send = (extra: Record<string, string>) =>
      fetch(new URL(path, location.origin), {
        ...init,
        headers: { ...(init.headers as Record<string, string>), ...extra },
      });
    const response = await send(token ? { "X-Guest-Token": token } : {});
    // A server with another key knows none of the old tokens: then this is a new guest.
    if (response.status !== 400 || !token || init.method !== undefined) return response;
    this.remember(null);
    return send({});
  };

  /** Told with the first thing a guest says; null forgets it. */
  remember(token: string | null, name = this.name): void {
    const { [this.recordingId]: old, ...others } = read().tokens;
    const kept = Object.entries(others).slice(-MOST_TOKENS + 1);
    if (token) kept.push([this.recordingId, token]);
    if (token !== old || name !== this.name) write({ name, tokens: Object.fromEntries(kept) });
  }

  introduce(name: string): { name?: string } {
    return { name: name.trim() };
  }

  told(token: string | null | undefined, name: string): void {
    this.remember(token ?? read().tokens[this.recordingId] ?? null, name.trim());
  }
}
