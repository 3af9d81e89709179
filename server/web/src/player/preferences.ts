/** What a viewer chose for all recordings, kept in this browser. */

import { useSyncExternalStore } from "react";

export const CAPTION_SIZES = ["small", "normal", "large", "huge"] as const;
export type CaptionSize = (typeof CAPTION_SIZES)[number];

export interface Preferences {
  captions: boolean;
  /** BCP 47; null takes what fits the viewer best. */
  captionLanguage: string | null;
  captionSize: CaptionSize;
  theatre: boolean;
}

export const DEFAULTS: Preferences = {
  captions: false,
  captionLanguage: null,
  captionSize: "normal",
  theatre: false,
};

const KEY = "heddle.player";

/** What is kept may be of another version, or anybody's: each part is taken only where it makes sense. */
export function parse(text: string | null): Preferences {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? "null");
  } catch {
    // nothing usable
  }
  const raw = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
  const size = CAPTION_SIZES.find((one) => one === raw.captionSize);
  return {
    captions: raw.captions === true,
    captionLanguage: typeof raw.captionLanguage === "string" ? raw.captionLanguage : null,
    captionSize: size ?? DEFAULTS.captionSize,
    theatre: raw.theatre === true,
  };
}

const listeners = new Set<() => void>();
let current: Preferences | null = null;

function read(): Preferences {
  if (current === null) {
    try {
      current = parse(localStorage.getItem(KEY));
    } catch {
      current = DEFAULTS; // a frame, or a browser that keeps nothing
    }
  }
  return current;
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...read(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // then it lasts as long as the page
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, read);
}
