const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;

/** Pause before the n-th try (n from 1): doubles up to a ceiling, with up to half of it random so that viewers spread out. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + 0.5 * random()));
}
