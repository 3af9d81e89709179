import type { ProcessingStep, Share } from "../api/share";
import { messages } from "../messages";
import { hasFailed, isUnderWay, overallProgress, phaseOf } from "./phase";

interface Props {
  share: Share;
  stale: boolean;
  live: boolean;
}

const words = messages.status;

/** What still happens to the recording, in words; nothing at all once it is finished. */
export function StatusLine({ share, stale, live }: Props) {
  const percent = overallProgress(share.processing);
  const line = stale ? words.stale : lineOf(share, live);
  const failed = share.processing.filter(hasFailed);
  return (
    <div className="status">
      <div role="status">{line && <p>{line}</p>}</div>
      {percent !== null && !live && <progress max={100} value={percent} aria-label={words.progress} />}
      {failed.map((step) => (
        <p key={step.step} className="status-failed">
          {words.failedStep(nameOf(step), step.error)}
        </p>
      ))}
      {share.transcription === "failed" && !failed.some(isListening) && (
        <p className="status-failed">{words.noTranscript}</p>
      )}
      {(failed.length > 0 || share.transcription === "failed") && <p>{words.restWorks}</p>}
    </div>
  );
}

const isListening = ({ step }: ProcessingStep) => step.endsWith("transcript");

function lineOf(share: Share, live: boolean): string | null {
  const phase = phaseOf(share);
  if (phase === "brokenOff") return words.brokenOff;
  if (live) return phase === "live" ? words.live : words.finishing;
  const percent = overallProgress(share.processing);
  if (percent === null) return null;
  return words.working(share.processing.filter(isUnderWay).map(nameOf), percent);
}

/** Some steps carry their detail after the kind: `rendition_480p` is a rendition. */
function nameOf({ step }: ProcessingStep): string {
  const kind = step.split(/[_:]/)[0] ?? step;
  return words.steps[step] ?? words.steps[kind] ?? words.otherStep(step);
}
