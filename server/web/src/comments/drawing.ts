/** A drawing while it is made, in the server's format and within its limits. Pure: no page, no pointer. */

import type { Point, Stroke, Tool } from "./wire";

export const MOST_STROKES = 100;
export const MOST_POINTS = 4000;
/** Parts of the picture's height. */
const WIDTHS: Readonly<Record<Tool, number>> = {
  pen: 0.007,
  highlighter: 0.04,
  line: 0.007,
  arrow: 0.008,
  rectangle: 0.007,
  ellipse: 0.007,
};
const FREE: ReadonlySet<Tool> = new Set(["pen", "highlighter"]);
/** A hand that holds still trembles by less. */
const STEP = 0.002;
/** No eye sees a way that is off by less. */
const OFF_BY = 0.001;
/** A pointer that was only pressed drew no line. */
const SMALLEST = 0.008;

export interface Sketching {
  strokes: readonly Stroke[];
  /** The one that is being drawn. */
  going: Stroke | null;
}

export const BLANK: Sketching = { strokes: [], going: null };

export function begin({ strokes }: Sketching, tool: Tool, color: string, at: Point): Sketching {
  if (strokes.length >= MOST_STROKES) return { strokes, going: null };
  const points = FREE.has(tool) ? [at] : [at, at];
  return { strokes, going: { tool, color, width: WIDTHS[tool], points } };
}

export function extend(sketch: Sketching, at: Point): Sketching {
  const { strokes, going } = sketch;
  if (!going) return sketch;
  const [first] = going.points;
  const last = going.points.at(-1);
  if (!first || !last) return sketch;
  if (!FREE.has(going.tool)) return { strokes, going: { ...going, points: [first, at] } };
  if (apart(last, at) < STEP) return sketch;
  return { strokes, going: { ...going, points: [...going.points, at] } };
}

/** What is too small for what it is, or more than a drawing may have, is left out. */
export function finish({ strokes, going }: Sketching): Sketching {
  if (!going) return { strokes, going: null };
  const [first, last] = [going.points[0], going.points.at(-1)];
  const tooSmall = !FREE.has(going.tool) && first && last && apart(first, last) < SMALLEST;
  const points = FREE.has(going.tool) ? simplified(going.points, OFF_BY) : going.points;
  const room = MOST_POINTS - pointsOf(strokes);
  if (tooSmall || points.length > room) return { strokes, going: null };
  return { strokes: [...strokes, { ...going, points: points.map(rounded) }], going: null };
}

export function undo({ strokes, going }: Sketching): Sketching {
  return { strokes: going ? strokes : strokes.slice(0, -1), going: null };
}

export function isFull({ strokes }: Sketching): boolean {
  return strokes.length >= MOST_STROKES || pointsOf(strokes) > MOST_POINTS - 100;
}

/** The way with fewer points, off by at most `tolerance` (Ramer, Douglas, Peucker). */
export function simplified(points: readonly Point[], tolerance: number): Point[] {
  const keep = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const farthest = farthestFrom(points, from, to);
    if (farthest.distance <= tolerance) continue;
    keep.add(farthest.index);
    open.push([from, farthest.index], [farthest.index, to]);
  }
  return points.filter((_, index) => keep.has(index));
}

function farthestFrom(points: readonly Point[], from: number, to: number) {
  const farthest = { index: from, distance: 0 };
  const [a, b] = [points[from], points[to]];
  if (!a || !b) return farthest;
  for (let index = from + 1; index < to; index++) {
    const point = points[index];
    const distance = point ? distanceTo(point, a, b) : 0;
    if (distance > farthest.distance) Object.assign(farthest, { index, distance });
  }
  return farthest;
}

function distanceTo([x, y]: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return apart([x, y], a);
  return Math.abs(dx * (a[1] - y) - dy * (a[0] - x)) / length;
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function pointsOf(strokes: readonly Stroke[]): number {
  return strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
}

function rounded([x, y]: Point): Point {
  return [Number(x.toFixed(5)), Number(y.toFixed(5))];
}
