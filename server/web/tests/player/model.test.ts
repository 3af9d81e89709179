import { expect, test } from "vitest";
import { backOff } from "../../src/player/backoff";
import { advance, RATES, stepRate, type Stage, type StageEvent } from "../../src/player/model";

test.each<[Stage, StageEvent, Stage]>([
  ["opening", "opened", "ready"],
  ["opening", "trouble", "recovering"],
  ["ready", "trouble", "recovering"],
  ["recovering", "healthy", "ready"],
  ["recovering", "gaveUp", "failed"],
  ["failed", "reopen", "opening"],
])("%s, then %s, is %s", (stage, event, next) => {
  expect(advance(stage, event)).toBe(next);
});

test.each<[Stage, StageEvent]>([
  ["opening", "healthy"],
  ["failed", "healthy"],
  ["failed", "trouble"],
  ["ready", "opened"],
])("%s stays as it is on %s", (stage, event) => {
  expect(advance(stage, event)).toBe(stage);
});

test("speeds step through the menu and stop at its ends", () => {
  expect(stepRate(1, 1)).toBe(1.25);
  expect(stepRate(1.05, -1)).toBe(1);
  expect(stepRate(2, 1)).toBe(2);
  expect(stepRate(0.5, -1)).toBe(0.5);
  expect(RATES).toContain(1);
});

test("pauses double up to a ceiling, and differ between viewers", () => {
  expect([1, 2, 3, 9].map((attempt) => backOff(attempt, () => 1))).toEqual([1000, 2000, 4000, 15_000]);
  expect(backOff(9, () => 0)).toBe(7500);
});
