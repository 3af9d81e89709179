import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { createPortal } from "react-dom";
import { words } from "../messages/comments";
import { clock } from "../player/time";
import { begin, BLANK, extend, finish, isFull, undo } from "./drawing";
import { COLORS, PadTools } from "./PadTools";
import { useRoom } from "./room";
import { HIGH } from "./shape";
import { frameOf, Strokes } from "./Sketch";
import { useRatio } from "./useVideo";
import type { Point, Stroke, Tool } from "./wire";

interface Props {
  strokes: readonly Stroke[];
  /** Seconds of the frame. */
  time: number;
  /** Null leaves the drawing as it was. */
  onDone: (strokes: readonly Stroke[] | null) => void;
}

const MIDDLE: Point = [0.5, 0.5];
const STEP = 0.01;
const FAR = 0.05;
const WAYS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What is drawn, by pointer and by keyboard. `onEnd` is Escape. */
function useSketch(begun: readonly Stroke[], ratio: number, onEnd: (strokes: readonly Stroke[]) => void) {
  const [sketch, setSketch] = useState({ ...BLANK, strokes: begun });
  const [tool, setTool] = useState<Tool>("pen");
  const [color, setColor] = useState<string>(COLORS[0]);
  /** Where the keyboard's pen is; null while nobody uses it. */
  const [pen, setPen] = useState<Point | null>(null);

  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setPen(null);
    setSketch(begin(sketch, tool, color, placeOf(event.currentTarget, event, ratio)));
  };
  const onPointerMove = ({ currentTarget, nativeEvent, isPrimary }: PointerEvent<SVGSVGElement>) => {
    if (!isPrimary || !sketch.going) return;
    const all = placesOf(nativeEvent).map((one) => placeOf(currentTarget, one, ratio));
    setSketch((known) => all.reduce(extend, known));
  };
  const lift = () => setSketch(finish);
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keyOf(event);
    if (!act) return;
    event.preventDefault();
    const at = pen ?? MIDDLE;
    if (act === "undo") setSketch(undo);
    else if (act === "end") onEnd(sketch.strokes);
    else if (act === "pen") {
      setPen(at);
      setSketch(sketch.going ? finish(sketch) : begin(sketch, tool, color, at));
    } else {
      const next = moved(at, act, event.shiftKey ? FAR : STEP, ratio);
      setPen(next);
      setSketch(extend(sketch, next));
    }
  };
  const handlers = { onPointerDown, onPointerMove, onPointerUp: lift, onPointerCancel: lift, onKeyDown };
  return { sketch, setSketch, tool, setTool, color, setColor, pen, handlers };
}

/** The picture, to draw on: by mouse, finger or pen, or with the keyboard. Its tools stand below the picture. */
export function Pad({ strokes, time, onDone }: Props) {
  const { video, hosts } = useRoom();
  const ratio = useRatio(video);
  const frame = useRef<SVGSVGElement>(null);
  const drawing = useSketch(strokes, ratio, (made) => onDone(made.length > 0 ? made : null));
  const { sketch, setSketch, pen } = drawing;

  useEffect(() => {
    frame.current?.focus();
    const player = frame.current?.closest(".player");
    player?.setAttribute("data-drawing", "");
    return () => player?.removeAttribute("data-drawing");
  }, []);

  if (!hosts.over || !hosts.below) return null;
  return (
    <>
      {createPortal(
        <svg
          ref={frame}
          className="sketch pad"
          viewBox={frameOf(ratio)}
          role="application"
          tabIndex={0}
          aria-label={words.pad.label(clock(time))}
          {...drawing.handlers}
        >
          <Strokes
            strokes={sketch.going ? [...sketch.strokes, sketch.going] : sketch.strokes}
            ratio={ratio}
          />
          {pen && <Pen at={pen} down={sketch.going !== null} ratio={ratio} />}
        </svg>,
        hosts.over,
      )}
      {createPortal(
        <PadTools
          tool={drawing.tool}
          color={drawing.color}
          onTool={drawing.setTool}
          onColor={drawing.setColor}
          onUndo={sketch.strokes.length > 0 ? () => setSketch(undo) : null}
          onCancel={() => onDone(null)}
          onDone={() => onDone(finish(sketch).strokes)}
          said={isFull(sketch) ? words.pad.full : pen ? (sketch.going ? words.pad.down : words.pad.up) : ""}
        />,
        hosts.below,
      )}
    </>
  );
}

/** Where the keyboard draws. */
function Pen({ at: [x, y], down, ratio }: { at: Point; down: boolean; ratio: number }) {
  const [cx, cy] = [x * ratio * HIGH, y * HIGH];
  return (
    <g className="pad-pen" data-down={down || undefined}>
      <circle cx={cx} cy={cy} r={14} />
      <path d={`M${cx - 26} ${cy}h52M${cx} ${cy - 26}v52`} />
    </g>
  );
}

function keyOf({ key, ctrlKey, metaKey }: KeyboardEvent): "undo" | "end" | "pen" | Point | null {
  if (key === "Backspace" || ((ctrlKey || metaKey) && key.toLowerCase() === "z")) return "undo";
  if (key === "Escape") return "end";
  if (key === "Enter" || key === " ") return "pen";
  return WAYS[key] ?? null;
}

/** As far across as up and down, on the screen. */
function moved([x, y]: Point, [right, down]: Point, by: number, ratio: number): Point {
  return [inside(x + (right * by) / ratio), inside(y + down * by)];
}

/** Between two frames of the page a pen may have been at many places; not every browser tells, nor on plain http. */
function placesOf(event: globalThis.PointerEvent): globalThis.PointerEvent[] {
  const places = "getCoalescedEvents" in event ? event.getCoalescedEvents() : [];
  return places.length > 0 ? places : [event];
}

function placeOf(frame: SVGSVGElement, at: { clientX: number; clientY: number }, ratio: number): Point {
  const inverse = frame.getScreenCTM()?.inverse();
  const { x, y } = new DOMPoint(at.clientX, at.clientY).matrixTransform(inverse);
  return [inside(x / (ratio * HIGH)), inside(y / HIGH)];
}

function inside(part: number): number {
  return Math.min(1, Math.max(0, part));
}
