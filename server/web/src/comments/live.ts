/** What is said while one looks: `/ws?share=`. Comes back after every end, and says each time that something may have been missed. */

import { backOff } from "../player/backoff";
import { eventOf, type TalkEvent } from "./wire";

export interface LiveEvents {
  event: (event: TalkEvent) => void;
  /** Just connected, or still not: only a question over HTTP tells what is there now. */
  gap: () => void;
  /** The link, or commenting, was turned off. */
  off: () => void;
}

export const NOT_SHARED = 4403;
export const TOO_MANY = 4429;
const REFUSED_MS = 60_000;
/** A connection that is dead and does not know it shows by a question that stays unanswered. */
const PING_MS = 30_000;
/** One that lasted so long was a good one: the next try comes soon. */
const GOOD_MS = 5_000;

export class Live {
  private readonly gone = new AbortController();
  private socket: WebSocket | null = null;
  private timer = 0;
  private pulse = 0;
  private attempt = 0;

  constructor(
    private readonly address: string,
    private readonly on: LiveEvents,
    /** What a link wants to hear first that does not let everybody in; null: nothing. */
    private readonly introduce: () => object | null = () => null,
    private readonly open: (address: string) => WebSocket = (url) => new WebSocket(url),
  ) {
    window.addEventListener("online", () => this.now(), { signal: this.gone.signal });
    this.connect();
  }

  close(): void {
    this.gone.abort();
    window.clearTimeout(this.timer);
    window.clearInterval(this.pulse);
    this.socket?.close();
    this.socket = null;
  }

  private now(): void {
    if (this.socket === null) this.connect();
  }

  private connect(): void {
    window.clearTimeout(this.timer);
    const socket = this.open(this.address);
    this.socket = socket;
    let since: number | null = null;
    let heard = true;
    socket.onopen = () => {
      since = Date.now();
      const data = this.introduce();
      if (data) socket.send(JSON.stringify({ type: "auth", data }));
      this.on.gap();
      this.pulse = window.setInterval(() => {
        if (!heard) this.end(socket, 0, since);
        heard = false;
        if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
      }, PING_MS);
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      heard = true;
      const event = eventOf(data);
      if (event) this.on.event(event);
    };
    socket.onclose = ({ code }) => this.end(socket, code, since);
  }

  private end(socket: WebSocket, code: number, since: number | null): void {
    if (socket !== this.socket || this.gone.signal.aborted) return;
    this.socket = null;
    window.clearInterval(this.pulse);
    socket.close();
    const good = since !== null && Date.now() - since > GOOD_MS;
    this.attempt = good ? 1 : this.attempt + 1;
    const refused = code === NOT_SHARED || code === TOO_MANY;
    this.timer = window.setTimeout(() => this.connect(), refused ? REFUSED_MS : backOff(this.attempt));
    if (code === NOT_SHARED) this.on.off();
    else if (since === null || code === TOO_MANY) this.on.gap();
  }
}

/** Of this page's server. */
export function liveAddress(slug: string): string {
  const url = new URL("/ws", location.origin.replace(/^http/, "ws"));
  url.searchParams.set("share", slug);
  return url.href;
}
