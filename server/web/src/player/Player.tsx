import { useCallback, useState, type ReactNode } from "react";
import type { Share } from "../api/share";
import { language, messages } from "../messages";
import { Controls } from "./Controls";
import "./elements";
import { KeyHelp } from "./KeyHelp";
import type { Command } from "./keys";
import { Overlays } from "./Overlays";
import { run } from "./run";
import { useKeys } from "./useKeys";
import type { PlayerHandle } from "./usePlayer";

interface Props {
  share: Share;
  player: PlayerHandle;
  /** Lies over the top of the picture, coming and going with the controls. */
  children?: ReactNode;
}

/** Picture, controls and what lies over them. Without a finished poster the first frame stands in for it. */
export function Player({ share, player, children }: Props) {
  const { session, state, attach } = player;
  const [help, setHelp] = useState(false);
  const command = useCallback(
    (asked: Command) => {
      if (asked.do === "help") setHelp((shown) => !shown);
      else if (session) run(session, asked);
    },
    [session],
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
          {/* The time bar finds its pictures by this label, and shows them while one points at a moment. */}
          {share.storyboardUrl && (
            <track kind="metadata" label="thumbnails" src={share.storyboardUrl} default />
          )}
        </video>
        <media-loading-indicator slot="centered-chrome" noautohide />
        {children && <div slot="top-chrome">{children}</div>}
        <Controls session={session} state={state} heights={heightsOf(share)} onHelp={() => setHelp(true)} />
      </media-controller>
      <Overlays session={session} state={state} />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </section>
  );
}

/** Fullscreen shows the whole section: what lies over the picture comes along. */
function takeAlong(controller: HTMLElement | null): void {
  if (controller) Object.assign(controller, { fullscreenElement: controller.parentElement });
}

function heightsOf(share: Share): number[] {
  return [...new Set(share.quality.map((rendition) => rendition.height))].sort((a, b) => b - a);
}
