/** Which captions to show, decided without a page. */

import type { Caption } from "../api/share";
import type { Preferences } from "./preferences";

/** Those to show now; null where they are off or there are none. */
export function shownCaption(captions: readonly Caption[], preferences: Preferences): Caption | null {
  return preferences.captions ? bestCaption(captions, preferences.captionLanguage) : null;
}

/** In the language that was chosen, else in one that the viewer reads, else the first. */
export function bestCaption(
  captions: readonly Caption[],
  chosen: string | null,
  read: readonly string[] = navigator.languages,
): Caption | null {
  const wanted = chosen === null ? read : [chosen, ...read];
  for (const language of wanted) {
    const found =
      captions.find((one) => one.language === language) ??
      captions.find((one) => main(one.language) === main(language));
    if (found) return found;
  }
  return captions[0] ?? null;
}

const main = (language: string) => language.split("-")[0]?.toLowerCase();

/** What the cues that are due now say, a line each. */
export function textOf(cues: Iterable<TextTrackCue>): string {
  return [...cues]
    .map((cue) => ("getCueAsHTML" in cue ? (cue as VTTCue).getCueAsHTML().textContent : ""))
    .filter(Boolean)
    .join("\n");
}
