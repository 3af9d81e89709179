/** One opened playlist on one video element, whoever plays it: hls.js, or the browser itself where hls.js cannot. */

import type { Trouble } from "./model";

export interface Edge {
  /** The newest moment of the recording, seconds of media time. */
  at: number;
  /** Seconds behind it to aim for. */
  aim: number;
}

export interface Source {
  /** Where the recording has got to; null when it has ended or nothing is known yet. */
  edge(): Edge | null;
  /** Heights that can be chosen, as the playlist names them. */
  heights(): number[];
  /** Plays the version of this height from the next segment on; null chooses by bandwidth. */
  select(height: number | null): void;
  /** Tries again after trouble, at the same position. */
  resume(trouble: Trouble): void;
  close(): void;
}

export interface SourceEvents {
  opened(): void;
  /** Bytes arrive: whatever was wrong is over. */
  healthy(): void;
  live(live: boolean): void;
  /** The version of this height plays from now on. */
  switched(height: number): void;
  /** A request failed and is repeated: no trouble as long as the buffer lasts. */
  flaky(): void;
  /** Playback cannot go on by itself. */
  trouble(trouble: Trouble): void;
}

export interface SourceOptions {
  /** Seconds; null begins at the live edge, or at zero of an ended recording. */
  startAt: number | null;
  height: number | null;
}

export const HLS_TYPE = "application/vnd.apple.mpegurl";
