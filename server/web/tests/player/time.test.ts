import { expect, test } from "vitest";
import { clock, linkAt, linkTime, parseTime } from "../../src/player/time";

test.each([
  ["80", 80],
  ["80s", 80],
  ["1m20s", 80],
  ["1h2m3s", 3723],
  ["1:20", 80],
  ["1:02:03", 3723],
  ["12.5", 12.5],
])("a link may say %s", (text, seconds) => {
  expect(parseTime(text)).toBe(seconds);
});

test.each([null, "", "soon", "-5", "1m20", "1:2:3:4", "s"])("%j is no time", (text) => {
  expect(parseTime(text)).toBeNull();
});

test.each([0, 5, 60, 80, 3600, 3723])("a link to second %i reads back as that second", (seconds) => {
  expect(parseTime(linkTime(seconds))).toBe(seconds);
});

test.each([
  [0, "0:00"],
  [62.9, "1:02"],
  [3723, "1:02:03"],
  [-3, "0:00"],
  [Infinity, "0:00"],
])("%d seconds are shown as %s", (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});

test("a link at a moment replaces the moment it had, and the first second needs none", () => {
  expect(linkAt("http://h/s/a?t=9s", 80)).toBe("http://h/s/a?t=1m20s");
  expect(linkAt("http://h/s/a?t=9s", 0.4)).toBe("http://h/s/a");
  expect(linkAt("http://h/s/a", null)).toBe("http://h/s/a");
});
