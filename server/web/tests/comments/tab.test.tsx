import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { normalise } from "../../src/api/share";
import { CommentsTab } from "../../src/comments/CommentsTab";
import type { Comment } from "../../src/comments/wire";
import { INITIAL } from "../../src/player/model";
import { comment } from "./samples";

/** What the page sent, and what the server answers to that. */
let sent: { method: string; path: string; body: Record<string, unknown> }[];
let threads: Comment[];
let refusal: [status: number, body: object] | null;
let video: HTMLVideoElement;
let counted: string[];

class Quiet {
  readyState = 0;
  onopen: () => void = () => undefined;
  constructor() {
    setTimeout(() => this.onopen(), 0);
  }
  close = () => undefined;
  observe = () => undefined;
  disconnect = () => undefined;
}

beforeEach(() => {
  [sent, threads, refusal, counted] = [[], [], null, []];
  localStorage.clear();
  localStorage.setItem("heddle.guest", JSON.stringify({ name: "", tokens: {} }));
  video = document.createElement("video");
  Object.assign(video, { currentTime: 12.5, pause: () => undefined, scrollIntoView: () => undefined });
  Element.prototype.scrollTo = () => undefined;
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  vi.stubGlobal("WebSocket", Quiet);
  vi.stubGlobal("ResizeObserver", Quiet);
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    const path = url.pathname.replace("/api/v1/shares/s", "");
    const page = (data: object[]) => ({ data, counts: {}, pagination: { nextCursor: null } });
    if (!init.method) return Promise.resolve(Response.json(page(path === "/comments" ? threads : [])));
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    sent.push({ method: init.method, path, body });
    if (refusal) return Promise.resolve(Response.json(refusal[1], { status: refusal[0] }));
    const made = { ...comment("new"), ...body, mine: true, editToken: "t" };
    return Promise.resolve(
      init.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(made),
    );
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const none = () => undefined;

function show() {
  const [over, below] = [document.createElement("div"), document.createElement("div")];
  document.body.append(over, below);
  const hosts = { over, below, marks: null, attachOver: none, attachMarks: none, attachBelow: none };
  const session = { seekTo: none, playFrom: none } as never;
  const player = { session, state: INITIAL, attach: none, video, chapters: [], setChapters: none, hosts };
  const share = normalise({ slug: "s", recordingId: "r", allowComments: true });
  const onCount = (count: string) => counted.push(count);
  render(<CommentsTab share={share} player={player} onCount={onCount} onShow={none} onOff={none} />);
}

const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Write a comment" });
const type = (into: HTMLElement, value: string) => fireEvent.change(into, { target: { value } });
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>("button", { name });

async function write(text: string) {
  const area = await field();
  type(area, text);
  type(screen.getByRole("textbox", { name: "Your name" }), "Ann");
  return area;
}

test("a guest writes at the moment at which typing began, and may take that away", async () => {
  show();
  const area = await write("Nice");
  video.currentTime = 20;
  type(area, "Nice!");
  expect(screen.getByText("At 0:12")).toBeTruthy();
  fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(area.value).toBe(""));
  expect(sent[0]?.body).toEqual({ body: "Nice!", time: 12.5, parentId: null, drawing: null, name: "Ann" });
  expect(counted.at(-1)).toBe("1");

  type(area, "All of it");
  fireEvent.click(button("Make it about the whole recording"));
  fireEvent.click(button("Comment"));
  await waitFor(() => expect(sent[1]?.body).toMatchObject({ time: null, name: "Ann" }));
});

test("without a name, or with too many words, nothing can be sent, and it says why", async () => {
  show();
  const area = await field();
  type(area, "Hello");
  expect(button("Comment").disabled).toBe(true);
  fireEvent.click(button("React with heart"));
  expect(screen.getByText("Say your name first, then react.")).toBeTruthy();
  type(screen.getByRole("textbox", { name: "Your name" }), "Ann");
  expect(button("Comment").disabled).toBe(false);
  type(area, "x".repeat(5001));
  expect(screen.getByText("5,001 of 5,000 characters. Shorten it to send it.")).toBeTruthy();
  expect(button("Comment").disabled).toBe(true);
  expect(sent).toEqual([]);
});

test("who is too fast keeps what they wrote, and is told how long to wait", async () => {
  show();
  refusal = [429, { code: "too_many_requests", error: "…", details: { retryAfterSeconds: 42 } }];
  const area = await write("Again");
  fireEvent.click(button("Comment"));
  expect(await screen.findByText(/Try again in 42 seconds/)).toBeTruthy();
  expect(area.value).toBe("Again");
});

test("the picture is drawn on with the keyboard alone", async () => {
  show();
  await write("Look");
  fireEvent.click(button("Draw on the picture"));
  const pad = screen.getByRole("application");
  expect(document.activeElement).toBe(pad);
  for (const key of ["Enter", "ArrowRight", "ArrowRight", "ArrowDown", "Enter"]) {
    fireEvent.keyDown(pad, { key, shiftKey: true });
  }
  fireEvent.click(button("Box"));
  for (const key of ["Enter", "ArrowLeft", "ArrowUp", "Enter"])
    fireEvent.keyDown(pad, { key, shiftKey: true });
  expect(pad.querySelectorAll("path[data-tool]")).toHaveLength(2);
  fireEvent.keyDown(pad, { key: "z", ctrlKey: true });
  expect(pad.querySelectorAll("path[data-tool]")).toHaveLength(1);
  fireEvent.keyDown(pad, { key: "Escape" });
  expect(screen.queryByRole("application")).toBeNull();
  fireEvent.click(button("Comment"));
  await waitFor(() => expect(sent).toHaveLength(1));
  const { strokes } = sent[0]?.body.drawing as { strokes: { tool: string; points: number[][] }[] };
  expect(strokes.map(({ tool }) => tool)).toEqual(["pen"]);
  expect(strokes[0]?.points[0]).toEqual([0.5, 0.5]);
  expect(strokes[0]?.points.at(-1)?.[1]).toBeCloseTo(0.55);
});

test("what one wrote can be changed and deleted, what others wrote only answered", async () => {
  const reply = comment("b", { parentId: "a", mine: true, body: "Mine" });
  threads = [{ ...comment("a", { body: "<b>Theirs</b>" }), replies: [reply] } as Comment];
  show();
  const theirs = await screen.findByText("<b>Theirs</b>");
  const [first, second] = screen.getAllByRole("article");
  if (!first || !second) throw new Error("no comments");
  expect(first.contains(theirs)).toBe(true);
  const named = (within_: HTMLElement) =>
    within(within_)
      .getAllByRole("button")
      .map((one) => one.textContent);
  expect(named(first)).toEqual(["0:01", "Reply"]);
  expect(named(second)).toEqual(["0:01", "Edit", "Delete"]);
  fireEvent.click(within(second).getByRole("button", { name: "Delete" }));
  fireEvent.click(within(second).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByText("Mine")).toBeNull());
  expect(sent).toEqual([{ method: "DELETE", path: "/comments/b", body: {} }]);
});
