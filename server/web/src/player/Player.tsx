import { useCallback, useState, type ReactNode } from "react";
import type { Share } from "../api/share";
import { messages } from "../messages";
import { language } from "../messages/choice";
import { shownCaption } from "./captions";
import { Controls } from "./Controls";
import "./elements";
import { KeyHelp } from "./KeyHelp";
import type { Command } from "./keys";
import { Overlays } from "./Overlays";
import { prefer, usePreferences, type CaptionSize } from "./preferences";
import { run } from "./run";
import { Tracks } from "./Tracks";
import { useKeys } from "./useKeys";
import type { PlayerHandle } from "./usePlayer";

interface Props {
  share: Share;
  player: PlayerHandle;
  /** The page can make the player wider. */
  theatre?: boolean;
  /** Lies over the top of the picture, coming and going with the controls. */
  children?: ReactNode;
}

/** Picture, controls and what lies over them. Without a finished poster the first frame stands in for it. */
export function Player({ share, player, theatre = false, children }: Props) {
  const { session, state, attach } = player;
  const { attachOver } = player.hosts;
  const preferences = usePreferences();
  const { captions: captionsOn, theatre: wide } = preferences;
  const caption = shownCaption(share.captions, preferences);
  const [help, setHelp] = useState(false);
  const [cue, setCue] = useState("");
  const command = useCallback(
    (asked: Command) => {
      if (asked.do === "help") setHelp((shown) => !shown);
      else if (asked.do === "toggleCaptions") prefer({ captions: !captionsOn });
      else if (asked.do === "toggleTheatre") prefer({ theatre: !wide });
      else if (session) run(session, asked);
    },
    [session, captionsOn, wide],
  );
  useKeys(command);

  return (
    <section className="player" aria-label={messages.player.label(share.title || messages.untitled)}>
      <media-controller nohotkeys noautoseektolive nomutedpref ref={takeAlong} lang={language}>
        <video
          ref={attach}
          slot="media"
          playsInline
          preload="auto"
          tabIndex={-1}
          poster={share.posterUrl ?? undefined}
          aria-label={share.title || messages.untitled}
        >
          <Tracks
            share={share}
            video={player.video}
            caption={caption}
            onCue={setCue}
            onChapters={player.setChapters}
          />
        </video>
        <media-loading-indicator slot="centered-chrome" noautohide />
        {children && <div slot="top-chrome">{children}</div>}
        {cue && <Captions text={cue} size={preferences.captionSize} language={caption?.language} />}
        <Controls
          player={player}
          heights={heightsOf(share)}
          captions={share.captions}
          theatre={theatre}
          onHelp={() => setHelp(true)}
        />
      </media-controller>
      <div className="over" ref={attachOver} />
      <Overlays session={session} state={state} />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </section>
  );
}

interface CaptionsProps {
  text: string;
  size: CaptionSize;
  language: string | undefined;
}

/** Stays when the controls go; stands before them, so that their menus open over it. */
function Captions({ text, size, language: spoken }: CaptionsProps) {
  const stays = { noautohide: "" };
  return (
    <p className="captions" data-size={size} lang={spoken} dir="auto" {...stays}>
      <span>{text}</span>
    </p>
  );
}

/** Fullscreen shows the whole section: what lies over the picture comes along. */
function takeAlong(controller: HTMLElement | null): void {
  if (controller) Object.assign(controller, { fullscreenElement: controller.parentElement });
}

function heightsOf(share: Share): number[] {
  const heights = share.quality.map((rendition) => rendition.height).filter((height) => height > 0);
  return [...new Set(heights)].sort((a, b) => b - a);
}
