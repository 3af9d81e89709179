import { afterEach, expect, test } from "vitest";
import { messages } from "../../src/messages";
import { commandFor, focusOf, HELP_ROWS } from "../../src/player/keys";

const press = (key: string, held: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test.each([
  [" ", { do: "togglePlay" }],
  ["K", { do: "togglePlay" }],
  ["j", { do: "seekBy", seconds: -10 }],
  ["ArrowRight", { do: "seekBy", seconds: 5 }],
  ["7", { do: "seekToFraction", fraction: 0.7 }],
  [">", { do: "stepRate", by: 1 }],
  ["?", { do: "help" }],
  ["c", { do: "toggleCaptions" }],
  ["T", { do: "toggleTheatre" }],
])("%s is a command", (key, command) => {
  expect(commandFor(press(key), "page")).toEqual(command);
});

test("keys held with others belong to the browser", () => {
  expect(commandFor(press("f", { ctrlKey: true }), "page")).toBeNull();
  expect(commandFor(press("ArrowLeft", { altKey: true }), "page")).toBeNull();
});

test.each([
  ["button", " ", true],
  ["button", "k", false],
  ["slider", "ArrowLeft", true],
  ["slider", "j", false],
  ["text", "k", true],
  ["text", "Escape", false],
  ["reading", "ArrowDown", true],
  ["reading", "j", false],
] as const)("with the focus on a %s, it keeps %j: %s", (focus, key, kept) => {
  expect(commandFor(press(key), focus) === null).toBe(kept);
});

afterEach(() => (document.body.innerHTML = ""));

test.each([
  ["<button>x</button>", "button"],
  ["<a href='/'>x</a>", "button"],
  ["<input type='range'>", "slider"],
  ["<input>", "text"],
  ["<div role='slider'></div>", "slider"],
  ["<li role='menuitemradio'></li>", "text"],
  ["<button role='tab'>x</button>", "slider"],
  ["<ol data-reading>x</ol>", "reading"],
  ["<p>x</p>", "page"],
])("%s has the focus of a %s", (html, focus) => {
  document.body.innerHTML = html;
  const target = document.body.firstElementChild;
  expect(focusOf([target as EventTarget, document.body, document, window])).toBe(focus);
});

test("the help names every row it lists", () => {
  expect(HELP_ROWS.map(([row]) => messages.keys.rows[row]).every(Boolean)).toBe(true);
});
