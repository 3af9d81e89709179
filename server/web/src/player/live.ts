/**
 * Keeping a viewer near a recording that is still growing.
 *
 * The server announces half-second parts as they arrive; the newest announced moment is the edge. Playing right at the
 * edge would stall at every hiccup, so a viewer aims a little behind it. Who falls back (a slow network, a busy
 * machine) first plays slightly faster, which nobody hears with the pitch kept, and jumps only when far behind.
 * Who sought back on purpose is left alone.
 */

/** Seconds behind the edge to aim for; the server may ask for more with PART-HOLD-BACK, never for less. */
export const AIM_S = 1.5;
/** Within this of the aim a viewer counts as live. */
export const NEAR_S = 2.5;
/** Later than this, catching up would take half a minute: jump. */
export const JUMP_S = 3;

/** What a viewer who has just arrived skips rather than catches up with. */
export const SKIP_S = 0.3;

const CATCH_UP_RATE = 1.05;
const HURRY_RATE = 1.1;
/** Buffer under which playing faster would only stall sooner, seconds. */
const BUFFER_TO_KEEP_S = 0.6;

export interface LivePosition {
  /** Seconds between the edge and the picture. */
  behind: number;
  /** Seconds behind the edge to aim for. */
  aim: number;
  /** Seconds buffered ahead of the picture. */
  ahead: number;
  /** The rate the picture moves at now, so that it neither flutters nor overshoots. */
  rate: number;
}

export type LiveMove = { kind: "rate"; rate: number } | { kind: "jump" };

/** What to do for a viewer who follows the recording. Starts to hurry later than it stops, so the rate changes rarely. */
export function follow({ behind, aim, ahead, rate }: LivePosition): LiveMove {
  const late = behind - aim;
  if (late > JUMP_S) return { kind: "jump" };
  if (ahead < BUFFER_TO_KEEP_S || late <= 0.1) return { kind: "rate", rate: 1 };
  if (late > 1) return { kind: "rate", rate: HURRY_RATE };
  if (late > 0.5) return { kind: "rate", rate: Math.max(rate, CATCH_UP_RATE) };
  return { kind: "rate", rate: rate > 1 ? CATCH_UP_RATE : 1 };
}

/** Whether a viewer at this distance is watching live, rather than something that happened a while ago. */
export function isNear(behind: number, aim: number): boolean {
  return behind < aim + NEAR_S;
}
