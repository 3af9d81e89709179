/** How many are unread, as it changes: told by the server's WebSocket, which comes back by itself. */

import { backOff } from "../player/backoff";
import { session } from "../session/session";
import { count } from "./api";

/** One that lasted so long was a good one: the next try comes soon. */
const GOOD_MS = 5_000;

/** Calls `onUnread` at once and whenever it may be another number; the returned function ends it. */
export function watchUnread(onUnread: (unread: number) => void): () => void {
  const gone = new AbortController();
  let socket: WebSocket | null = null;
  let timer = 0;
  let failures = 0;

  const later = () => {
    if (!gone.signal.aborted) timer = window.setTimeout(() => void open(), backOff(++failures));
  };

  const look = async () => {
    const unread = await count();
    if (!gone.signal.aborted) onUnread(unread);
  };

  async function open() {
    try {
      const token = await session.token();
      if (token !== null) await look();
      if (token !== null && !gone.signal.aborted) socket = listen(token);
    } catch {
      later();
    }
  }

  function listen(token: string): WebSocket {
    const line = new WebSocket(new URL("/ws", location.origin.replace(/^http/, "ws")));
    let since = Infinity;
    line.onopen = () => {
      since = Date.now();
      line.send(JSON.stringify({ type: "auth", data: { token } }));
    };
    line.onmessage = ({ data }: MessageEvent<string>) => {
      const unread = unreadIn(data);
      if (unread !== null) onUnread(unread);
    };
    line.onclose = () => {
      if (Date.now() - since > GOOD_MS) failures = 0;
      later();
    };
    return line;
  }

  // A line that broke while the computer slept may not know it: whoever comes back sees what is.
  const back = () => {
    if (document.visibilityState === "visible") look().catch(() => undefined);
  };
  document.addEventListener("visibilitychange", back, { signal: gone.signal });
  void open();
  return () => {
    gone.abort();
    window.clearTimeout(timer);
    socket?.close();
  };
}

/** Null for messages about anything else. */
export function unreadIn(message: string): number | null {
  const { type, data } = JSON.parse(message) as { type: string; data?: { unread?: number } };
  return type.startsWith("notification.") ? (data?.unread ?? null) : null;
}
