/** Where comments stand on the time bar: those that would lie on each other are one, with their number. */

export interface Mark {
  /** Part of the bar, 0 to 1. */
  at: number;
  /** Seconds of the first. */
  time: number;
  /** In the order of the recording. */
  ids: string[];
}

/** Closer than this, in pixels, two cannot be told apart, nor pressed one by one. */
const APART_PX = 16;

/** `moments` in order; `from` and `to` are the seconds at the ends of the bar, `width` its pixels. */
export function marksOf(
  moments: readonly { id: string; time: number }[],
  from: number,
  to: number,
  width: number,
): Mark[] {
  if (!(to > from) || width <= 0) return [];
  const marks: (Mark & { sum: number; left: number })[] = [];
  for (const { id, time } of moments) {
    const at = Math.min(1, Math.max(0, (time - from) / (to - from)));
    const last = marks.at(-1);
    if (last && (at - last.left) * width < APART_PX) {
      last.ids.push(id);
      last.sum += at;
      last.at = last.sum / last.ids.length;
    } else marks.push({ at, time, ids: [id], sum: at, left: at });
  }
  return marks.map(({ at, time, ids }) => ({ at, time, ids }));
}

/** Pressing a mark goes through its comments, one after the other. */
export function nextOf(mark: Mark, selected: string | null): string | undefined {
  return mark.ids[(mark.ids.indexOf(selected ?? "") + 1) % mark.ids.length];
}
