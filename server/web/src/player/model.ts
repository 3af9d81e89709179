/** What the player is doing, as a table without a page behind it. An event that has no place changes nothing. */

export type Stage =
  /** Asking for the playlist. */
  | "opening"
  | "ready"
  /** Something broke; it is being tried again, the picture may go on from the buffer. */
  | "recovering"
  /** Given up; the viewer can ask for another try. */
  | "failed";

export type StageEvent = "opened" | "healthy" | "trouble" | "gaveUp" | "reopen";

const TABLE: Readonly<Record<Stage, Partial<Record<StageEvent, Stage>>>> = {
  opening: { opened: "ready", trouble: "recovering", gaveUp: "failed", reopen: "opening" },
  ready: { trouble: "recovering", gaveUp: "failed", reopen: "opening" },
  recovering: { opened: "ready", healthy: "ready", gaveUp: "failed", reopen: "opening" },
  failed: { reopen: "opening" },
};

export function advance(stage: Stage, event: StageEvent): Stage {
  return TABLE[stage][event] ?? stage;
}

/** Why the picture stopped. */
export type Trouble =
  /** No answer, or a server error: waiting helps. */
  | "network"
  /** The link to the media is no longer valid: a new one helps. */
  | "expired"
  /** The browser could not decode what came. */
  | "media"
  /** The browser has no way to play this at all. */
  | "unsupported";

export interface PlayerState {
  stage: Stage;
  trouble: Trouble | null;
  /** The playlist has no end yet; null until it was read. */
  live: boolean | null;
  /** The viewer wants the newest picture, rather than a moment of the past. */
  following: boolean;
  /** Seconds behind the newest picture, whole; 0 when not live. */
  behind: number;
  paused: boolean;
  /** Wants to play but has nothing to show. */
  stalled: boolean;
  ended: boolean;
  /** The latest request failed and is being repeated. */
  flaky: boolean;
  /** A picture of the recording has been shown. */
  started: boolean;
  /** The browser only let it start without sound. */
  mutedByBrowser: boolean;
  /** The speed the viewer chose. */
  rate: number;
  /** Position in whole seconds, for links to this moment. */
  time: number;
  /** Height of the chosen version; null lets the player choose. */
  quality: number | null;
  /** Height of the version that plays; null while nobody knows. */
  height: number | null;
}

export const INITIAL: PlayerState = {
  stage: "opening",
  trouble: null,
  live: null,
  following: false,
  behind: 0,
  paused: true,
  stalled: false,
  ended: false,
  flaky: false,
  started: false,
  mutedByBrowser: false,
  rate: 1,
  time: 0,
  quality: null,
  height: null,
};

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed of the menu in that direction. */
export function stepRate(rate: number, by: 1 | -1): number {
  const next = by > 0 ? RATES.find((r) => r > rate) : RATES.findLast((r) => r < rate);
  return next ?? rate;
}
