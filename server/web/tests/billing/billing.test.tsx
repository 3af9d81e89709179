import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { daysUntil, entitled, levelOf, minutes, monthName } from "../../src/billing/amounts";
import type { Billing, Entitlements, QuotaOut, WorkspaceUsage } from "../../src/billing/api";
import { BillingPage } from "../../src/billing/BillingPage";
import { session } from "../../src/session/session";

const PASS = {
  token: "t",
  until: Date.now() + 3_600_000,
  user: { id: "u", email: "ada@example.org", username: "Ada", role: "member" },
};
const GIB = 2 ** 30;
const FREE: Entitlements = {
  storageBytes: 5 * GIB,
  recordingSeconds: 18_000,
  transcriptionSeconds: 3_600,
  members: 3,
  maxLengthSeconds: 1_800,
  maxHeight: 1080,
  features: [],
};
const NONE: Entitlements = {
  storageBytes: null,
  recordingSeconds: null,
  transcriptionSeconds: null,
  members: null,
  maxLengthSeconds: null,
  maxHeight: null,
  features: ["analytics", "link_passwords"],
};
const free = { id: "free", name: "Free", free: true, entitlements: FREE };
const pro = { id: "pro", name: "Pro", free: false, entitlements: { ...NONE, storageBytes: 200 * GIB } };
const unlimited = { id: "unlimited", name: "Unlimited", free: true, entitlements: NONE };

function billing(more: Partial<Billing> = {}): Billing {
  return {
    workspaceId: "w1",
    plan: free,
    status: null,
    periodEnd: null,
    endsWithPeriod: false,
    graceUntil: null,
    takesPayments: true,
    plans: [free, pro],
    ...more,
  };
}

function quota(name: QuotaOut["quota"], used: number, limit: number | null): QuotaOut {
  return { quota: name, used, limit, percent: limit === null ? null : Math.floor((used * 100) / limit) };
}

function usage(...quotas: QuotaOut[]): WorkspaceUsage {
  return { workspaceId: "w1", month: "2026-11", plan: "free", quotas };
}

const place = (id: string, role: string, kind = "team") => ({ id, name: `Team ${id}`, kind, role });
let answers: Record<string, [number, unknown]> = {};
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  answers = {
    "POST /auth/single-logout": [200, { address: null }],
    "GET ": [200, { data: [place("w1", "owner", "personal"), place("w2", "member")] }],
    "GET /w1/billing": [200, billing()],
    "GET /w1/usage": [
      200,
      usage(
        quota("storageBytes", 4.5 * GIB, 5 * GIB),
        quota("recordingSeconds", 19_000, 18_000),
        quota("transcriptionSeconds", 60, 3_600),
        quota("members", 1, 3),
      ),
    ],
  };
  vi.stubGlobal("fetch", (url: URL | string, init?: RequestInit) => {
    const path = new URL(url, location.origin).pathname.replace("/api/v1/workspaces", "");
    const key = `${init?.method ?? "GET"} ${path}`;
    asked.push(key + (typeof init?.body === "string" ? ` ${init.body}` : ""));
    const [status, body] = answers[key] ?? [404, { error: "Not here.", code: "x" }];
    return Promise.resolve(
      new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }),
    );
  });
  vi.stubGlobal(
    "WebSocket",
    class {
      close() {
        return undefined;
      }
    },
  );
  session.enter(PASS);
});

