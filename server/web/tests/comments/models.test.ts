import { expect, test } from "vitest";
import { commentOf, drawn, EMPTY, lengthOf, momentOf, timed, typed, untimed } from "../../src/comments/draft";
import { begin, BLANK, extend, finish, MOST_STROKES, simplified, undo } from "../../src/comments/drawing";
import { passed } from "../../src/comments/floats";
import { marksOf, nextOf } from "../../src/comments/marks";
import { countOf, flat, heard, momentsOf, NOTHING, taken, threadsOf, without } from "../../src/comments/said";
import { pathOf } from "../../src/comments/shape";
import { partsOf } from "../../src/comments/text";
import type { Comment, Point, TalkEvent } from "../../src/comments/wire";
import { comment } from "./samples";

const nobody = () => false;
const bodies = (all: ReadonlyMap<string, Comment>) => threadsOf(all, "time").map(({ root }) => root.body);

// What was said.

test("threads are in the order of the recording or the newest first, replies the oldest first", () => {
  const all = taken(NOTHING, [
    comment("late", { time: 9, createdAt: "2026-01-03T12:00:00Z" }),
    comment("all", { time: null, createdAt: "2026-01-03T00:00:00Z" }),
    comment("early", { time: 1, createdAt: "2026-01-02T00:00:00+00:00" }),
    comment("second", { parentId: "late", createdAt: "2026-01-05T00:00:00Z" }),
    comment("first", { parentId: "late", createdAt: "2026-01-04T00:00:00Z" }),
  ]);
  expect(threadsOf(all, "time").map(({ root }) => root.id)).toEqual(["all", "early", "late"]);
  expect(threadsOf(all, "-created").map(({ root }) => root.id)).toEqual(["late", "all", "early"]);
  expect(threadsOf(all, "time")[2]?.replies.map(({ id }) => id)).toEqual(["first", "second"]);
  expect(momentsOf(all).map(({ id }) => id)).toEqual(["early", "late"]);
});

test("an answer and the news of the same comment are one comment, in its newest version", () => {
  const mine = comment("a", { mine: true, version: 2, body: "New" });
  const all = taken(taken(NOTHING, [comment("a", { body: "Old" })]), [mine, comment("a", { body: "Old" })]);
  expect([...all.values()]).toEqual([mine]);
  const news: TalkEvent = { type: "comment.created", data: said("a", { version: 1 }) };
  expect(heard(all, news, nobody)).toEqual({ said: all, ask: null, news: null });
});

test("what others say appears, and is asked for only where the news do not tell all of it", () => {
  const created = heard(NOTHING, { type: "comment.created", data: said("a") }, nobody);
  expect(created.said.get("a")).toMatchObject({ body: "Hello", mine: false, editedAt: null });
  expect([created.ask, created.news?.id]).toEqual([null, "a"]);
  const withDrawing = { type: "comment.created" as const, data: said("b", { hasDrawing: true }) };
  expect(heard(NOTHING, withDrawing, nobody).ask).toBe("b");
  const elsewhere = heard(NOTHING, { type: "comment.created", data: said("c") }, () => true);
  expect([elsewhere.ask, elsewhere.news]).toEqual(["c", null]);

  const change = said("a", { version: 2, body: "Hello!" });
  const changed = heard(created.said, { type: "comment.updated", data: change }, nobody);
  expect(changed.said.get("a")).toMatchObject({ body: "Hello!", version: 2 });
  expect(changed.said.get("a")?.editedAt).toBeTruthy();
  expect(changed.news).toBeNull();
  const settled: TalkEvent = {
    type: "comment.resolved",
    data: { commentId: "a", version: 3, resolved: true },
  };
  expect(heard(changed.said, settled, nobody).said.get("a")?.resolved).toBe(true);
});

test("what is deleted leaves its place while replies are left, which goes with the last of them", () => {
  const all = taken(NOTHING, [comment("a"), comment("b", { parentId: "a" })]);
  const data = { commentId: "a", version: 1, tombstone: true };
  const emptied = heard(all, { type: "comment.deleted", data }, nobody).said;
  expect(emptied.get("a")).toMatchObject({ deleted: true, body: "", author: null, mine: false });
  expect(countOf(emptied)).toBe(1);
  expect(momentsOf(emptied)).toEqual([]);
  expect(without(emptied, "b").size).toBe(0);
  expect(bodies(without(all, "b"))).toEqual(["Hello"]);
  expect(without(all, "unknown")).toBe(all);
});

