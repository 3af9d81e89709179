/**
 * Who is signed in in this browser.
 *
 * Each page has its access token in memory alone. A new one is had for the browser's cookie, which is good for one
 * use: so only one page asks at a time (Web Locks), and tells the others what it got.
 */

import type { SingleLogoutAnswer } from "../api/schema";
import { uuid } from "../beacons/events";
import { backOff } from "../player/backoff";
import { refresh, type AuthAnswer, type Pass, type User } from "./auth";

export type View =
  { state: "unknown"; user: null } | { state: "out"; user: null } | { state: "in"; user: User };

const UNKNOWN: View = { state: "unknown", user: null };
const OUT: View = { state: "out", user: null };

/** What pages tell each other. */
type News = { kind: "pass"; pass: Pass } | { kind: "out" };

/** A token is renewed this long before its end, or when half of a shorter life is over. */
const EARLY_MS = 30_000;

export class Session {
  private view: View = UNKNOWN;
  private pass: Pass | null = null;
  private renewAt = 0;
  private renewing: Promise<void> | null = null;
  private failures = 0;
  private timer = 0;
  private readonly listeners = new Set<() => void>();
  private readonly others: BroadcastChannel | null;

  /** `name` is that of the channel, the lock and what is kept: pages with the same name share a sign-in. */
  constructor(private readonly name = "heddle.session") {
    this.others = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
    this.others?.addEventListener("message", (event: MessageEvent<News>) => {
      if (event.data.kind === "pass") this.take(event.data.pass);
      else this.drop();
    });
  }

  readonly read = (): View => this.view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Finds out who is there. Without `always` a browser in which nobody signed in asks nothing. */
  begin(always: boolean): void {
    if (this.view.state !== "unknown" || this.renewing) return;
    if (!always && keptKey(this.name) === null) this.show(OUT);
    else void this.renew();
  }

  /** After a right password, or another way in. */
  enter(pass: Pass): void {
    keepKey(this.name, keptKey(this.name) ?? uuid());
    this.take(pass);
    this.tell({ kind: "pass", pass });
  }

  /** A token that is good for a while; null where nobody is signed in. Rejects while nobody can tell. */
  async token(): Promise<string | null> {
    if (this.read().state === "out") return null;
    if (!this.pass || Date.now() >= this.renewAt) await this.renew();
    const token = this.held();
    if (token === null && this.read().state !== "out") throw new TypeError("The server does not answer");
    return token;
  }

  /** The token at hand, without asking anybody. */
  held(): string | null {
    return this.pass && Date.now() < this.pass.until ? this.pass.token : null;
  }

  /** The server did not believe `token`: another one, or null where the sign-in is over. */
  async instead(token: string): Promise<string | null> {
    if (this.pass?.token === token) await this.renew();
    return this.held();
  }

  /** Ends the sign-in on all pages of this browser; false where the server could not be asked to. */
  async signOut(): Promise<boolean> {
    let elsewhere: string | null = null;
    try {
      const token = await this.token();
      if (token !== null) elsewhere = await endOnServer(token);
    } catch {
      return false;
    }
    if (!elsewhere) {
      this.leave();
    } else {
      // The page is left, so it does not lead to the sign-in meanwhile.
      keepKey(this.name, null);
      this.tell({ kind: "out" });
      location.assign(elsewhere);
    }
    return true;
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewAlone().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renewAlone(): Promise<void> {
    const known = this.pass;
    await alone(this.name, async () => {
      // Another page was faster, and has told.
      if (this.pass !== known && this.held() !== null) return;
      const key = keptKey(this.name) ?? uuid();
      keepKey(this.name, key);
      this.settle(await refresh(key));
    });
  }

  private settle(answer: AuthAnswer): void {
    window.clearTimeout(this.timer);
    if (answer.kind === "in") {
      this.failures = 0;
      this.take(answer.pass);
      this.tell({ kind: "pass", pass: answer.pass });
    } else if (answer.kind === "refused" && answer.status !== 429) {
      this.leave();
    } else if (this.view.state === "unknown") {
      this.timer = window.setTimeout(() => void this.renew(), backOff(++this.failures));
    }
  }

  private leave(): void {
    keepKey(this.name, null);
    this.drop();
    this.tell({ kind: "out" });
  }

  private take(pass: Pass): void {
    this.pass = pass;
    const left = pass.until - Date.now();
    this.renewAt = pass.until - Math.min(EARLY_MS, left / 2);
    const { user } = this.view;
    if (user === null || JSON.stringify(user) !== JSON.stringify(pass.user)) {
      this.show({ state: "in", user: pass.user });
    }
  }

  private drop(): void {
    this.pass = null;
    this.show(OUT);
  }

  private show(view: View): void {
    if (view === this.view) return;
    this.view = view;
    this.listeners.forEach((listener) => listener());
  }

  private tell(news: News): void {
    this.others?.postMessage(news);
  }
}

/** Where the provider that signed somebody in signs them out, too; null: nowhere. */
async function endOnServer(token: string): Promise<string | null> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(new URL("/auth/single-logout", location.origin), { method: "POST", headers });
  if (response.status === 401) return null; // it had ended already
  if (!response.ok) throw new TypeError(`The server answers ${response.status}`);
  return ((await response.json()) as SingleLogoutAnswer).address;
}

/** One page at a time. Browsers have locks on https and localhost alone; elsewhere two pages rarely meet. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks) await locks.request(name, work);
  else await work();
}

/**
 * The `Idempotency-Key` of this browser. It outlives the page: one that is left while its answer is on the way
 * has used up the cookie, and the next one may have that answer again. That there is one also says that somebody
 * is signed in, so that a visitor's browser asks nothing.
 */
function keptKey(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keepKey(name: string, key: string | null): void {
  try {
    if (key === null) localStorage.removeItem(name);
    else localStorage.setItem(name, key);
  } catch {
    // A browser that keeps nothing: the sign-in lasts as long as its cookie.
  }
}

export const session = new Session();
