import { expect, test } from "vitest";
import { transcriptOf, type Segment } from "../../src/api/transcript";
import { bySegment, find, partsOf } from "../../src/panel/find";
import { plainText } from "../../src/panel/TranscriptTab";

const segments: Segment[] = ["Open the Café menu", "Then close it", "CAFE, cafe\u0301 and ﬁle"].map(
  (text, id) => ({ id, start: id * 70, end: id * 70 + 1, text }),
);

test("words are found whatever their case and accents, and marked where they stand", () => {
  const hits = find(segments, "  café ");
  expect(hits.map(({ segment }) => segment)).toEqual([0, 2, 2]);
  expect(hits.map(({ segment, from, to }) => segments[segment]?.text.slice(from, to))).toEqual([
    "Café",
    "CAFE",
    "cafe\u0301",
  ]);
  expect(find(segments, "file")[0]).toEqual({ segment: 2, from: 16, to: 19 });
});

test("nothing is found for nothing", () => {
  expect(find(segments, "   ")).toEqual([]);
  expect(find(segments, "nowhere")).toEqual([]);
});

test("the parts of a text are the text, with its hits numbered over all segments", () => {
  const found = bySegment(find(segments, "cafe")).get(2);
  const parts = partsOf(segments[2]?.text ?? "", found?.hits ?? [], found?.first ?? 0);
  expect(parts.map((part) => part.text).join("")).toBe(segments[2]?.text);
  expect(parts.map((part) => part.hit)).toEqual([1, null, 2, null]);
});

test("what was emptied by somebody is not shown, and the rest is copied with its times", () => {
  const emptied = { id: 9, start: 3, end: 4, text: " " };
  const transcript = transcriptOf({ status: "partial", segments: [...segments, emptied] });
  expect(transcript).toMatchObject({ partial: true, language: "und" });
  expect(plainText(transcript.segments).split("\n")).toEqual([
    "0:00 Open the Café menu",
    "1:10 Then close it",
    "2:20 CAFE, cafe\u0301 and ﬁle",
  ]);
});
