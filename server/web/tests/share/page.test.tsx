import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lazy, Suspense } from "react";
import { App } from "../../src/App";
import { Boundary } from "../../src/ui/Boundary";
import { CopyLink } from "../../src/share/CopyLink";
import { StatusLine } from "../../src/share/StatusLine";
import { normalise, type RawShare } from "../../src/api/share";
import { routeOf } from "../../src/routes";
import { useAnalysis } from "../../src/share/useAnalysis";
import { useTranscript } from "../../src/share/useTranscript";

/** A server with one answer at a time; the page under test asks it as it asks the real one. */
let server: Server;
let answer: { status: number; body: object };
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (url: URL) => real(`http://127.0.0.1:${port}${url.pathname}`));
});

afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await new Promise((closed) => server.close(closed));
});

test("a link that nobody knows says so, and asks no more", async () => {
  answer = { status: 404, body: { error: "no", code: "not_found" } };
  render(<App route={routeOf("/s/nobody")} />);
  expect(await screen.findByRole("heading", { name: "There is no recording here" })).toBeTruthy();
  expect(asked).toEqual(["/api/v1/shares/nobody"]);
});

test("a recording without a byte is waited for", async () => {
  answer = { status: 200, body: { status: "preparing", live: true, title: "Tour" } };
  render(<App route={routeOf("/s/a%20b")} />);
  expect(await screen.findByText("The recording is about to start")).toBeTruthy();
  await waitFor(() => expect(document.title).toBe("Tour · Heddle"));
  expect(asked[0]).toBe("/api/v1/shares/a%20b");
  await waitFor(() => expect(asked.length).toBeGreaterThan(1));
});

test("the transcript of a recording that is being made grows on the page", async () => {
  const segment = (id: number, text: string) => ({ id, start: id, end: id + 1, text });
  answer = { status: 200, body: { status: "partial", segments: [segment(0, "One")] } };
  const share = normalise({ slug: "a", transcription: { status: "partial" } });
  const { result } = renderHook(() => useTranscript(share));
  await waitFor(() => expect(result.current?.segments).toHaveLength(1));
  answer.body = { status: "partial", segments: [segment(0, "One"), segment(1, "Two")] };
  await waitFor(() => expect(result.current?.segments).toHaveLength(2));
  expect(asked[0]).toBe("/api/v1/shares/a/transcript");
});

test("an analysis that is being made is waited for, and asked about no more once it is there", async () => {
  answer = { status: 200, body: { status: "queued" } };
  const share = normalise({ slug: "a", transcription: { status: "completed" } });
  const { result } = renderHook(() => useAnalysis(share));
  await waitFor(() => expect(result.current?.pending).toBe(true));
  answer.body = { status: "completed", source: "llm", model: "m", summary: "All is well." };
  await waitFor(() => expect(result.current).toMatchObject({ pending: false, model: "m" }));
  expect(asked.length).toBe(2);
});

test("a server that does not answer is asked again on request", async () => {
  answer = { status: 503, body: {} };
  render(<App route={routeOf("/s/a")} />);
  const button = await screen.findByRole("button", { name: "Try now" });
  answer = { status: 404, body: {} };
  fireEvent.click(button);
  expect(await screen.findByText("There is no recording here")).toBeTruthy();
});

test("a path that leads nowhere and the root have pages of their own", () => {
  expect(routeOf("/nonsense")).toEqual({ page: "missing" });
  expect(routeOf("/embed/x/")).toEqual({ page: "embed", slug: "x" });
  render(<App route={routeOf("/")} />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Record your screen");
});

test("a page that does not arrive says so", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Late = lazy(() => Promise.reject(new Error("gone")));
  render(
    <Boundary>
      <Suspense>
        <Late />
      </Suspense>
    </Boundary>,
  );
  expect(await screen.findByRole("button", { name: "Load it again" })).toBeTruthy();
});

const share = (change: RawShare) => normalise({ shareUrl: "http://h/s/a", status: "completed", ...change });

test("what is in the making is named with its progress, and what failed with the reason", () => {
  const processing = [
    { step: "poster", status: "processing", progress: 42, error: null },
    { step: "rendition", status: "failed", progress: 10, error: "The picture is damaged." },
  ];
  render(<StatusLine share={share({ processing })} stale={false} live={false} onChanged={() => undefined} />);
  expect(screen.getByText("In the making: poster (71 %). You can watch meanwhile.")).toBeTruthy();
  expect(screen.getByText("This could not be made: smaller version. The picture is damaged.")).toBeTruthy();
  expect(screen.getByRole<HTMLProgressElement>("progressbar").value).toBe(71);
});

test("a finished recording has nothing to say", () => {
  render(<StatusLine share={share({})} stale={false} live={false} onChanged={() => undefined} />);
  expect(screen.getByRole("status").textContent).toBe("");
});

test("a link is copied plain or at the moment shown, and shown where copying is not allowed", async () => {
  const written: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: (text: string) => Promise.resolve(written.push(text)) },
  });
  const { rerender } = render(<CopyLink shareUrl="http://h/s/a" time={80} />);
  fireEvent.click(screen.getByRole("button", { name: "Copy link at 1:20" }));
  expect(await screen.findByText("Link copied")).toBeTruthy();
  expect(written).toEqual(["http://h/s/a?t=1m20s"]);

  vi.stubGlobal("navigator", {});
  Object.assign(document, { execCommand: () => false });
  rerender(<CopyLink shareUrl="http://h/s/a" time={null} />);
  fireEvent.click(screen.getByRole("button", { name: /Link copied|Copy link/ }));
  expect((await screen.findByLabelText<HTMLInputElement>("Copy this link:")).value).toBe("http://h/s/a");
});
