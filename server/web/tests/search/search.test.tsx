import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "../../src/session/session";
import { SearchPage } from "../../src/search/SearchPage";
import { choicesOf } from "../../src/search/useChoices";
import { addressOf, NOTHING, questionOf, wantedOf } from "../../src/search/wanted";

const USER = { id: "u", email: "ada@example.org", username: "Ada", role: "member" };
const hit = (id: string, more: object = {}) => ({
  id,
  title: `Plan ${id}`,
  status: "completed",
  duration: 80,
  createdAt: "2026-11-21T10:00:00Z",
  shareUrl: `${location.origin}/s/${id}`,
  shared: true,
  posterUrl: null,
  titleParts: [{ text: `Plan ${id}`, match: false }],
  moments: [
    { kind: "title", parts: [{ text: "Plan", match: true }], start: null },
    {
      kind: "transcript",
      parts: [
        { text: "a new ", match: false },
        { text: "budget", match: true },
      ],
      start: 62.5,
    },
  ],
  ...more,
});
const page = (data: object[], { pages = 1, corrected = null as string | null } = {}) => ({
  data,
  pagination: { page: 0, size: 20, totalPages: pages, totalElements: data.length },
  corrected,
});

/** What the server is asked, and what it answers to the words. */
let asked: { url: string; signal: AbortSignal | null | undefined }[];
let answer: (query: URLSearchParams) => [number, object];

beforeEach(() => {
  asked = [];
  answer = () => [200, page([])];
  history.replaceState(null, "", "/search");
  session.enter({ token: "t", until: Date.now() + 1e6, user: USER });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    // The bell in the header.
    if (url.pathname.startsWith("/api/v1/notifications"))
      return Promise.resolve(new Response(null, { status: 503 }));
    asked.push({ url: url.pathname + url.search, signal: init.signal });
    const [status, body] = answer(url.searchParams);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
});

afterEach(async () => {
  cleanup();
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ address: null })));
  await session.signOut();
  vi.unstubAllGlobals();
  history.replaceState(null, "", "/");
});

function type(text: string): void {
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: text } });
}

test("hits are shown with their places, which lead to the moment", async () => {
  answer = () => [200, page([hit("a"), hit("b", { shared: false })])];
  history.replaceState(null, "", "/search?q=budget");
  render(<SearchPage />);
  expect(await screen.findByText("2 recordings")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Plan a" }).getAttribute("href")).toBe(`${location.origin}/s/a`);
  expect(screen.getByRole("link", { name: /1:02 ?a new budget/ }).getAttribute("href")).toContain(
    "/s/a?t=1m2s",
  );
  expect(screen.getAllByText("budget").map((one) => one.tagName)).toEqual(["MARK", "MARK"]);
  expect(screen.queryByRole("link", { name: "Plan b" })).toBeNull();
  expect(screen.getByText(/Not shared/)).toBeTruthy();
  expect(document.title).toBe("budget · Search · Heddle");
});

test("typing asks once at its end, gives up what was asked before, and stands in the address", async () => {
  render(<SearchPage />);
  await screen.findByText("Nothing is recorded yet");
  for (const text of ["b", "bu", "bud"]) type(text);
  await vi.waitFor(() => expect(asked.at(-1)?.url).toBe("/api/v1/search?q=bud&page=0&size=20"));
  expect(asked.length).toBe(2);
  expect(asked[0]?.signal?.aborted).toBe(true);
  expect(location.search).toBe("?q=bud");
  expect(await screen.findByText("Nothing found")).toBeTruthy();
});

test("what was mistyped is told, more is shown on request, and nothing twice", async () => {
  answer = (query) =>
    query.get("page") === "0"
      ? [200, page([hit("a")], { pages: 2, corrected: "budget" })]
      : [200, page([hit("a"), hit("b")], { pages: 2, corrected: "budget" })];
  history.replaceState(null, "", "/search?q=bugdet");
  render(<SearchPage />);
  expect(await screen.findByText("Nothing has “bugdet”. For “budget”: 1 recording")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await vi.waitFor(() => expect(screen.getAllByRole("article").length).toBe(2));
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("a server that is away is told of, and asked again", async () => {
  answer = () => [503, {}];
  render(<SearchPage />);
  const again = await screen.findByRole("button", { name: "Try again" });
  answer = () => [200, page([hit("a")])];
  fireEvent.click(again);
  expect(await screen.findByRole("link", { name: "Plan a" })).toBeTruthy();
});

test("that a search had no answer stands above the hits of the search before", async () => {
  answer = () => [200, page([hit("a")])];
  render(<SearchPage />);
  await screen.findByRole("link", { name: "Plan a" });
  answer = () => [503, {}];
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "budget" } });
  const said = await screen.findByRole("alert");
  const list = screen.getByRole("link", { name: "Plan a" });
  expect(said.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  expect(list.closest("ul")?.dataset.old).toBeDefined();
});

test("filters narrow, stand in the address, and are taken away", async () => {
  history.replaceState(null, "", "/search?q=x&person=me&from=2026-11-01&length=short");
  render(<SearchPage />);
  expect(await screen.findByText("Filters (3)")).toBeTruthy();
  const first = asked.find(({ url }) => url.startsWith("/api/v1/search"));
  expect(first?.url).toMatch(/q=x&person=me&from=2026-1\d-\d\dT.*&maxDuration=120&page=0/);
  fireEvent.change(screen.getByLabelText("Spoken language"), { target: { value: "de" } });
  await vi.waitFor(() => expect(location.search).toContain("language=de"));
  fireEvent.click(await screen.findByRole("button", { name: "Search without filters" }));
  await vi.waitFor(() => expect(location.search).toBe("?q=x"));
});

test("the key / leads to the field, unless something is being written", async () => {
  render(<SearchPage />);
  const field = await screen.findByRole("searchbox");
  field.blur();
  expect(fireEvent.keyDown(document.body, { key: "/" })).toBe(false);
  expect(document.activeElement).toBe(field);
  expect(fireEvent.keyDown(field, { key: "/" })).toBe(true);
});

test("an address says what is searched for, and nonsense in it says nothing", () => {
  const wanted = { ...NOTHING, q: "a b", tag: "Release", to: "2026-11-24" };
  expect(wantedOf(addressOf(wanted).slice("/search".length))).toEqual(wanted);
  expect(wantedOf("?length=endless&from=yesterday")).toEqual(NOTHING);
  const until = new URL(questionOf(wanted, 2, 20), location.origin).searchParams.get("to");
  expect(until).toBe(new Date(2026, 10, 25).toISOString());
});

test("people, folders and tags of all workspaces are offered, by their names", () => {
  const choices = choicesOf(
    [
      {
        workspace: { id: "w", name: "Own" },
        members: [{ userId: "u", username: "Ada", email: "" }],
        folders: [],
        tags: [{ name: "Demo" }],
      },
      {
        workspace: { id: "t", name: "Team" },
        members: [{ userId: "b", username: "Bob", email: "" }],
        folders: [
          { id: "1", parentId: null, name: "Demos" },
          { id: "2", parentId: "1", name: "Autumn" },
        ],
        tags: [{ name: "demo" }, { name: "Alpha" }],
      },
    ],
    "u",
  );
  expect(choices.people).toEqual([{ value: "b", label: "Bob" }]);
  expect(choices.folders.map((one) => one.label)).toEqual(["Team: Demos", "Team: Demos / Autumn"]);
  expect(choices.tags.map((one) => one.value)).toEqual(["Alpha", "demo"]);
});
