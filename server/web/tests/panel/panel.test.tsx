import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { analysisOf, type Analysis } from "../../src/api/analysis";
import { normalise, type RawShare } from "../../src/api/share";
import { transcriptOf, type Transcript } from "../../src/api/transcript";
import { hasPanel, Panel } from "../../src/panel/Panel";
import { INITIAL } from "../../src/player/model";
import type { Chapter } from "../../src/player/usePlayer";
import { filesOf } from "../../src/share/Download";
import { StatusLine } from "../../src/share/StatusLine";

const captions = [{ language: "en", label: "English", url: "http://h/c.vtt" }];
const spoken = { slug: "abc", shareUrl: "http://h/s/abc", transcription: { status: "completed" }, captions };
const share = (change: RawShare = {}) => normalise({ ...spoken, ...change });
const transcript = transcriptOf({
  language: "en",
  status: "completed",
  segments: ["First we plan", "Then we build", "Then we rest"].map((text, id) => ({
    id,
    start: id * 10,
    end: id * 10 + 9,
    text,
  })),
});
const chapters: Chapter[] = [
  { title: "Plans", start: 0, end: 15 },
  { title: "Work", start: 15, end: 30 },
];
const analysis = analysisOf({
  status: "completed",
  source: "builtin",
  sentences: [{ text: "We plan and build.", start: 12 }],
  topics: [{ text: "planning", mentions: [{ start: 3 }] }],
  actionItems: [{ text: "Rest", assignee: "we", due: "tomorrow", dueDate: "2026-11-24", start: 20 }],
});

let video: HTMLVideoElement;
let gone: number[];

beforeEach(() => {
  video = document.createElement("video");
  gone = [];
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  Element.prototype.scrollTo = () => undefined;
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const none = () => undefined;

interface Shown {
  transcript?: Transcript | null;
  chapters?: Chapter[];
  analysis?: Analysis | null;
  raw?: RawShare;
}

function show(given: Shown = {}) {
  const player = {
    session: null,
    state: INITIAL,
    attach: () => undefined,
    video,
    chapters: given.chapters ?? chapters,
    setChapters: () => undefined,
    hosts: { over: null, marks: null, below: null, attachOver: none, attachMarks: none, attachBelow: none },
  };
  return render(
    <Panel
      share={share(given.raw)}
      player={player}
      transcript={given.transcript === undefined ? transcript : given.transcript}
      analysis={given.analysis === undefined ? analysis : given.analysis}
      onGo={(seconds) => gone.push(seconds)}
      onChange={() => undefined}
    />,
  );
}

const tab = (name: string) => screen.getByRole("tab", { name });
const at = (seconds: number) =>
  act(() => {
    video.currentTime = seconds;
    video.dispatchEvent(new Event("timeupdate"));
  });
const current = () => screen.getAllByRole("button").find((one) => one.ariaCurrent === "true")?.textContent;

test("the line that is said now is marked, and each is the way to its moment", () => {
  show();
  at(12);
  expect(current()).toContain("Then we build");
  fireEvent.click(screen.getByRole("button", { name: /Then we rest/ }));
  expect(gone).toEqual([20]);
});

test("who scrolls reads on undisturbed, until asking to go back", () => {
  const { container } = show();
  at(1);
  expect(screen.queryByText("Back to what is said now")).toBeNull();
  fireEvent.wheel(container.querySelector(".scroller") ?? container);
  fireEvent.click(screen.getByText("Back to what is said now"));
  expect(screen.queryByText("Back to what is said now")).toBeNull();
});

test("words are counted, marked and stepped through", async () => {
  const { container } = show();
  const field = screen.getByRole("searchbox", { name: "Search the transcript" });
  fireEvent.change(field, { target: { value: "then" } });
  expect(await screen.findByText("1 of 2")).toBeTruthy();
  expect(container.querySelectorAll("mark")).toHaveLength(2);
  fireEvent.keyDown(field, { key: "Enter" });
  expect(screen.getByText("2 of 2")).toBeTruthy();
  fireEvent.keyDown(field, { key: "Enter" });
  expect(screen.getByText("1 of 2")).toBeTruthy();
  fireEvent.change(field, { target: { value: "nothing like it" } });
  expect(await screen.findByText("Not found")).toBeTruthy();
});

test("tabs are gone through with arrows; chapters and summary lead to their moments", () => {
  show();
  fireEvent.keyDown(tab("Transcript"), { key: "ArrowRight" });
  expect(tab("Chapters").ariaSelected).toBe("true");
  at(16);
  const panel = within(screen.getByRole("tabpanel", { name: "Chapters" }));
  expect(panel.getByRole("button", { current: true }).textContent).toBe("0:15Work");
  fireEvent.keyDown(tab("Chapters"), { key: "End" });
  fireEvent.click(screen.getByRole("button", { name: "Play from 0:12" }));
  fireEvent.click(screen.getByRole("button", { name: "planning" }));
  expect(gone).toEqual([12, 3]);
  expect(screen.getByText(/Who: we · Until: tomorrow \(.*24/)).toBeTruthy();
  expect(screen.getByText(/by rules/)).toBeTruthy();
});

test("there are tabs only for what there is, and words for what is on its way", () => {
  show({ transcript: null, chapters: [], analysis: null, raw: { transcription: { status: "processing" } } });
  expect(screen.getAllByRole("tab")).toHaveLength(1);
  expect(screen.getByText(/being written down/)).toBeTruthy();
  expect(hasPanel(share({ transcription: { status: "off" } }))).toBe(false);
  expect(hasPanel(share({ captions: [] }))).toBe(false);
  expect(hasPanel(share({ captions: [], chaptersUrl: "http://h/chapters.vtt" }))).toBe(true);
});

test("a transcript that grows says so, and is no file yet", () => {
  show({ transcript: { ...transcript, partial: true } });
  expect(screen.getByText("More follows as it is spoken.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Download the transcript" })).toBeNull();
});

test("what can be kept is listed once it is there", () => {
  expect(filesOf(share({ captions: [] }))).toEqual([]);
  const files = filesOf(share({ downloadUrl: "http://h/d.mp4", audioUrl: "http://h/a.m4a" }));
  expect(files.map((file) => file.name)).toEqual([
    "Video (MP4)",
    "Sound (M4A)",
    "Captions (SRT)",
    "Captions (WebVTT)",
    "Text",
  ]);
  expect(files[2]?.url).toBe("/api/v1/shares/abc/captions.srt");
});

test("a transcript that could not be made is missed in words, once", () => {
  const failed = { transcription: { status: "failed" } };
  const { rerender } = render(
    <StatusLine share={share(failed)} stale={false} live={false} onChanged={() => undefined} />,
  );
  expect(screen.getByText(/There is no transcript/)).toBeTruthy();
  expect(screen.getByText(/can have it tried again/)).toBeTruthy();
  const processing = [{ step: "transcript", status: "failed", progress: null, error: "No speech model." }];
  rerender(
    <StatusLine
      share={share({ ...failed, processing })}
      stale={false}
      live={false}
      onChanged={() => undefined}
    />,
  );
  expect(screen.queryByText(/There is no transcript/)).toBeNull();
  expect(screen.getByText("This could not be made: transcript. No speech model.")).toBeTruthy();
});
