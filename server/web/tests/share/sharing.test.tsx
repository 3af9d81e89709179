import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "../../src/App";
import { proof } from "../../src/api/proof";
import { normalise } from "../../src/api/share";
import type { ShareSettings } from "../../src/api/sharing";
import { routeOf } from "../../src/routes";
import { filesOf } from "../../src/share/Download";
import { changesOf, chosenOf, embedCode, localTime } from "../../src/sharing/form";

type Answer = [status: number, body: object, headers?: Record<string, string>];

let server: Server;
let answers: Record<string, Answer>;
let asked: { what: string; token: string | undefined; body: string }[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const what = `${request.method} ${request.url}`;
      asked.push({ what, token: request.headers["x-share-token"] as string | undefined, body });
      const [status, said, headers] = answers[what] ?? [404, { code: "share_not_found" }];
      response.writeHead(status, { "Content-Type": "application/json", ...headers });
      response.end(JSON.stringify(said));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    // jsdom's signals are not those of this fetch.
    return real(`http://127.0.0.1:${port}${url.pathname}`, { ...init, signal: null });
  });
});

afterEach(async () => {
  cleanup();
  proof.keep(null);
  vi.unstubAllGlobals();
  await new Promise((closed) => server.close(closed));
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function tryPassword(text: string) {
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: text } });
  fireEvent.click(screen.getByRole("button", { name: "Watch" }));
}

test("a password is asked for until it is the right one, and then goes with what is asked", async () => {
  const locked: Answer = [401, { code: "share_password_needed", error: "no" }];
  answers = { "GET /api/v1/shares/a": locked };
  const unlock = "POST /api/v1/shares/a/unlock";
  render(<App route={routeOf("/s/a")} />);
  expect(await screen.findByRole("heading", { name: "This recording asks for a password" })).toBeTruthy();

  answers[unlock] = [401, { code: "share_password_wrong", error: "no" }];
  tryPassword("roses");
  expect((await screen.findByText("That is not the password.")).getAttribute("role")).toBe("alert");
  answers[unlock] = [429, { code: "too_many_requests", error: "no" }, { "Retry-After": "3400" }];
  tryPassword("roses");
  expect(await screen.findByText("Too many tries. Try again in 57 minutes.")).toBeTruthy();

  answers[unlock] = [200, { token: "1.a", expiresAt: "2027-01-01T00:00:00Z" }];
  answers["GET /api/v1/shares/a"] = [200, { status: "preparing", live: true, title: "Tour" }];
  tryPassword("tulips");
  expect(await screen.findByText("The recording is about to start")).toBeTruthy();
  expect(asked.find(({ what, body }) => what === unlock && body.includes("tulips"))).toBeTruthy();
  expect(asked.filter(({ what }) => what.startsWith("GET")).at(-1)?.token).toBe("1.a");
});

test("a link for members leads a frame to a page of its own", async () => {
  answers = { "GET /api/v1/shares/a": [401, { code: "share_sign_in_needed", error: "no" }] };
  render(<App route={routeOf("/embed/a")} />);
  expect(await screen.findByRole("heading", { name: "This recording is for members" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Open the page" }).getAttribute("target")).toBe("_blank");
});

test("where downloads are off, none are offered", () => {
  const share = { downloadUrl: "/x.mp4", captions: [], transcription: { status: "completed" } };
  expect(filesOf(normalise({ ...share, allowDownload: true }))).toHaveLength(1);
  expect(filesOf(normalise({ ...share, allowDownload: false }))).toEqual([]);
});

const SETTINGS: ShareSettings = {
  shareUrl: "https://h/s/a",
  embedUrl: "https://h/embed/a",
  shared: true,
  visibility: "public",
  hasPassword: true,
  expiresAt: "2027-01-01T00:00:00Z",
  allowDownload: true,
  allowComments: true,
};

test("only what is another thing than before is changed", () => {
  const before = chosenOf(SETTINGS);
  expect(changesOf(before, SETTINGS)).toEqual({});
  expect(changesOf({ ...before, asksPassword: false, ends: false }, SETTINGS)).toEqual({
    password: null,
    expiresAt: null,
  });
  const moment = new Date("2027-02-01T12:30:00Z");
  const other = {
    ...before,
    password: "tulips in november",
    endsAt: localTime(moment),
    allowDownload: false,
  };
  expect(changesOf({ ...other, visibility: "workspace" }, SETTINGS)).toEqual({
    visibility: "workspace",
    password: "tulips in november",
    expiresAt: moment.toISOString(),
    allowDownload: false,
  });
});

test("a title cannot break out of the embed code", () => {
  const code = embedCode("https://h/embed/a", '"><script>');
  expect(code).not.toContain("<script>");
  expect(code).toContain('title="&#34;&#62;&#60;script&#62;"');
});

test("a settings dialog that opens asks for them", async () => {
  const { SharingDialog } = await import("../../src/sharing/SharingDialog");
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  const path = "/api/v1/recordings/1/share";
  answers = {
    [`GET ${path}`]: [200, SETTINGS, { ETag: '"1"' }],
    [`PATCH ${path}`]: [200, { ...SETTINGS, allowDownload: false }, { ETag: '"2"' }],
  };
  const changed = vi.fn();
  const nothing = () => undefined;
  render(<SharingDialog recordingId="1" title="Tour" time={42} onClose={nothing} onChanged={changed} />);
  fireEvent.click(await screen.findByLabelText(/Offer downloads/));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(asked.at(-1)?.body).toBe('{"allowDownload":false}');
  expect(await screen.findByText("Saved.")).toBeTruthy();
  fireEvent.click(screen.getByLabelText("Start at 0:42"));
  expect(screen.getByLabelText("Link")).toHaveProperty("value", "https://h/s/a?t=42s");
});
