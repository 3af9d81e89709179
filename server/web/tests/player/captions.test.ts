import { expect, test } from "vitest";
import { bestCaption, shownCaption } from "../../src/player/captions";
import { DEFAULTS, parse } from "../../src/player/preferences";
import { indexAt } from "../../src/player/useCurrent";

const caption = (language: string) => ({ language, label: language, url: `/${language}.vtt` });
const captions = [caption("de"), caption("en"), caption("pt-BR")];

test.each([
  ["de", ["en"], "de"],
  [null, ["en-GB", "de"], "en"],
  [null, ["pt"], "pt-BR"],
  ["fr", ["en"], "en"],
  [null, ["ja"], "de"],
])("chosen %s, read %j: captions in %s", (chosen, read, best) => {
  expect(bestCaption(captions, chosen, read)?.language).toBe(best);
});

test("captions are shown only to who wants them, and where there are any", () => {
  expect(shownCaption(captions, DEFAULTS)).toBeNull();
  const on = { ...DEFAULTS, captions: true, captionLanguage: "en" };
  expect(shownCaption(captions, on)?.language).toBe("en");
  expect(shownCaption([], on)).toBeNull();
});

test.each(["", "null", "7", "{", '{"captionSize":"gigantic","captions":"yes","theatre":1}'])(
  "what is kept may be broken: %j",
  (kept) => expect(parse(kept)).toEqual(DEFAULTS),
);

test("what is kept is taken", () => {
  const kept = { captions: true, captionLanguage: "de", captionSize: "huge", theatre: true };
  expect(parse(JSON.stringify(kept))).toEqual(kept);
});

test.each([
  [0, -1],
  [0.96, 0],
  [1, 0],
  [9.9, 0],
  [10, 1],
  [500, 2],
])("at %d s the segment %d has begun last", (time, index) => {
  expect(indexAt([1, 10, 20], time)).toBe(index);
  expect(indexAt([], time)).toBe(-1);
});
