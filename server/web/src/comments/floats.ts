/** Which reactions rise over the picture now. Knows nothing of React. */

import type { Reaction } from "./wire";

export interface Float {
  key: number;
  emoji: string;
  /** Where it rises, 0 to 1: not all in one place. */
  lane: number;
}

/** A glance, not a shower: what comes while so many are there is left out. */
const MOST = 8;
export const RISE_MS = 2_600;
/** A picture that moved on by more between two reports did not play: it jumped. */
const LONGEST_STEP_S = 2.5;
const NONE: readonly Float[] = [];

/** Those with a moment after `from` and not after `to`. */
export function passed(reactions: readonly Reaction[], from: number, to: number): Reaction[] {
  return reactions.filter((one) => one.time > from && one.time <= to);
}

export class Floats {
  private floats = NONE;
  private at = 0;
  private last = 0;
  private readonly listeners = new Set<() => void>();

  readonly state = (): readonly Float[] => this.floats;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The video plays, and is at `time`. */
  played(time: number, reactions: readonly Reaction[]): void {
    const step = time - this.at;
    if (step > 0 && step <= LONGEST_STEP_S) {
      for (const { emoji } of passed(reactions, this.at, time)) this.show(emoji);
    }
    this.at = time;
  }

  /** The video jumped, or somebody reacted here: what lies before `time` does not rise. */
  skip(time: number): void {
    this.at = time;
  }

  show(emoji: string): void {
    if (this.floats.length >= MOST) return;
    const key = ++this.last;
    this.set([...this.floats, { key, emoji, lane: (key * 0.37) % 1 }]);
    window.setTimeout(() => this.set(this.floats.filter((one) => one.key !== key)), RISE_MS);
  }

  private set(floats: readonly Float[]): void {
    this.floats = floats;
    this.listeners.forEach((listener) => listener());
  }
}
