import type { Caption } from "../api/share";
import { messages } from "../messages";
import { Icon } from "../ui/icons";
import { shownCaption } from "./captions";
import { LiveButton } from "./LiveButton";
import { group, Menu } from "./Menu";
import { RATES, type PlayerState } from "./model";
import { CAPTION_SIZES, prefer, usePreferences } from "./preferences";
import type { Session } from "./session";
import { useCurrent } from "./useCurrent";
import type { PlayerHandle } from "./usePlayer";

interface Props {
  player: PlayerHandle;
  /** Heights to choose from; fewer than two leave nothing to choose. */
  heights: readonly number[];
  captions: readonly Caption[];
  /** The page has room to make the player wider. */
  theatre: boolean;
  onHelp: () => void;
}

const words = messages.player;

export function Controls({ player, heights, captions, theatre, onHelp }: Props) {
  const { session, state } = player;
  const { attachMarks } = player.hosts;
  return (
    <div className="controls" role="group" aria-label={words.controls}>
      <div className="time-bar">
        <media-time-range />
        <div className="time-marks" ref={attachMarks} />
      </div>
      <media-control-bar>
        <media-play-button />
        <media-mute-button />
        <media-volume-range />
        <media-time-display showduration={state.live !== true || undefined} notoggle />
        {state.live && <LiveButton state={state} onClick={() => session?.goLive()} />}
        <ChapterNow player={player} />
        <span className="controls-gap" />
        <SpeedMenu state={state} session={session} />
        {captions.length > 0 && <CaptionsMenu captions={captions} />}
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
        {theatre && <TheatreButton />}
        <media-fullscreen-button />
      </media-control-bar>
    </div>
  );
}

function ChapterNow({ player: { video, chapters } }: Pick<Props, "player">) {
  const starts = chapters.map((chapter) => chapter.start);
  const chapter = chapters[useCurrent(video, starts)];
  return chapter ? <span className="chapter-now">{chapter.title}</span> : null;
}

interface MenuProps {
  session: Session | null;
  state: PlayerState;
}

function SpeedMenu({ session, state }: MenuProps) {
  const shown = words.speedValue(state.rate);
  const choices = RATES.map((rate) => ({
    value: rate,
    label: rate === 1 ? words.normal : words.speedValue(rate),
  }));
  const speeds = group<number>(words.speed, choices, state.rate, (rate) => session?.setRate(rate));
  return (
    <Menu name={`${words.speed}: ${shown}`} groups={[speeds]}>
      {shown}
    </Menu>
  );
}

function QualityMenu({ session, state, heights }: MenuProps & Pick<Props, "heights">) {
  const auto = state.quality === null && state.height !== null ? words.autoNow(state.height) : words.auto;
  const choices = [
    { value: null, label: auto },
    ...heights.map((height) => ({ value: height, label: words.qualityValue(height) })),
  ];
  const shown = state.quality === null ? words.auto : words.qualityValue(state.quality);
  return (
    <Menu
      name={`${words.quality}: ${shown}`}
      groups={[group<number | null>(words.quality, choices, state.quality, (to) => session?.setQuality(to))]}
    >
      {shown}
    </Menu>
  );
}

function CaptionsMenu({ captions }: Pick<Props, "captions">) {
  const preferences = usePreferences();
  const shown = shownCaption(captions, preferences);
  const choices = [
    { value: null, label: words.captionsOff },
    ...captions.map(({ language, label }) => ({ value: language, label })),
  ];
  const choose = (language: string | null) =>
    prefer(language === null ? { captions: false } : { captions: true, captionLanguage: language });
  const sizes = CAPTION_SIZES.map((value) => ({ value, label: words.captionSizes[value] }));
  return (
    <Menu
      name={`${words.captions}: ${shown?.label ?? words.captionsOff}`}
      className="menu-captions"
      groups={[
        group<string | null>(words.captions, choices, shown?.language ?? null, choose),
        group(words.captionSize, sizes, preferences.captionSize, (captionSize) => prefer({ captionSize })),
      ]}
    >
      <span className="lit" data-lit={shown ? true : undefined}>
        <Icon name="captions" />
      </span>
    </Menu>
  );
}

function TheatreButton() {
  const { theatre } = usePreferences();
  const name = theatre ? words.narrower : words.theatre;
  return (
    <button
      type="button"
      className="control control-theatre"
      aria-label={name}
      title={name}
      aria-pressed={theatre}
      onClick={() => prefer({ theatre: !theatre })}
    >
      <Icon name={theatre ? "narrower" : "theatre"} />
    </button>
  );
}
