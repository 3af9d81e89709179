import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { linkOf, type Notification } from "../../src/notifications/api";
import { Bell } from "../../src/notifications/Bell";
import { unreadIn } from "../../src/notifications/live";
import { NotificationsPage } from "../../src/notifications/NotificationsPage";
import { session } from "../../src/session/session";

const PASS = {
  token: "t",
  until: Date.now() + 3_600_000,
  user: { id: "u", email: "ada@example.org", username: "Ada", role: "member" },
};

function told(id: string, more: Partial<Notification> = {}): Notification {
  return {
    id,
    kind: "comment",
    text: `Bob commented on “${id}”.`,
    quote: "Nice!",
    actor: { name: "Bob" },
    count: 1,
    recording: { id: "r", title: id, slug: "abc", shared: true },
    data: { time: 75.4 },
    read: false,
    updatedAt: "2026-11-21T20:00:00Z",
    ...more,
  };
}

const CHOICES = {
  data: [{ kind: "comment", description: "", inApp: true, email: "at_once", slack: false }],
  digestHour: 8,
  quietFrom: null,
  quietUntil: null,
  timeZone: "Europe/Berlin",
  emailAvailable: true,
};

let sent: string[] = [];

beforeEach(() => {
  sent = [];
  vi.stubGlobal(
    "WebSocket",
    class {
      close() {
        return undefined;
      }
    },
  );
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    const asked = `${init.method ?? "GET"} ${url.pathname.replace("/api/v1/notifications", "")}`;
    sent.push(`${asked} ${typeof init.body === "string" ? init.body : ""}`.trim());
    return Promise.resolve(new Response(JSON.stringify(answer(asked, init))));
  });
  session.enter(PASS);
});

afterEach(async () => {
  cleanup();
  await session.signOut();
  vi.unstubAllGlobals();
});

function answer(asked: string, init: RequestInit): object {
  if (asked.endsWith("preferences")) {
    if (!init.body) return CHOICES;
    const [one] = CHOICES.data;
    return { ...CHOICES, data: [{ ...one, email: "daily" }] };
  }
  if (asked.startsWith("PATCH")) return told("Two", { read: true });
  if (asked === "POST /read") return { unread: 0 };
  if (asked.endsWith("/count")) return { unread: 2 };
  return { data: [told("One"), told("Two")], unread: 2, pagination: { nextCursor: null } };
}

test("each is shown with its words and its link, read and deleted on its own", async () => {
  render(<NotificationsPage />);
  const link = await screen.findByRole("link", { name: "Unread: Bob commented on “One”." });
  expect(link.getAttribute("href")).toBe("/s/abc?t=75");
  const two = screen.getAllByRole("article")[1] ?? document.body;
  fireEvent.click(within(two).getByRole("button", { name: "Mark as read" }));
  expect(await within(two).findByRole("button", { name: "Mark as unread" })).toBeTruthy();
  fireEvent.click(within(two).getByRole("button", { name: "Delete" }));
  await vi.waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
  expect(await screen.findByRole("link", { name: "Bob commented on “One”." })).toBeTruthy();
  expect(sent).toContain('PATCH /Two {"read":true}');
  expect(sent).toContain("DELETE /Two");
});

test("a choice is kept as soon as it is made", async () => {
  render(<NotificationsPage />);
  const mail = await screen.findByLabelText<HTMLSelectElement>("Somebody comments on your video: By mail");
  expect(mail.value).toBe("at_once");
  fireEvent.change(mail, { target: { value: "daily" } });
  await vi.waitFor(() => expect(mail.value).toBe("daily"));
  expect(sent).toContain('PATCH /preferences {"kinds":{"comment":{"email":"daily"}}}');
  fireEvent.click(screen.getByLabelText("Quiet hours"));
  await vi.waitFor(() =>
    expect(sent).toContain('PATCH /preferences {"quietFrom":"22:00","quietUntil":"07:00"}'),
  );
});

test("the bell says how many are unread, and shows the last", async () => {
  render(<Bell />);
  const bell = await screen.findByRole("button", { name: "Notifications, 2 unread" });
  fireEvent.click(bell);
  const list = await screen.findByRole("region", { name: "Notifications" });
  expect(await within(list).findAllByRole("article")).toHaveLength(2);
  expect(bell.getAttribute("aria-expanded")).toBe("true");
  fireEvent.keyDown(document, { key: "Escape" });
  expect(bell.getAttribute("aria-expanded")).toBe("false");
});

test("what is not shared leads nowhere, and of a message only the count is read", () => {
  expect(linkOf(told("x", { recording: null }))).toBeNull();
  expect(linkOf(told("x", { recording: { id: "r", title: "", slug: "abc", shared: false } }))).toBeNull();
  expect(linkOf(told("x", { data: {} }))).toBe("/s/abc");
  expect(unreadIn('{"type":"notification.created","data":{"unread":3}}')).toBe(3);
  expect(unreadIn('{"type":"comment.created","data":{}}')).toBeNull();
});
