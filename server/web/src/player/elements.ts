/** The custom elements of media-chrome that the player uses, registered one by one to keep the bundle small. */

import "media-chrome/media-control-bar";
import "media-chrome/media-controller";
import "media-chrome/media-fullscreen-button";
import "media-chrome/media-loading-indicator";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import "media-chrome/media-volume-range";
import { addTranslation, setLanguage } from "media-chrome/utils/i18n";
import type { DetailedHTMLProps, HTMLAttributes } from "react";

import { messages } from "../messages";
import { language } from "../messages/choice";

/** They know English alone, and would go by the browser's language. Before any of them is made. */
export function speakControls(): void {
  addTranslation(language, messages.player.elements);
  setLanguage(language);
}

type Tag<Extra = object> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Extra;
type Flag = boolean | undefined;

declare module "react" {
  // Custom elements join the known tags through JSX's own namespace: there is no other way to say it.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      "media-control-bar": Tag;
      "media-controller": Tag<{
        nohotkeys?: Flag;
        noautoseektolive?: Flag;
        nomutedpref?: Flag;
        noautohide?: Flag;
        lang?: string;
      }>;
      "media-fullscreen-button": Tag;
      "media-loading-indicator": Tag<{ noautohide?: Flag; loadingdelay?: string }>;
      "media-mute-button": Tag;
      "media-pip-button": Tag;
      "media-play-button": Tag;
      "media-time-display": Tag<{ showduration?: Flag; notoggle?: Flag }>;
      "media-time-range": Tag;
      "media-volume-range": Tag;
    }
  }
}
