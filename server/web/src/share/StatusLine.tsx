import type { ProcessingStep, Share } from "../api/share";
import { messages } from "../messages";
import { hasFailed, overallProgress, phaseOf } from "./phase";

interface Props {
  share: Share;
  stale: boolean;
  /** The player has seen the end of the recording. */
  ended: boolean;
}

const words = messages.status;

/** What still happens to the recording, in words; nothing at all once it is finished. */
export function StatusLine({ share, stale, ended }: Props) {
  const percent = overallProgress(share.processing);
  const line = stale ? words.stale : lineOf(share, ended, percent);
  const failed = share.processing.filter(hasFailed);
  return (
    <div className="status">
      <div role="status">{line && <p>{line}</p>}</div>
      {percent !== null && phaseOf(share) !== "live" && (
        <progress max={100} value={percent} aria-label={words.working(percent)} />
      )}
      {failed.map((step) => (
        <p key={step.step} className="status-failed">
          {words.failedStep(nameOf(step), step.error ?? words.noReason)}
        </p>
      ))}
    </div>
  );
}

function lineOf(share: Share, ended: boolean, percent: number | null): string | null {
  const phase = phaseOf(share);
  if (phase === "brokenOff") return words.brokenOff;
  if (phase === "live" && !ended) return words.live;
  if (phase === "finished") return percent === null ? null : words.working(percent);
  if (share.live && !ended) return words.finishing;
  return percent === null ? null : words.working(percent);
}

/** Steps carry their detail after the kind: `rendition_480p` is a rendition. */
function nameOf({ step }: ProcessingStep): string {
  const kind = step.split(/[_:-]/)[0] ?? step;
  return words.steps[step] ?? words.steps[kind] ?? words.otherStep(step);
}
