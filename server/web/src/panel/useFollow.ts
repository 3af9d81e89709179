import { useCallback, useEffect, useState, type RefObject } from "react";

/** A third from the top is where eyes rest: what was said stays in sight, more of what comes does. */
const EYE = 1 / 3;

interface Follow {
  following: boolean;
  /** Bring it back to what is said now, and keep it there. */
  follow: () => void;
  /** What the scroller must tell: any sign that somebody reads on their own. */
  handlers: Record<"onWheel" | "onTouchMove" | "onPointerDown" | "onKeyDown", (event: Sign) => void>;
}

interface Sign {
  key?: string;
  target: EventTarget;
  currentTarget: EventTarget;
}

const READING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Tab"]);

/** Keeps the current one of a scroller's items in sight, until the reader scrolls. Only the scroller moves, never the page. */
export function useFollow(scroller: RefObject<HTMLElement | null>, current: number, active: boolean): Follow {
  const [following, setFollowing] = useState(true);

  useEffect(() => {
    if (!following || !active || current < 0) return;
    const box = scroller.current;
    const item = box?.querySelector<HTMLElement>(`[data-index="${current}"]`);
    if (box && item) bring(box, item);
  }, [scroller, current, following, active]);

  const read = useCallback(() => setFollowing(false), []);
  return {
    following,
    follow: useCallback(() => setFollowing(true), []),
    handlers: {
      onWheel: read,
      onTouchMove: read,
      // The bar to scroll with belongs to the scroller itself.
      onPointerDown: (event) => event.target === event.currentTarget && read(),
      onKeyDown: (event) => READING.has(event.key ?? "") && read(),
    },
  };
}

export function bring(box: HTMLElement, item: HTMLElement): void {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = item.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  box.scrollTo({ top: top - box.clientHeight * EYE, behavior: calm ? "instant" : "smooth" });
}
