import type { Command } from "./keys";
import type { Session } from "./session";

/** Carries out what a key asked for; fullscreen and picture in picture go through the buttons that know their state. */
export function run(session: Session, command: Command): void {
  switch (command.do) {
    case "togglePlay": {
      session.togglePlay();
      return;
    }
    case "toggleMute": {
      session.toggleMute();
      return;
    }
    case "toggleFullscreen": {
      press("media-fullscreen-button");
      return;
    }
    case "togglePip": {
      press("media-pip-button");
      return;
    }
    case "goLive": {
      session.goLive();
      return;
    }
    case "seekBy": {
      session.seekBy(command.seconds);
      return;
    }
    case "seekToFraction": {
      session.seekToFraction(command.fraction);
      return;
    }
    case "changeVolume": {
      session.changeVolume(command.by);
      return;
    }
    case "stepRate": {
      session.stepRate(command.by);
      return;
    }
    case "toggleCaptions":
    case "toggleTheatre":
    case "help":
    case "close":
      return; // the page's own
  }
}

function press(element: string): void {
  document.querySelector<HTMLElement>(element)?.click();
}
