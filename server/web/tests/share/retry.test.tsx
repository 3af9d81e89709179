import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { normalise } from "../../src/api/share";
import { session } from "../../src/session/session";
import { StatusLine } from "../../src/share/StatusLine";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const failed = {
  recordingId: "r",
  shareUrl: "http://h/s/a",
  transcription: { status: "failed" },
  processing: [{ step: "poster", status: "failed", progress: 0, error: "The picture is damaged." }],
};

function show(mayEdit: boolean, onChanged: () => void = () => undefined) {
  const share = normalise({ ...failed, mayEdit });
  render(<StatusLine share={share} stale={false} live={false} onChanged={onChanged} />);
}

test("whoever may not change it is told who can, and gets no button", () => {
  show(false);
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.getByText(/Whoever it belongs to can have it tried again/)).toBeTruthy();
});

test("a failed part is tried again on request, and a refusal is told", async () => {
  const answers = [
    new Response('{"error": "Not now."}', { status: 503 }),
    new Response("{}", { status: 202 }),
  ];
  const asked: string[] = [];
  session.enter({
    token: "t",
    until: Date.now() + 1e6,
    user: { id: "u", email: "", username: "", role: "" },
  });
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    asked.push(`${init.method} ${url.pathname} ${new Headers(init.headers).get("Authorization")}`);
    return Promise.resolve(answers.shift());
  });
  const changed = vi.fn();
  show(true, changed);
  expect(screen.getByRole("button", { name: "Try again: transcript" })).toBeTruthy();
  const poster = screen.getByRole<HTMLButtonElement>("button", { name: "Try again: poster" });
  fireEvent.click(poster);
  expect((await screen.findByRole("alert")).textContent).toBe("Not now.");
  expect(changed).not.toHaveBeenCalled();
  fireEvent.click(poster);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(asked).toEqual(Array(2).fill("POST /api/v1/recordings/r/steps/poster/retry Bearer t"));
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ address: null })));
  expect(await session.signOut()).toBe(true);
});
