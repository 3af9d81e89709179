import type { ProcessingStep, Share } from "../api/share";
import { messages } from "../messages";
import { hasFailed, isUnderWay, overallProgress, phaseOf } from "./phase";
import { Retry } from "./Retry";

interface Props {
  share: Share;
  stale: boolean;
  live: boolean;
  /** Something begins anew. */
  onChanged: () => void;
}

interface Failure {
  step: string;
  text: string;
}

const words = messages.status;

/** What still happens to the recording, in words; nothing at all once it is finished. */
export function StatusLine({ share, stale, live, onChanged }: Props) {
  const percent = overallProgress(share.processing);
  const line = stale ? words.stale : lineOf(share, live);
  const failures = failuresOf(share);
  return (
    <div className="status">
      <div role="status">{line && <p>{line}</p>}</div>
      {percent !== null && !live && <progress max={100} value={percent} aria-label={words.progress} />}
      {failures.map(({ step, text }) => (
        <div key={step} className="status-failed">
          <p>{text}</p>
          {share.mayEdit && (
            <Retry recordingId={share.recordingId} step={step} name={nameOf(step)} onRetried={onChanged} />
          )}
        </div>
      ))}
      {failures.length > 0 && <p>{share.mayEdit ? words.restWorks : words.restWorksForOthers}</p>}
    </div>
  );
}

function failuresOf(share: Share): Failure[] {
  const failed = share.processing.filter(hasFailed);
  const told = failed.map(({ step, error }) => ({ step, text: words.failedStep(nameOf(step), error) }));
  const deaf = share.transcription === "failed" && !failed.some(isListening);
  return deaf ? [...told, { step: "transcript", text: words.noTranscript }] : told;
}

const isListening = ({ step }: ProcessingStep) => step.endsWith("transcript");

function lineOf(share: Share, live: boolean): string | null {
  const phase = phaseOf(share);
  if (phase === "brokenOff") return words.brokenOff;
  if (live) return phase === "live" ? words.live : words.finishing;
  const percent = overallProgress(share.processing);
  if (percent === null) return null;
  return words.working(
    share.processing.filter(isUnderWay).map(({ step }) => nameOf(step)),
    percent,
  );
}

/** Some steps carry their detail after the kind: `rendition_480p` is a rendition. */
function nameOf(step: string): string {
  const kind = step.split(/[_:]/)[0] ?? step;
  return words.steps[step] ?? words.steps[kind] ?? words.otherStep(step);
}
