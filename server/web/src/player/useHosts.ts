import { useMemo, useState } from "react";

type Attach = (element: HTMLElement | null) => void;

/** Places in and around the player that others fill, once they are loaded; null until they are on the page. */
export interface Hosts {
  /** Over the picture. */
  over: HTMLElement | null;
  /** On the time bar, as wide as its track. */
  marks: HTMLElement | null;
  /** Below the picture. */
  below: HTMLElement | null;
  attachOver: Attach;
  attachMarks: Attach;
  attachBelow: Attach;
}

export function useHosts(): Hosts {
  const [over, attachOver] = useState<HTMLElement | null>(null);
  const [marks, attachMarks] = useState<HTMLElement | null>(null);
  const [below, attachBelow] = useState<HTMLElement | null>(null);
  return useMemo(() => ({ over, marks, below, attachOver, attachMarks, attachBelow }), [over, marks, below]);
}
