import { useCallback, useEffect, useRef, useState } from "react";
import { fetchShare, type ShareAnswer } from "../api/share";
import { backOff } from "../player/backoff";
import { phaseOf, stillChanges } from "./phase";
import { Poll } from "./poll";

export const POLL_MS = 2_000;
/** A viewer who waits for the first picture looks at nothing else. */
const POLL_WAITING_MS = 1_000;
/** All of it plays: what still comes to it may take its time. */
const POLL_LATER_MS = 4_000;

/** The share as it stands now; `null` until the first answer. Keeps asking only while something may change. */
export interface ShareView {
  answer: ShareAnswer | null;
  /** The latest question went unanswered: the page may be showing old news. */
  stale: boolean;
  /** Asks at once, for instance because a media link has expired. */
  refresh: () => void;
}

export function useShare(slug: string): ShareView {
  const [answer, setAnswer] = useState<ShareAnswer | null>(null);
  const [stale, setStale] = useState(false);
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    let failures = 0;
    const deliver = (latest: ShareAnswer): number | null => {
      setStale(latest.kind === "unreachable");
      setAnswer((known) => (latest.kind === "unreachable" && known?.kind === "found" ? known : latest));
      failures = latest.kind === "unreachable" ? failures + 1 : 0;
      return failures > 0 ? backOff(failures) : pauseAfter(latest);
    };
    const poll = new Poll((signal) => fetchShare(slug, signal), deliver);
    ask.current = () => poll.askAnew();
    return () => poll.close();
  }, [slug]);

  return { answer, stale, refresh: useCallback(() => ask.current(), []) };
}

/** Milliseconds until the next question; null once nothing can change any more. */
function pauseAfter(answer: ShareAnswer): number | null {
  if (answer.kind !== "found" || !stillChanges(answer.share)) return null;
  const phase = phaseOf(answer.share);
  if (phase === "finished" || phase === "brokenOff") return POLL_LATER_MS;
  return phase === "waiting" ? POLL_WAITING_MS : POLL_MS;
}