test("threads of an answer are one comment after the other", () => {
  const found = flat([{ ...comment("a"), replies: [comment("b", { parentId: "a" })] }, comment("c")]);
  expect(found.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(found[0]).not.toHaveProperty("replies");
});

function said(id: string, change: object = {}) {
  const { parentId, author, body, time, endTime, mentions, createdAt, version } = comment(id);
  const data = { parentId, author, body, time, endTime, mentions, createdAt, version, hasDrawing: false };
  return { commentId: id, ...data, ...change };
}

// What it says.

test("mentions and addresses are marked, everything else is text, whatever it looks like", () => {
  const body = "Hi @Bob! <b>See</b> (https://example.org/a?b=1). @nobody, javascript:alert(1)";
  const parts = partsOf(body, [{ userId: "1", name: "bob" }]);
  expect(parts.map((part) => part.text).join("")).toBe(body);
  expect(parts.filter((part) => part.kind !== "text")).toEqual([
    { text: "@Bob", kind: "mention" },
    { text: "https://example.org/a?b=1", kind: "link" },
  ]);
  expect(partsOf("", [])).toEqual([]);
  expect(partsOf("https://", [])).toEqual([{ text: "https://", kind: "text" }]);
  const address = partsOf("Ask @ann@example.org.", [{ userId: "2", name: "ann" }]);
  expect(address[1]).toEqual({ text: "@ann@example.org", kind: "mention" });
});

// What is being written.

test("the moment is taken when typing begins, and can be taken away and set anew", () => {
  let draft = typed(EMPTY, "N", 12.5);
  draft = typed(draft, "Nice", 15);
  expect(commentOf(draft)).toEqual({ body: "Nice", time: 12.5, parentId: null, drawing: null });
  expect(typed(draft, "", 20)).toEqual(EMPTY);
  draft = typed(untimed(draft), "Nice!", 16);
  expect(commentOf(draft)?.time).toBeNull();
  expect(commentOf(timed(draft, 17))?.time).toBe(17);
});

test("a drawing brings the moment of its frame, and goes with it", () => {
  const stroke = { tool: "pen" as const, color: "#ff3b30", width: 0.007, points: [[0, 0] as Point] };
  const draft = drawn(typed(EMPTY, "Here", 3), [stroke], 8);
  expect(commentOf(draft)).toMatchObject({ time: 8, drawing: { strokes: [stroke] } });
  expect(untimed(draft).strokes).toEqual([]);
  expect(drawn(drawn(EMPTY, [stroke], 8), [], 0)).toEqual(EMPTY);
});

test("nothing, and too much, cannot be sent; an emoji is one character", () => {
  expect(commentOf(typed(EMPTY, "  ", 1))).toBeNull();
  expect(lengthOf("👍".repeat(5000))).toBe(5000);
  expect(commentOf(typed(EMPTY, "👍".repeat(5000), 1))).not.toBeNull();
  expect(commentOf(typed(EMPTY, "👍".repeat(5001), 1))).toBeNull();
});

test("a moment is never before the frame that was looked at", () => {
  expect(momentOf(1.03333)).toBe(1.034);
  expect(momentOf(2)).toBe(2);
  expect(momentOf(0.1 + 0.2)).toBe(0.3);
});

// What is being drawn.

const draw = (points: Point[], tool: "pen" | "arrow" = "pen") => {
  const [first = [0, 0] as Point, ...rest] = points;
  return finish(rest.reduce(extend, begin(BLANK, tool, "#ff3b30", first)));
};

test("a straight way keeps its ends, a corner keeps its corner", () => {
  const way = Array.from({ length: 101 }, (_, at): Point => [
    at / 100,
    at <= 50 ? 0.5 : 0.5 + (at - 50) / 100,
  ]);
  expect(draw(way).strokes[0]?.points).toEqual([
    [0, 0.5],
    [0.5, 0.5],
    [1, 1],
  ]);
  expect(simplified([[0, 0]], 0.1)).toEqual([[0, 0]]);
});

test("an arrow has two ends, and none that was only pressed; a pen leaves a dot", () => {
  const arrow = draw(
    [
      [0.1, 0.1],
      [0.5, 0.2],
      [0.9, 0.9],
    ],
    "arrow",
  );
  expect(arrow.strokes[0]?.points).toEqual([
    [0.1, 0.1],
    [0.9, 0.9],
  ]);
  expect(draw([[0.5, 0.5]], "arrow").strokes).toEqual([]);
  expect(draw([[0.5, 0.5]]).strokes[0]?.points).toEqual([[0.5, 0.5]]);
});

test("strokes are taken back one by one, and there are never more than the server takes", () => {
  let sketch = BLANK;
  for (let n = 0; n < MOST_STROKES + 5; n++) sketch = finish(begin(sketch, "pen", "#ff3b30", [0, n / 200]));
  expect(sketch.strokes).toHaveLength(MOST_STROKES);
  expect(undo(sketch).strokes).toHaveLength(MOST_STROKES - 1);
  expect(undo(begin(undo(sketch), "pen", "#ff3b30", [0, 0])).strokes).toHaveLength(MOST_STROKES - 1);
});

test.each([
  ["pen", "M160 100L320 200"],
  ["line", "M160 100L320 200"],
  ["rectangle", "M160 100H320V200H160Z"],
  ["ellipse", "M160 150a80 50 0 1 0 160 0a80 50 0 1 0 -160 0Z"],
] as const)("a %s has its way in the picture's own size", (tool, path) => {
  const points: Point[] = [
    [0.1, 0.1],
    [0.2, 0.2],
  ];
  expect(pathOf({ tool, points, color: "#ffffff", width: 0.01 }, 1.6)).toBe(path);
});

// On the time bar, over the picture.

test("comments that lie on each other are one mark with their number, gone through one by one", () => {
  const moments = [0, 10, 10.2, 10.4, 50].map((time, at) => ({ id: `c${at}`, time }));
  const marks = marksOf(moments, 0, 100, 500);
  expect(marks.map(({ ids }) => ids.length)).toEqual([1, 3, 1]);
  expect(marks[1]).toMatchObject({ time: 10, at: expect.closeTo(0.102) as number });
  const [, dense] = marks;
  if (!dense) throw new Error("no mark");
  expect(["c0", "c1", "c2", "c3"].map((id) => nextOf(dense, id))).toEqual(["c1", "c2", "c3", "c1"]);
  expect(marksOf(moments, 0, 0, 500)).toEqual([]);
  expect(marksOf([{ id: "x", time: 120 }], 0, 100, 500)[0]?.at).toBe(1);
});

test("reactions rise when their moment is passed, once", () => {
  const reactions = [1, 1.5, 2].map((time) => ({ id: String(time), emoji: "👍", time }));
  expect(passed(reactions, 1, 2).map(({ time }) => time)).toEqual([1.5, 2]);
});
