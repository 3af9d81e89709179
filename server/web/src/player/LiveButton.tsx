import { messages } from "../messages";
import type { PlayerState } from "./model";
import { clock } from "./time";

/** Lit while the viewer follows the recording; otherwise says how far behind the picture is, and jumps there. */
export function LiveButton({ state, onClick }: { state: PlayerState; onClick: () => void }) {
  const words = messages.player;
  const away = clock(state.behind);
  return (
    <button
      type="button"
      className="control live-button"
      data-live={state.following || undefined}
      aria-label={state.following ? words.isLive : words.goLive(away)}
      onClick={onClick}
    >
      <span className="live-dot" aria-hidden="true" />
      {words.live}
      {!state.following && <span className="live-behind">{words.behind(away)}</span>}
    </button>
  );
}
