import { useState } from "react";
import { retryStep } from "../api/steps";
import { messages } from "../messages";

interface Props {
  recordingId: string;
  step: string;
  /** What it makes, in words. */
  name: string;
  /** It waits for its turn now. */
  onRetried: () => void;
}

const words = messages.status;

/** For whoever may change the recording: another try for what could not be made. */
export function Retry({ recordingId, step, name, onRetried }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const retry = async () => {
    setBusy(true);
    const refused = await retryStep(recordingId, step);
    setBusy(false);
    setProblem(refused);
    if (refused === null) onRetried();
  };
  return (
    <>
      <button
        type="button"
        className="button"
        aria-label={words.tryStepAgain(name)}
        disabled={busy}
        onClick={() => void retry()}
      >
        {busy ? words.trying : words.tryAgain}
      </button>
      {problem !== null && <span role="alert">{problem || words.notAsked}</span>}
    </>
  );
}
