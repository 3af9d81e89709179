/** The keyboard of the player: a table from keys to commands, with no page behind it. */

export type Command =
  | { do: "togglePlay" | "toggleMute" | "toggleFullscreen" | "togglePip" | "goLive" | "help" | "close" }
  | { do: "toggleCaptions" | "toggleTheatre" }
  | { do: "seekBy"; seconds: number }
  | { do: "seekToFraction"; fraction: number }
  | { do: "changeVolume"; by: number }
  | { do: "stepRate"; by: 1 | -1 };

const COMMANDS: Readonly<Record<string, Command>> = {
  " ": { do: "togglePlay" },
  k: { do: "togglePlay" },
  j: { do: "seekBy", seconds: -10 },
  l: { do: "seekBy", seconds: 10 },
  ArrowLeft: { do: "seekBy", seconds: -5 },
  ArrowRight: { do: "seekBy", seconds: 5 },
  ArrowUp: { do: "changeVolume", by: 0.1 },
  ArrowDown: { do: "changeVolume", by: -0.1 },
  Home: { do: "seekToFraction", fraction: 0 },
  End: { do: "seekToFraction", fraction: 1 },
  m: { do: "toggleMute" },
  f: { do: "toggleFullscreen" },
  i: { do: "togglePip" },
  c: { do: "toggleCaptions" },
  t: { do: "toggleTheatre" },
  e: { do: "goLive" },
  "<": { do: "stepRate", by: -1 },
  ">": { do: "stepRate", by: 1 },
  "?": { do: "help" },
  Escape: { do: "close" },
};

/** What has the focus when a key is pressed: it keeps the keys it needs itself. */
export type Focus = "page" | "button" | "slider" | "text" | "reading";

const KEPT: Readonly<Record<Focus, (key: string) => boolean>> = {
  page: () => false,
  button: (key) => key === " " || key === "Enter",
  slider: (key) => key.startsWith("Arrow") || key === "Home" || key === "End",
  text: (key) => key !== "Escape",
  // A list that scrolls, of lines that can be pressed.
  reading: (key) => [" ", "Enter", "ArrowUp", "ArrowDown", "Home", "End"].includes(key),
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export function commandFor(press: KeyPress, focus: Focus): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || KEPT[focus](press.key)) return null;
  if (/^[0-9]$/.test(press.key)) return { do: "seekToFraction", fraction: Number(press.key) / 10 };
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return COMMANDS[key] ?? null;
}

const BUTTONS = new Set(["BUTTON", "A", "SUMMARY"]);
const TEXTS = new Set(["TEXTAREA", "SELECT"]);

/** Looks through shadow roots: the player's sliders live in some. */
export function focusOf(path: readonly EventTarget[]): Focus {
  for (const target of path) {
    if (!(target instanceof HTMLElement)) continue;
    const role = target.getAttribute("role");
    if (TEXTS.has(target.tagName) || target.isContentEditable) return "text";
    if (target instanceof HTMLInputElement) return target.type === "range" ? "slider" : "text";
    if (target.closest("[data-reading]")) return "reading";
    if (role === "slider") return "slider";
    if (role === "menuitemradio" || role === "application") return "text";
    if (role === "tab") return "slider"; // arrows go from tab to tab
    if (BUTTONS.has(target.tagName) || role === "button") return "button";
  }
  return "page";
}

/** The help overlay's rows: the same keys in the order people look for them. */
export const HELP_ROWS = [
  ["play", ["Space", "K"]],
  ["back", ["J", "←"]],
  ["ahead", ["L", "→"]],
  ["volume", ["↑", "↓"]],
  ["mute", ["M"]],
  ["fullscreen", ["F"]],
  ["pip", ["I"]],
  ["theatre", ["T"]],
  ["captions", ["C"]],
  ["speed", ["<", ">"]],
  ["tenths", ["0", "9"]],
  ["live", ["E"]],
  ["help", ["?"]],
] as const;
