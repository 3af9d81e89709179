import { messages } from "../messages";
import { Icon } from "../ui/icons";
import { LiveButton } from "./LiveButton";
import { Menu } from "./Menu";
import { RATES, type PlayerState } from "./model";
import type { Session } from "./session";

interface Props {
  session: Session | null;
  state: PlayerState;
  /** Heights to choose from; fewer than two leave nothing to choose. */
  heights: readonly number[];
  onHelp: () => void;
}

const words = messages.player;

export function Controls({ session, state, heights, onHelp }: Props) {
  return (
    <div className="controls" role="group" aria-label={words.controls}>
      <media-time-range />
      <media-control-bar>
        <media-play-button />
        <media-mute-button />
        <media-volume-range />
        <media-time-display showduration={state.live !== true || undefined} notoggle />
        {state.live && <LiveButton state={state} onClick={() => session?.goLive()} />}
        <span className="controls-gap" />
        <SpeedMenu state={state} session={session} />
        {heights.length > 1 && <QualityMenu heights={heights} state={state} session={session} />}
        <button
          type="button"
          className="control control-help"
          aria-label={words.help}
          title={words.help}
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
        <media-pip-button />
        <media-fullscreen-button />
      </media-control-bar>
    </div>
  );
}

type MenuProps = Pick<Props, "session" | "state">;

const SPEEDS = RATES.map((rate) => ({
  value: rate,
  label: rate === 1 ? words.normal : words.speedValue(rate),
}));

function SpeedMenu({ session, state }: MenuProps) {
  return (
    <Menu
      name={words.speed}
      shown={words.speedValue(state.rate)}
      choices={SPEEDS}
      value={state.rate}
      onChoose={(rate) => session?.setRate(rate)}
    />
  );
}

function QualityMenu({ session, state, heights }: MenuProps & Pick<Props, "heights">) {
  const choices = [
    { value: null, label: words.auto },
    ...heights.map((height) => ({ value: height, label: words.qualityValue(height) })),
  ];
  return (
    <Menu
      name={words.quality}
      shown={state.quality === null ? words.auto : words.qualityValue(state.quality)}
      choices={choices}
      value={state.quality}
      onChoose={(height) => session?.setQuality(height)}
    />
  );
}
