import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Session } from "../../src/session/session";
import { nextOf, signInPath } from "../../src/session/ways";

const USER = { id: "u", email: "ada@example.org", username: "Ada", role: "member" };

/** The server's side of one browser: which cookie is good, and what was asked. */
let cookie: string | null;
let away: boolean;
let asked: { path: string; key: string | null }[];
let handedOut: number;
let name: string;
let names = 0;
let elsewhere: string | null;

beforeEach(() => {
  [cookie, away, asked, handedOut, elsewhere] = ["first", false, [], 0, null];
  // Pages of another test must not hear of this one.
  name = `test.session.${++names}`;
  localStorage.setItem(name, "the-key-of-this-browser");
  vi.stubGlobal("navigator", { locks: locks() });
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    const headers = new Headers(init.headers);
    asked.push({ path: url.pathname, key: headers.get("Idempotency-Key") });
    if (away) return Promise.reject(new TypeError("no network"));
    if (url.pathname === "/auth/single-logout") {
      cookie = null;
      return json(200, { address: elsewhere });
    }
    if (cookie === null) return json(401, { code: "session_ended" });
    else expect(headers.get("X-Heddle-Session")).toBe("1");
    return json(200, { token: `token ${++handedOut}`, expiresIn: 900, user: USER });
  });
});

afterEach(() => {
  localStorage.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const json = (status: number, body: object) =>
  Promise.resolve(new Response(JSON.stringify(body), { status }));

/** As browsers have them: one holder at a time, in the order of asking. */
function locks() {
  let last: Promise<unknown> = Promise.resolve();
  return { request: (_name: string, work: () => Promise<void>) => (last = last.then(work)) };
}

const until = (session: Session, state: string) => vi.waitFor(() => expect(session.read().state).toBe(state));

test("whoever was signed in still is when a page opens, and the key is the same each time", async () => {
  const page = new Session(name);
  page.begin(false);
  await until(page, "in");
  expect(page.read().user).toEqual(USER);
  await new Session(name).token();
  expect(asked.map((one) => one.key)).toEqual(["the-key-of-this-browser", "the-key-of-this-browser"]);
});

test("a visitor's browser asks nothing, unless the page needs somebody", async () => {
  localStorage.clear();
  cookie = null;
  const share = new Session(name);
  share.begin(false);
  expect([share.read().state, asked.length]).toEqual(["out", 0]);
  const search = new Session(name);
  search.begin(true);
  await until(search, "out");
  expect(asked.length).toBe(1);
  expect(localStorage.getItem(name)).toBeNull();
});

test("many questions at once renew a token once, and one that is good is used again", async () => {
  const page = new Session(name);
  const tokens = await Promise.all([page.token(), page.token(), page.token()]);
  expect(tokens).toEqual(["token 1", "token 1", "token 1"]);
  expect(await page.token()).toBe("token 1");
  expect(asked.length).toBe(1);
});

test("a token is renewed before it ends, and when the server does not believe it", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const page = new Session(name);
  expect(await page.token()).toBe("token 1");
  vi.setSystemTime(Date.now() + 880_000);
  expect(await page.token()).toBe("token 2");
  expect(await page.instead("token 1")).toBe("token 2"); // somebody else was faster
  expect(await page.instead("token 2")).toBe("token 3");
});

test("one page renews for all, and signing out on one signs all of them out", async () => {
  const [one, other] = [new Session(name), new Session(name)];
  one.begin(false);
  await until(one, "in");
  await until(other, "in");
  expect(await other.token()).toBe("token 1");
  expect(await other.signOut()).toBe(true);
  expect(other.read().state).toBe("out");
  await until(one, "out");
  expect(await one.token()).toBeNull();
  expect(asked.filter((call) => call.path === "/auth/single-logout").length).toBe(1);
});

test("who was signed in elsewhere is led there to be signed out, and no page of this browser goes on", async () => {
  elsewhere = "https://id.example.org/out?SAMLRequest=x";
  const [one, other] = [new Session(name), new Session(name)];
  one.begin(false);
  await until(one, "in");
  await until(other, "in");
  const assign = vi.fn();
  vi.stubGlobal("location", { origin: location.origin, assign });
  expect(await other.signOut()).toBe(true);
  expect(assign).toHaveBeenCalledExactlyOnceWith(elsewhere);
  await until(one, "out");
  expect(localStorage.getItem(name)).toBeNull();
});

test("a server that is away changes nothing, and is asked again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  away = true;
  const page = new Session(name);
  page.begin(false);
  await expect(page.token()).rejects.toThrow();
  expect(page.read().state).toBe("unknown");
  expect(await page.signOut()).toBe(false);
  away = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(page.read().state).toBe("in");
});

test("a sign-in leads to pages of this server alone", () => {
  expect(signInPath("/s/a?t=1m")).toBe("/signin?next=%2Fs%2Fa%3Ft%3D1m");
  const to = (next: string) => nextOf(`?next=${encodeURIComponent(next)}`).replace(location.origin, "");
  expect(to("/s/a?t=1m#x")).toBe("/s/a?t=1m#x");
  const elsewhere = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"];
  for (const next of [...elsewhere, "", "/signin?next=/signin"]) expect(to(next)).toBe("/search");
  expect(nextOf(`?next=${encodeURIComponent("/x/..//evil.example")}`).startsWith(location.origin)).toBe(true);
});
