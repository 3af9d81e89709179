import { expect, test } from "vitest";
import { normalise, type RawShare } from "../../src/api/share";
import { overallProgress, phaseOf, stillChanges } from "../../src/share/phase";

const share = (change: RawShare) =>
  normalise({ shareUrl: "http://h/s/a", playlistUrl: "http://h/m.m3u8", duration: 8, ...change });
const step = (status: string, progress: number | null = null) => ({
  step: "poster",
  status,
  progress,
  error: null,
});

test.each([
  ["preparing", { status: "preparing", live: true, duration: null, playlistUrl: null }, "waiting", true],
  ["recording without a byte", { status: "recording", live: true, duration: null }, "waiting", true],
  ["recording", { status: "recording", live: true }, "live", true],
  ["stopped, still uploading", { status: "processing", live: true }, "processing", true],
  ["processing", { status: "processing", live: false }, "processing", true],
  ["completed", { status: "completed", live: false }, "finished", false],
  ["completed with a step left", { status: "completed", processing: [step("queued")] }, "finished", true],
  ["failed with a picture", { status: "failed" }, "brokenOff", false],
  ["failed without one", { status: "failed", playlistUrl: null, duration: null }, "lost", false],
] as const)(
  "%s is shown as it is, and asked about again only while it may change",
  (_, change, phase, asks) => {
    const one = share({ ...change, processing: [...("processing" in change ? change.processing : [])] });
    expect(phaseOf(one)).toBe(phase);
    expect(stillChanges(one)).toBe(asks);
  },
);

test("progress is the mean of all steps, and nothing when none is under way", () => {
  expect(overallProgress([step("completed"), step("processing", 20), step("queued")])).toBe(40);
  expect(overallProgress([step("completed"), step("failed", 10)])).toBeNull();
  expect(overallProgress([])).toBeNull();
});

test("progress does not go back when more becomes known", () => {
  const named = (name: string, status: string, progress = 0) => ({ ...step(status, progress), step: name });
  const versions = Array.from({ length: 7 }, (_, at) => named(`version ${at}`, "queued"));
  const looked = named("probe", "completed");
  const story = [
    [named("probe", "processing", 50)],
    [looked, named("normalise", "processing", 50), named("poster", "queued")],
    [looked, named("normalise", "processing", 99), named("poster", "completed")],
    [looked, named("normalise", "completed"), named("poster", "completed"), ...versions],
  ];
  expect(story.map(overallProgress)).toEqual([0, 5, 22, 22]);
});

test("a server known by another name is asked by the name of the page", () => {
  const one = normalise({
    shareUrl: "https://videos.example/s/a",
    playlistUrl: "https://videos.example/api/m.m3u8?x=1",
    posterUrl: "https://cdn.example/p.jpg",
    storyboardUrl: "https://videos.example/b.vtt",
  });
  expect(one.playlistUrl).toBe(`${location.origin}/api/m.m3u8?x=1`);
  expect(one.posterUrl).toBe("https://cdn.example/p.jpg");
  expect(one.storyboardUrl).toBe(`${location.origin}/b.vtt`);
});
