import { expect, test } from "vitest";
import { follow, isNear, type LivePosition } from "../../src/player/live";

const at = (change: Partial<LivePosition>): LivePosition => ({
  behind: 1.5,
  aim: 1.5,
  ahead: 2,
  rate: 1,
  ...change,
});

test.each([
  ["at its place the picture keeps its pace", {}, { kind: "rate", rate: 1 }],
  ["a little late is not worth a change", { behind: 1.9 }, { kind: "rate", rate: 1 }],
  ["half a second late catches up", { behind: 2.2 }, { kind: "rate", rate: 1.05 }],
  ["catching up goes on until it has arrived", { behind: 1.8, rate: 1.05 }, { kind: "rate", rate: 1.05 }],
  ["having arrived it slows down again", { behind: 1.55, rate: 1.05 }, { kind: "rate", rate: 1 }],
  ["two seconds late hurries", { behind: 3.5 }, { kind: "rate", rate: 1.1 }],
  ["hurrying ends with catching up", { behind: 1.9, rate: 1.1 }, { kind: "rate", rate: 1.05 }],
  ["without a buffer hurrying would stall", { behind: 3.5, ahead: 0.3 }, { kind: "rate", rate: 1 }],
  ["far behind jumps", { behind: 5 }, { kind: "jump" }],
  ["a bigger distance asked for is no lateness", { behind: 9, aim: 8.8 }, { kind: "rate", rate: 1 }],
] as const)("%s", (_, position, move) => {
  expect(follow(at(position))).toEqual(move);
});

test("nobody is ever played faster than a tenth", () => {
  for (let behind = 0; behind < 4; behind += 0.1) {
    const move = follow(at({ behind, rate: 1.1 }));
    if (move.kind === "rate") expect(move.rate).toBeLessThanOrEqual(1.1);
  }
});

test("watching live means within seconds of where one aims", () => {
  expect(isNear(2, 1.5)).toBe(true);
  expect(isNear(12, 1.5)).toBe(false);
});
