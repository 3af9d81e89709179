/** Which page a viewer sees, decided from the server's answer alone. */

import type { ProcessingStep, Share } from "../api/share";

export type Phase =
  /** The link exists, nothing to watch yet. */
  | "waiting"
  /** Plays while it is recorded. */
  | "live"
  /** The recording ended; smaller versions and the poster are still being made. */
  | "processing"
  | "finished"
  /** It broke off, but what arrived can be watched. */
  | "brokenOff"
  /** It broke off before anything arrived. */
  | "lost";

export function phaseOf(share: Share): Phase {
  if (share.status === "failed") return hasPicture(share) ? "brokenOff" : "lost";
  if (!hasPicture(share)) return "waiting";
  // The first bytes may be here before the word that it records.
  if (share.live && (share.status === "recording" || share.status === "preparing")) return "live";
  if (share.live || share.status === "processing") return "processing";
  return "finished";
}

function hasPicture(share: Share): boolean {
  return share.playlistUrl !== null && share.duration !== null && share.duration > 0;
}

/** False once nothing on the page can change any more, so that it stops asking. */
export function stillChanges(share: Share): boolean {
  const phase = phaseOf(share);
  if (phase === "lost") return false;
  if (isListenedTo(share)) return true;
  if (phase === "brokenOff") return false;
  return phase !== "finished" || share.processing.some(isUnderWay);
}

/** What is said in it is still being written down, or soon will be. */
export function isListenedTo({ transcription }: Share): boolean {
  return transcription === "queued" || transcription === "processing" || transcription === "partial";
}

const UNDER_WAY = new Set(["queued", "pending", "running", "processing", "retrying"]);

export function isUnderWay(step: ProcessingStep): boolean {
  return UNDER_WAY.has(step.status.toLowerCase());
}

export function hasFailed(step: ProcessingStep): boolean {
  return step.status.toLowerCase() === "failed";
}

/** Before anybody knows what there is to do. */
const LOOKING = new Set(["probe", "first-poster", "live-transcript"]);
/** Renditions, pictures for seeking, preview, waveform, download, sound, scenes. */
const STEPS_OF_VERSIONS = 7;

/**
 * Mean progress of all steps, percent; null when there is nothing to do.
 * It does not go back when more becomes known: what only looks is not counted, and a file that must be
 * converted first will have as many steps after that as others have from the start.
 */
export function overallProgress(steps: readonly ProcessingStep[]): number | null {
  if (!steps.some(isUnderWay)) return null;
  const counted = steps.filter(({ step }) => !LOOKING.has(step));
  const total = counted.reduce((sum, step) => sum + (isUnderWay(step) ? (step.progress ?? 0) : 100), 0);
  const converts = counted.some((step) => step.step === "normalise" && isUnderWay(step));
  return Math.floor(total / Math.max(counted.length + (converts ? STEPS_OF_VERSIONS : 0), 1));
}
