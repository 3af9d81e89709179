/** Finding words in a transcript as people type them: without regard to case and accents. */

import type { Segment } from "../api/transcript";

/** Where in the text of a segment, as a half-open range. */
export interface Hit {
  segment: number;
  from: number;
  to: number;
}

export interface Part {
  text: string;
  /** Number of the hit it is, counted over all segments; null for what was not looked for. */
  hit: number | null;
}

export function find(segments: readonly Segment[], query: string): Hit[] {
  const wanted = fold(query.trim().replaceAll(/\s+/g, " ")).text;
  if (!wanted) return [];
  return segments.flatMap((segment, index) => hitsIn(segment.text, wanted, index));
}

function hitsIn(text: string, wanted: string, segment: number): Hit[] {
  const folded = fold(text);
  const hits: Hit[] = [];
  for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length)) {
    const from = folded.places[at] ?? 0;
    hits.push({ segment, from, to: folded.places[at + wanted.length] ?? text.length });
  }
  return hits;
}

/** The text in the form that is compared, and for each of its letters where it stood. */
function fold(text: string): { text: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let place = 0;
  for (const letter of text) {
    const plain = letter.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
    places.push(...Array<number>(plain.length).fill(place));
    folded += plain;
    place += letter.length;
  }
  return { text: folded, places };
}

/** A segment's text, cut where it has hits; `first` is the number of its first one. */
export function partsOf(text: string, hits: readonly Hit[], first: number): Part[] {
  const parts: Part[] = [];
  let at = 0;
  hits.forEach(({ from, to }, index) => {
    if (from > at) parts.push({ text: text.slice(at, from), hit: null });
    parts.push({ text: text.slice(from, to), hit: first + index });
    at = to;
  });
  if (at < text.length) parts.push({ text: text.slice(at), hit: null });
  return parts;
}

/** Numbers of the first hit of each segment that has some, with the hits. */
export function bySegment(hits: readonly Hit[]): Map<number, { first: number; hits: Hit[] }> {
  const found = new Map<number, { first: number; hits: Hit[] }>();
  hits.forEach((hit, index) => {
    const there = found.get(hit.segment);
    if (there) there.hits.push(hit);
    else found.set(hit.segment, { first: index, hits: [hit] });
  });
  return found;
}
