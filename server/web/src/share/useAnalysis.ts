import { useEffect, useState } from "react";
import { fetchAnalysis, type Analysis } from "../api/analysis";
import type { Answer } from "../api/get";
import type { Share } from "../api/share";
import { backOff } from "../player/backoff";
import { Poll } from "./poll";

/** An analysis follows the transcript within seconds; a language model may take a minute. */
const TRIES = 12;

/** What the recording is about, once that was found out. Null while there is nothing. */
export function useAnalysis({ slug, transcription }: Share): Analysis | null {
  const [analysis, setAnalysis] = useState<Analysis | null>(null);
  const wanted = transcription === "completed";

  useEffect(() => {
    if (!wanted) return;
    let tries = 0;
    const deliver = (answer: Answer<Analysis>): number | null => {
      if (answer.kind === "found") setAnalysis(answer.value);
      const settled = answer.kind === "found" && !answer.value.pending;
      return settled || ++tries >= TRIES ? null : backOff(tries);
    };
    const poll = new Poll((signal) => fetchAnalysis(slug, signal), deliver);
    return () => poll.close();
  }, [slug, wanted]);

  return analysis;
}
