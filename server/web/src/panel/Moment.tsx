import { messages } from "../messages";
import { clock } from "../player/time";
import { press } from "./press";

interface Props {
  seconds: number;
  onGo: (seconds: number) => void;
}

/** A time that can be pressed. */
export function Moment({ seconds, onGo }: Props) {
  return (
    <button
      type="button"
      className="moment"
      aria-label={messages.panel.playFrom(clock(seconds))}
      onClick={(event) => press(event, () => onGo(seconds))}
    >
      {clock(seconds)}
    </button>
  );
}
