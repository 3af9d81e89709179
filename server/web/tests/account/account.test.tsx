import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AccountPage } from "../../src/account/AccountPage";
import { routeOf } from "../../src/routes";
import { session } from "../../src/session/session";

let sent: [string, unknown][] = [];

/** Answers by path; the last one is for all that follow. */
function answers(all: Record<string, [number, object][]>) {
  vi.stubGlobal("fetch", (asked: string | URL, init: RequestInit) => {
    const path = new URL(asked, location.origin).pathname;
    sent.push([path, JSON.parse((init.body as string | null) ?? "null")]);
    const left = all[path] ?? [];
    const [status, body] = (left.length > 1 ? left.shift() : left[0]) ?? [404, {}];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
}

beforeEach(() => {
  sent = [];
  location.hash = "#key";
});
afterEach(async () => {
  cleanup();
  await session.signOut();
  vi.unstubAllGlobals();
  location.hash = "";
});

const type = async (label: string, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

test("links in letters lead to this page, other addresses do not", () => {
  expect(routeOf("/account/reset")).toEqual({ page: "account", act: "reset" });
  expect(routeOf("/account/nowhere")).toEqual({ page: "missing" });
});

test("a new password is sent with the key of the link, and a refusal is told", async () => {
  const weak = { code: "weak_password", error: "Too short." };
  answers({
    "/auth/password/reset": [
      [400, weak],
      [200, {}],
    ],
  });
  render(<AccountPage act="reset" />);
  await type("New password", "short");
  await press("Change it");
  expect((await screen.findByText("Too short.")).getAttribute("role")).toBe("alert");
  await type("New password", "correct horse battery");
  await press("Change it");
  expect(await screen.findByText("Your password is changed: sign in with the new one.")).toBeTruthy();
  expect(sent.at(-1)).toEqual(["/auth/password/reset", { token: "key", password: "correct horse battery" }]);
  expect(document.title).toBe("Choose a new password · Heddle");
});

test("a registration is finished with the password that was chosen", async () => {
  answers({
    "/auth/verify-email": [
      [400, { code: "password_needed", error: "" }],
      [200, { email: "ann@example.org" }],
    ],
  });
  render(<AccountPage act="verify" />);
  await press("It is mine");
  await type("Password", "chosen before");
  await press("Finish");
  expect(await screen.findByText("Your account is ready: sign in with it.")).toBeTruthy();
  expect(sent.at(-1)).toEqual(["/auth/verify-email", { token: "key", password: "chosen before" }]);
});

test("who has an account already accepts an invitation with it", async () => {
  const pass = {
    token: "t",
    expiresIn: 900,
    user: { id: "u", email: "a@b.c", username: "A", role: "member" },
  };
  answers({
    "/api/v1/invitations/look": [[200, { email: "a@b.c", workspaceName: "Team" }]],
    "/auth/login": [[200, { mfaRequired: true, mfaToken: "m" }]],
    "/auth/login/mfa": [[200, pass]],
    "/api/v1/invitations/accept": [[200, {}]],
  });
  render(<AccountPage act="invitation" />);
  expect(await screen.findByText("You (a@b.c) are invited to the workspace “Team”.")).toBeTruthy();
  await press("I have an account");
  await type("Password", "mine");
  await press("Sign in and accept");
  await type("Code of your second factor", "123456");
  await press("Go on");
  expect(await screen.findByText("Welcome!")).toBeTruthy();
  expect(sent.at(-1)).toEqual(["/api/v1/invitations/accept", { token: "key" }]);
});

test("an invitation that is over is told", async () => {
  answers({ "/api/v1/invitations/look": [[409, { code: "invitation_over", error: "It is over." }]] });
  render(<AccountPage act="invitation" />);
  expect(await screen.findByText("It is over.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Make an account" })).toBeNull();
});
