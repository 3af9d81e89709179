/** What a player tells the server about how it is watched: `POST /api/v1/analytics/events`. */

import { proof } from "../api/proof";
import type { Piece } from "./watched";

export interface PlayerEvent {
  id: string;
  type: "stream_start" | "stream_progress" | "stream_end";
  slug: string;
  /** Of this player, from one opening of the page. */
  sessionId: string;
  viewerId: string | null;
  at: string;
  position: number;
  /** Since the last event, as all counts below. */
  watched: Piece[];
  quality: string | null;
  qualitySwitches: number;
  rebuffers: number;
  rebufferMs: number;
  referrer: string | null;
}

const PATH = "/api/v1/analytics/events";
/** The server takes so many at once. */
const MOST_AT_ONCE = 50;

/**
 * Goes out even while the page closes; false where the browser would not take it. `token` is of whoever is signed
 * in: what people watch of their own is not counted.
 */
export function send(events: readonly PlayerEvent[], token: string | null = null): boolean {
  for (let first = 0; first < events.length; first += MOST_AT_ONCE) {
    const body = JSON.stringify({ events: events.slice(first, first + MOST_AT_ONCE) });
    if (token !== null) post(body, { Authorization: `Bearer ${token}` });
    else if (proof.held()) post(body, proof.header());
    else if (!navigator.sendBeacon(new URL(PATH, location.origin), body)) return false;
  }
  return true;
}

/** A beacon carries no token, and no cookie from a frame on another site. */
function post(body: string, headers: Record<string, string>): void {
  const url = new URL(PATH, location.origin);
  // What gets lost is a moment that somebody watched of what is often their own.
  fetch(url, { method: "POST", body, headers, keepalive: true }).catch(() => undefined);
}

/** Do Not Track or Global Privacy Control: nothing is sent at all. */
export function wantsPrivacy(asked: Navigator & { globalPrivacyControl?: boolean } = navigator): boolean {
  return asked.doNotTrack === "1" || asked.globalPrivacyControl === true;
}

const VIEWER_KEY = "heddle.viewer";

/** A random word that this browser keeps and that says nothing else; null where it keeps none. */
export function viewerId(): string | null {
  try {
    const kept = localStorage.getItem(VIEWER_KEY);
    if (kept) return kept;
    const drawn = uuid();
    localStorage.setItem(VIEWER_KEY, drawn);
    return drawn;
  } catch {
    return null;
  }
}

/** The host that led here; null for a bookmark, or the server itself. */
export function referrerHost(referrer: string = document.referrer): string | null {
  try {
    const { host } = new URL(referrer);
    return host && host !== location.host ? host : null;
  } catch {
    return null;
  }
}

/** RFC 9562, version 4. `crypto.randomUUID` is not there on plain http, where many servers at home are. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
