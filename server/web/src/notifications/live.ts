/** How many are unread, as it changes: told by the server's WebSocket, which comes back by itself. */

import { backOff } from "../player/backoff";
import { session } from "../session/session";
import { count } from "./api";

/** Calls `onUnread` at once and whenever it may be another number; the returned function ends it. */
export function watchUnread(onUnread: (unread: number) => void): () => void {
  let socket: WebSocket | null = null;
  let timer = 0;
  let failures = 0;
  let over = false;

  const later = () => {
    if (!over) timer = window.setTimeout(() => void open(), backOff(++failures));
  };

  async function open() {
    try {
      const token = await session.token();
      if (token === null || over) return;
      const unread = await count();
      const url = new URL(`/ws?token=${encodeURIComponent(token)}`, location.origin);
      url.protocol = url.protocol.replace("http", "ws");
      // Ended while the server was asked: the linter cannot know that somebody else did.
      if (isOver()) return;
      onUnread(unread);
      socket = new WebSocket(url);
      socket.onopen = () => (failures = 0);
      socket.onmessage = (event: MessageEvent<string>) => {
        const told = unreadIn(event.data);
        if (told !== null) onUnread(told);
      };
      socket.onclose = later;
    } catch {
      later();
    }
  }

  const isOver = () => over;
  void open();
  return () => {
    over = true;
    window.clearTimeout(timer);
    if (socket) socket.onclose = null;
    socket?.close();
  };
}

/** Null for messages about anything else. */
export function unreadIn(message: string): number | null {
  const { type, data } = JSON.parse(message) as { type: string; data: { unread?: number } };
  return type.startsWith("notification.") ? (data.unread ?? null) : null;
}