afterEach(async () => {
  cleanup();
  await session.signOut();
  history.replaceState(null, "", "/");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("each quota has a bar with words, and says when it is nearly or all used up", async () => {
  render(<BillingPage />);
  expect(await screen.findByRole("heading", { name: "Plan: Free" })).toBeTruthy();
  const room = screen.getByRole("meter", { name: "Room for recordings" });
  expect(room.getAttribute("aria-valuenow")).toBe("90");
  expect(room.getAttribute("aria-valuetext")).toBe("4.5 GB of 5 GB");
  expect(screen.getByText("Nearly used up: 90 %")).toBeTruthy();
  expect(screen.getByText("1 of 3 people")).toBeTruthy();
  const time = screen.getByRole("meter", { name: "Recording" });
  expect(time.getAttribute("aria-valuenow")).toBe("100");
  expect(
    screen.getByText(/new recordings stay on the computer that makes them until next month/),
  ).toBeTruthy();
  expect(screen.getAllByText(/sed up/)).toHaveLength(2);
  expect(screen.queryByLabelText("Workspace")).toBeNull();
  expect(screen.queryByRole("button", { name: "Invoices" })).toBeNull();
});

test("a plan is chosen where it is paid for, and a refusal is told in the server's words", async () => {
  answers["POST /w1/billing/checkout"] = [503, { error: "The payment provider is away." }];
  render(<BillingPage />);
  const choose = await screen.findByRole<HTMLButtonElement>("button", { name: "Choose Pro" });
  fireEvent.click(choose);
  expect(choose.disabled).toBe(true);
  expect(await screen.findByText("The payment provider is away.")).toBeTruthy();
  expect(asked).toContain('POST /w1/billing/checkout {"plan":"pro"}');
  expect(choose.disabled).toBe(false);
});

test("a failed payment says how many days are left, and leads to cards and invoices", async () => {
  const graceUntil = new Date(Date.now() + 8.5 * 86_400_000).toISOString();
  answers["GET /w1/billing"] = [200, billing({ plan: pro, status: "past_due", graceUntil })];
  answers["POST /w1/billing/portal"] = [409, { error: "No page today." }];
  render(<BillingPage />);
  const alert = await screen.findByText("The last payment failed");
  expect(within(alert.parentElement ?? alert).getByText(/stays for 9 more days/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Invoices" }));
  expect(await screen.findByText("No page today.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Change or end the plan" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Choose Pro" })).toBeNull();
});

test("where nothing is sold it shows usage alone, and no word of money", async () => {
  answers["GET /w1/billing"] = [200, billing({ plan: unlimited, plans: [unlimited], takesPayments: false })];
  answers["GET /w1/usage"] = [200, usage(quota("storageBytes", GIB, null), quota("members", 2, null))];
  render(<BillingPage />);
  expect(await screen.findByText(/one unlimited plan/)).toBeTruthy();
  expect(screen.getByText("1 GB, no limit")).toBeTruthy();
  expect(screen.getByText("2 people, no limit")).toBeTruthy();
  expect(screen.queryByRole("meter")).toBeNull();
  const main = within(screen.getByRole("main"));
  expect(main.queryByRole("button")).toBeNull();
  expect(main.queryByText(/pay|price|card|invoice/i)).toBeNull();
});

test("an administrator of a workspace sees its plan and cannot pay; members have no page", async () => {
  answers["GET "] = [200, { data: [place("w0", "owner", "personal"), place("w1", "admin")] }];
  history.replaceState(null, "", "/?workspace=w1");
  render(<BillingPage />);
  const chooser = await screen.findByLabelText<HTMLSelectElement>("Workspace");
  expect(chooser.value).toBe("w1");
  expect(await screen.findByText("Owners of the workspace can change the plan.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Choose Pro" })).toBeNull();
  cleanup();
  answers["GET "] = [200, { data: [place("w1", "member")] }];
  render(<BillingPage />);
  expect(await screen.findByRole("heading", { name: "No plan of yours to see" })).toBeTruthy();
});

test("who comes back from paying is told when the plan holds", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  history.replaceState(null, "", "/?workspace=w1&checkout=done");
  render(<BillingPage />);
  expect(await screen.findByText(/The plan holds as soon as/)).toBeTruthy();
  answers["GET /w1/billing"] = [
    200,
    billing({ plan: pro, status: "active", periodEnd: "2026-12-22T00:00:00Z" }),
  ];
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await screen.findByText("Thank you. Your plan is Pro now.")).toBeTruthy();
  expect(screen.getByText(/Paid until .*2026/)).toBeTruthy();
});

test("a server that does not answer can be asked again", async () => {
  const right = answers["GET /w1/usage"];
  answers["GET /w1/usage"] = [500, { error: "It broke." }];
  render(<BillingPage />);
  expect(await screen.findByText("It broke.")).toBeTruthy();
  answers["GET /w1/usage"] = right ?? [404, {}];
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "What is used" })).toBeTruthy();
});

test("amounts are those that people read", () => {
  expect(minutes(119)).toBe("1 min");
  expect(levelOf(quota("members", 79, 100))).toBe("fine");
  expect(levelOf(quota("members", 80, 100))).toBe("nearly");
  expect(levelOf(quota("members", 100, 100))).toBe("usedUp");
  expect(monthName("2026-11")).toContain("2026");
  expect(monthName("?")).toBe("?");
  expect(daysUntil("2026-11-22T00:00:01Z", Date.parse("2026-11-21T00:00:00Z"))).toBe(2);
  expect(daysUntil("2026-11-20T00:00:00Z", Date.parse("2026-11-21T00:00:00Z"))).toBe(0);
  expect(entitled(FREE)).toContain("5 GB for recordings");
  expect(entitled(NONE)).toEqual([
    "Recordings without limit of room",
    "Recording without limit",
    "Transcription without limit",
    "As many people as you like",
    "Reports of how recordings are watched",
    "Passwords for links",
  ]);
});
