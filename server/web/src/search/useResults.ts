import { useCallback, useEffect, useRef, useState } from "react";
import { search, type Hit, type SearchAnswer } from "./api";
import { addressOf, type Wanted } from "./wanted";

interface Answered {
  /** Which search it is the answer of. */
  of: string;
  hits: readonly Hit[];
  total: number;
  corrected: string | null;
  pages: number;
  /** How many of its pages are here. */
  here: number;
  /** Why there is no answer; empty where the server is away. */
  problem: string | null;
  /** What was asked for in vain: the first page, so that the hits are those of another search, or a further one. */
  lacking: "first" | "next" | null;
}

export interface Results extends Omit<Answered, "of" | "pages" | "here"> {
  /** Being asked: the first page, while the search before is still shown, or the next one. */
  asking: "first" | "next" | null;
  /** There are more than these. */
  more: boolean;
  askMore: () => void;
  askAgain: () => void;
}

const NONE: Answered = {
  of: "",
  hits: [],
  total: 0,
  corrected: null,
  pages: 0,
  here: 0,
  problem: null,
  lacking: null,
};

/** Asks once for each search; a new one gives up those before it. */
export function useResults(wanted: Wanted): Results {
  const [attempt, setAttempt] = useState(0);
  const [answered, setAnswered] = useState(NONE);
  const [asksMore, setAsksMore] = useState(false);
  const now = useRef(wanted);
  const gone = useRef(new AbortController());
  const key = `${attempt} ${addressOf(wanted)}`;

  useEffect(() => {
    now.current = wanted;
  });
  useEffect(() => {
    const { signal } = (gone.current = new AbortController());
    search(now.current, 0, signal)
      .then((answer) => setAnswered((known) => after(known, answer, 0, key)))
      .catch(() => undefined); // given up for another search
    return () => gone.current.abort();
  }, [key]);

  const askMore = useCallback(() => {
    setAsksMore(true);
    search(now.current, answered.here, gone.current.signal)
      .then((answer) => setAnswered((known) => after(known, answer, answered.here, answered.of)))
      .catch(() => undefined)
      .finally(() => setAsksMore(false));
  }, [answered.here, answered.of]);

  const { hits, total, corrected, pages, here, problem, lacking } = answered;
  const first = answered.of !== key;
  return {
    hits,
    total,
    corrected,
    problem: first ? null : problem,
    lacking: first ? null : lacking,
    asking: first ? "first" : asksMore ? "next" : null,
    more: !first && here < pages,
    askMore,
    askAgain: useCallback(() => setAttempt((count) => count + 1), []),
  };
}

function after(known: Answered, answer: SearchAnswer, page: number, of: string): Answered {
  if (answer.kind === "failed") {
    return { ...known, of, problem: answer.sentence ?? "", lacking: page === 0 ? "first" : "next" };
  }
  const before = page === 0 ? [] : known.hits;
  // What was recorded since the first page moves the others down: nothing is shown twice.
  const fresh = answer.found.hits.filter((hit) => !before.some((one) => one.id === hit.id));
  const { total, corrected, pages } = answer.found;
  return {
    of,
    hits: [...before, ...fresh],
    total,
    corrected,
    pages,
    here: page + 1,
    problem: null,
    lacking: null,
  };
}
