import { useCallback, useEffect, useRef, useState } from "react";
import { fetchShare, type ShareAnswer } from "../api/share";
import { backOff } from "../player/backoff";
import { phaseOf, stillChanges } from "./phase";

const POLL_MS = 2_000;
/** A viewer who waits for the first picture looks at nothing else. */
const POLL_WAITING_MS = 1_000;

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
    const poll = new Poll(slug, (latest) => {
      setStale(latest.kind === "unreachable");
      setAnswer((known) => (latest.kind === "unreachable" && known?.kind === "found" ? known : latest));
    });
    ask.current = () => poll.ask();
    return () => poll.close();
  }, [slug]);

  return { answer, stale, refresh: useCallback(() => ask.current(), []) };
}

/** One question at a time; sleeps while the page is hidden or offline and wakes at once after. */
class Poll {
  private readonly gone = new AbortController();
  private timer = 0;
  private asking = false;
  private failures = 0;
  private due = true;

  constructor(
    private readonly slug: string,
    private readonly deliver: (answer: ShareAnswer) => void,
  ) {
    const wake = () => {
      if (this.due && !document.hidden) this.ask();
    };
    document.addEventListener("visibilitychange", wake, { signal: this.gone.signal });
    window.addEventListener("online", wake, { signal: this.gone.signal });
    this.ask();
  }

  ask(): void {
    if (this.asking || this.gone.signal.aborted) return;
    this.asking = true;
    window.clearTimeout(this.timer);
    fetchShare(this.slug, this.gone.signal)
      .then((answer) => this.settle(answer))
      .catch(() => undefined) // closed while asking
      .finally(() => (this.asking = false));
  }

  close(): void {
    this.gone.abort();
    window.clearTimeout(this.timer);
  }

  private settle(answer: ShareAnswer): void {
    this.failures = answer.kind === "unreachable" ? this.failures + 1 : 0;
    this.due = answer.kind === "unreachable" || (answer.kind === "found" && stillChanges(answer.share));
    this.deliver(answer);
    if (!this.due) return;
    const waiting = answer.kind === "found" && phaseOf(answer.share) === "waiting";
    const delay = this.failures ? backOff(this.failures) : waiting ? POLL_WAITING_MS : POLL_MS;
    this.timer = window.setTimeout(() => {
      if (!document.hidden) this.ask();
    }, delay);
  }
}
