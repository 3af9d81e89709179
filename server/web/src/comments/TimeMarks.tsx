import { useEffect, useMemo, useState } from "react";
import { number } from "../messages";
import { words } from "../messages/comments";
import { clock } from "../player/time";
import { marksOf, nextOf, type Mark } from "./marks";
import { useRoom } from "./room";
import { momentsOf, type Said } from "./said";
import { useEnds } from "./useVideo";

interface Props {
  said: Said;
  /** The time bar's own place for them. */
  bar: HTMLElement;
}

/**
 * Comments on the time bar. They are for pointers: the list has the same, in the same order, for the keyboard,
 * which would meet dozens of buttons here.
 */
export function TimeMarks({ said, bar }: Props) {
  const { video, selected, go } = useRoom();
  const [from, to] = useEnds(video);
  const width = useWidth(bar);
  const moments = useMemo(() => momentsOf(said), [said]);
  const marks = useMemo(() => marksOf(moments, from, to, width), [moments, from, to, width]);
  const press = (mark: Mark) => {
    const comment = said.get(nextOf(mark, selected) ?? "");
    if (comment) go(comment);
  };
  return marks.map((mark) => (
    <button
      key={mark.ids[0]}
      type="button"
      className="time-mark"
      tabIndex={-1}
      style={{ left: `${mark.at * 100}%` }}
      data-many={mark.ids.length > 1 || undefined}
      data-selected={(selected !== null && mark.ids.includes(selected)) || undefined}
      aria-label={words.marks(mark.ids.length, clock(mark.time))}
      title={titleOf(mark, said)}
      onClick={(event) => {
        event.currentTarget.blur();
        press(mark);
      }}
    >
      {mark.ids.length > 1 && number(mark.ids.length)}
    </button>
  ));
}

/** Longer, and a tooltip covers the picture. */
const MOST_SHOWN = 120;

function titleOf({ ids, time }: Mark, said: Said): string {
  const [first] = ids.map((id) => said.get(id));
  if (ids.length > 1 || !first) return words.marks(ids.length, clock(time));
  const text = first.body.length > MOST_SHOWN ? `${first.body.slice(0, MOST_SHOWN)}…` : first.body;
  return words.preview(first.author?.name ?? words.nobody, text);
}

function useWidth(element: HTMLElement): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
