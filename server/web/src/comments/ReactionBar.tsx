import { useEffect, useState } from "react";
import { number } from "../messages";
import { words } from "../messages/comments";
import { press } from "../panel/press";
import { clock } from "../player/time";
import { momentOf } from "./draft";
import type { Floats } from "./floats";
import { useRoom } from "./room";
import { useAct } from "./useAct";
import { EMOJI, type Counts, type Reaction } from "./wire";

/** Long enough to see that it was the wrong one. */
const SHOWN_MS = 8_000;

/** An emoji at the moment one looks at, in one press. */
export function ReactionBar({ counts, floats }: { counts: Counts; floats: Floats }) {
  const { talk, video, name } = useRoom();
  const [last, setLast] = useState<Reaction | null>(null);
  const { busy, problem, act, say } = useAct();

  useEffect(() => {
    if (last === null) return;
    const timer = window.setTimeout(() => setLast(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [last]);

  const react = async (emoji: string) => {
    if (name.trim() === "") {
      say(words.nameFirst);
      return;
    }
    const time = momentOf(video?.currentTime ?? 0);
    floats.skip(time);
    floats.show(emoji);
    await act(async () => setLast(await talk.react(emoji, time, name)));
  };
  const takeBack = (reaction: Reaction) => act(() => talk.takeBack(reaction)).then(() => setLast(null));

  return (
    <div className="reactions" role="group" aria-label={words.reactions}>
      {EMOJI.map((emoji) => {
        const count = counts[emoji] ?? 0;
        const meaning = words.emoji[emoji] ?? emoji;
        return (
          <button
            key={emoji}
            type="button"
            className="reaction"
            aria-label={count > 0 ? words.reactCount(meaning, count) : words.react(meaning)}
            title={meaning}
            aria-disabled={busy || undefined}
            onClick={(event) => press(event, () => void react(emoji))}
          >
            <span aria-hidden="true">{emoji}</span>
            {count > 0 && <span className="reaction-count">{number(count)}</span>}
          </button>
        );
      })}
      <p className="reaction-said" role="status">
        {problem || (last && words.reacted(last.emoji, clock(last.time)))}
        {last && !problem && (
          <button type="button" className="talk-link" disabled={busy} onClick={() => void takeBack(last)}>
            {words.takeBack}
          </button>
        )}
      </p>
    </div>
  );
}
