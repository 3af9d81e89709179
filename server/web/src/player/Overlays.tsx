import { messages } from "../messages";
import { Icon } from "../ui/icons";
import type { PlayerState } from "./model";
import type { Session } from "./session";

const words = messages.player;

interface Props {
  session: Session | null;
  state: PlayerState;
}

/** What lies over the picture: at most one thing in the middle and one in the corner. */
export function Overlays({ session, state }: Props) {
  if (state.stage === "failed") return <Failure session={session} state={state} />;
  return (
    <>
      <BigButton session={session} state={state} />
      {state.mutedByBrowser && !state.paused && (
        <button type="button" className="pill unmute" onClick={() => session?.unmute()}>
          <Icon name="soundOff" />
          {words.unmute}
        </button>
      )}
      <p className="pill notice" role="status" hidden={notice(state) === null}>
        {notice(state)}
      </p>
    </>
  );
}

function BigButton({ session, state }: Props) {
  const idle = state.paused && state.stage === "ready";
  if (!idle || (state.started && !state.ended)) return null;
  return (
    <button
      type="button"
      className="big-button"
      aria-label={state.ended ? words.replay : words.play}
      onClick={() => session?.togglePlay()}
    >
      <Icon name={state.ended ? "replay" : "play"} />
    </button>
  );
}

function Failure({ session, state }: Props) {
  const { title, text } = words.failed[state.trouble ?? "media"];
  return (
    <div className="failure" role="alert">
      <h2>{title}</h2>
      <p>{text}</p>
      {state.trouble !== "unsupported" && (
        <button type="button" className="button" onClick={() => session?.retryNow()}>
          {words.tryAgain}
        </button>
      )}
    </div>
  );
}

/** Only said when the picture really stands still: trouble that the buffer hides is nobody's business. */
function notice(state: PlayerState): string | null {
  if (state.stage === "recovering" && (state.stalled || !state.started)) return words.reconnecting;
  if (state.paused || !state.stalled) return null;
  if (state.flaky) return words.reconnecting;
  return state.live && state.following && state.started ? words.waitingForMore : null;
}
