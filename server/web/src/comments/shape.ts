/** Strokes as paths of SVG, in a picture that is 1000 units high. */

import type { Point, Stroke } from "./wire";

export const HIGH = 1000;

/** `ratio` is the picture's width by its height. */
export function pathOf({ tool, points, width }: Stroke, ratio: number): string {
  const [first, ...rest] = points.map(([x, y]): Point => [x * ratio * HIGH, y * HIGH]);
  if (!first) return "";
  const last = rest.at(-1) ?? first;
  switch (tool) {
    case "pen":
    case "highlighter":
      // A line of no length is a dot, where its ends are round.
      return `M${say(first)}${(rest.length > 0 ? rest : [first]).map((point) => `L${say(point)}`).join("")}`;
    case "line":
      return `M${say(first)}L${say(last)}`;
    case "arrow":
      return `M${say(first)}L${say(last)}${head(first, last, Math.max(28, width * HIGH * 4))}`;
    case "rectangle":
      return `M${say(first)}H${tenth(last[0])}V${tenth(last[1])}H${tenth(first[0])}Z`;
    case "ellipse": {
      const [rx, ry] = [Math.abs(last[0] - first[0]) / 2, Math.abs(last[1] - first[1]) / 2];
      const [left, middle] = [Math.min(first[0], last[0]), (first[1] + last[1]) / 2];
      const half = (to: number) => `a${tenth(rx)} ${tenth(ry)} 0 1 0 ${tenth(to)} 0`;
      return `M${say([left, middle])}${half(2 * rx)}${half(-2 * rx)}Z`;
    }
  }
}

/** The two barbs of an arrow that points from `a` to `b`. */
function head(a: Point, b: Point, length: number): string {
  const way = Math.atan2(b[1] - a[1], b[0] - a[0]);
  const barb = (turn: number): Point => [
    b[0] - length * Math.cos(way + turn),
    b[1] - length * Math.sin(way + turn),
  ];
  return `M${say(barb(0.5))}L${say(b)}L${say(barb(-0.5))}`;
}

function say([x, y]: Point): string {
  return `${tenth(x)} ${tenth(y)}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
