import { HIGH, pathOf } from "./shape";
import { useNear, useRatio } from "./useVideo";
import type { Stroke } from "./wire";

/** Strokes over the picture: the frame of an SVG fits into its place as the video does, so both stay together. */
export function frameOf(ratio: number): string {
  return `0 0 ${ratio * HIGH} ${HIGH}`;
}

export function Strokes({ strokes, ratio }: { strokes: readonly Stroke[]; ratio: number }) {
  return strokes.map((stroke, index) => (
    <path
      key={index}
      d={pathOf(stroke, ratio)}
      data-tool={stroke.tool}
      stroke={stroke.color}
      strokeWidth={stroke.width * HIGH}
    />
  ));
}

interface Props {
  video: HTMLVideoElement | null;
  strokes: readonly Stroke[];
  /** Seconds of its frame. */
  time: number | null;
  label: string;
}

/** Shown while the video is near its frame. */
export function Sketch({ video, strokes, time, label }: Props) {
  const ratio = useRatio(video);
  const near = useNear(video, time);
  if (!near || strokes.length === 0) return null;
  return (
    <svg className="sketch" viewBox={frameOf(ratio)} role="img" aria-label={label}>
      <Strokes strokes={strokes} ratio={ratio} />
    </svg>
  );
}
