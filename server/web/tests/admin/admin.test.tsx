import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withQuery } from "../../src/admin/api";
import { DeadTab } from "../../src/admin/DeadTab";
import { bytes } from "../../src/admin/format";
import { JobsTab } from "../../src/admin/JobsTab";

const PAGE = { page: 0, size: 25, totalPages: 1, totalElements: 1 };
const JOB = {
  ...{
    id: "1",
    recordingId: "6f1c2463-0000",
    step: "probe",
    lane: "short",
    status: "processing",
    progress: 40,
  },
  ...{ attempt: 1, maxAttempts: 3, error: null, createdAt: "2026-01-01T00:00:00Z" },
};
const asked: string[] = [];
let answers: Record<string, [number, unknown]> = {};

beforeEach(() => {
  asked.length = 0;
  // jsdom shows no dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  vi.stubGlobal("fetch", (url: URL | string, init?: RequestInit) => {
    const { pathname, search } = new URL(url, location.origin);
    const path = pathname.replace("/api/v1/admin", "");
    const method = init?.method ?? "GET";
    asked.push(`${method} ${path}${search}`);
    const [status, body] = answers[`${method} ${path}`] ?? [404, { error: "Not here." }];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const sent = () => asked.filter((one) => one.startsWith("POST /jobs"));

test("what cannot be undone is asked about first", async () => {
  answers = { "GET /jobs": [200, { data: [JOB], pagination: PAGE }], "POST /jobs/1/cancel": [202, JOB] };
  render(<JobsTab />);
  fireEvent.click(await screen.findByRole("button", { name: "Give up" }));
  expect(screen.getByText("Give up “probe”? What it has done so far is lost.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(sent()).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Give up" }));
  fireEvent.click(screen.getByRole("button", { name: "Yes, do it" }));
  await screen.findByText("Done.");
  expect(sent()).toEqual(["POST /jobs/1/cancel"]);
  await waitFor(() => expect(asked.filter((one) => one.startsWith("GET /jobs?")).length).toBe(2));
});

test("a refusal is told in the server's words", async () => {
  answers = { "GET /dead-letters/jobs": [403, { error: "Only an owner of this server may do this." }] };
  render(<DeadTab />);
  await screen.findByText("Only an owner of this server may do this.");
});

test("letters have no button to send them again", async () => {
  const letter = {
    id: "1",
    what: "Hello",
    about: "a@example.org",
    error: "550",
    attempts: 9,
    failedAt: null,
  };
  answers = {
    "GET /dead-letters/jobs": [200, { data: [], pagination: { ...PAGE, totalElements: 0 } }],
    "GET /dead-letters/mail": [200, { data: [letter], pagination: PAGE }],
  };
  render(<DeadTab />);
  fireEvent.change(screen.getByLabelText("Kind"), { target: { value: "mail" } });
  await screen.findByText("a@example.org");
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Try all again" })).toBeNull();
});

test("sizes and questions are written as people and servers read them", () => {
  expect([0, 1023, 1536, 5 * 1024 ** 3, null].map(bytes)).toEqual(["0 B", "1,023 B", "1.5 KB", "5 GB", ""]);
  expect(withQuery("/x", { a: "", b: 0, c: "ü", d: null, e: false })).toBe("/x?b=0&c=%C3%BC");
});
