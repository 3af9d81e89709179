/** A comment before it is sent: what it says, which moment it is about, what is drawn on that. */

import type { NewComment } from "./api";
import { MAX_TEXT, type Stroke } from "./wire";

export interface Draft {
  text: string;
  /** Null while nothing was typed yet, and for what is about all of the recording. */
  time: number | null;
  /** Somebody said that it is about all of it. */
  timeless: boolean;
  strokes: readonly Stroke[];
}

export const EMPTY: Draft = { text: "", time: null, timeless: false, strokes: [] };

/** The moment is taken when typing begins: that is what made somebody write, not what is there when they end. */
export function typed(draft: Draft, text: string, now: number): Draft {
  const begins = draft.text === "" && text !== "";
  if (begins && draft.time === null && !draft.timeless) return { ...draft, text, time: now };
  if (text === "" && draft.strokes.length === 0) return EMPTY;
  return { ...draft, text };
}

/** About all of it; a drawing has no place then. */
export function untimed(draft: Draft): Draft {
  return { ...draft, time: null, timeless: true, strokes: [] };
}

export function timed(draft: Draft, now: number): Draft {
  return { ...draft, time: now, timeless: false };
}

export function drawn(draft: Draft, strokes: readonly Stroke[], time: number): Draft {
  if (strokes.length > 0) return { ...draft, strokes, time, timeless: false };
  return draft.text === "" ? EMPTY : { ...draft, strokes };
}

/** Null while it cannot be sent. */
export function commentOf(draft: Draft, parentId: string | null = null): NewComment | null {
  const body = draft.text.trim();
  if (body === "" || lengthOf(draft.text) > MAX_TEXT) return null;
  const drawing = draft.strokes.length > 0 ? { strokes: [...draft.strokes] } : null;
  return { body, time: draft.time, parentId, drawing };
}

/** As the server counts: characters, of which an emoji may be two for JavaScript. */
export function lengthOf(text: string): number {
  return Array.from(text.trim()).length;
}

/** Where a video is, in whole milliseconds: rounded up, for the frame before would be another one. */
export function momentOf(seconds: number): number {
  return Math.ceil(Math.max(0, seconds) * 1000 - 1e-6) / 1000;
}
