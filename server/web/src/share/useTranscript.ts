import { useEffect, useState } from "react";
import type { Share } from "../api/share";
import type { Answer } from "../api/get";
import { fetchTranscript, type Transcript } from "../api/transcript";
import { backOff } from "../player/backoff";
import { Poll } from "./poll";
import { POLL_MS } from "./useShare";

/** What was said, as far as it is known: it grows while the recording does. Null while there is none. */
export function useTranscript({ slug, transcription, captions }: Share): Transcript | null {
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const growing = transcription === "partial";
  const wanted = growing || (transcription === "completed" && captions.length > 0);

  useEffect(() => {
    if (!wanted) return;
    let failures = 0;
    const deliver = (answer: Answer<Transcript>): number | null => {
      if (answer.kind === "found") setTranscript(answer.value);
      failures = answer.kind === "unreachable" ? failures + 1 : 0;
      return failures > 0 ? backOff(failures) : growing ? POLL_MS : null;
    };
    const poll = new Poll((signal) => fetchTranscript(slug, signal), deliver);
    return () => poll.close();
  }, [slug, wanted, growing]);

  return transcript;
}
