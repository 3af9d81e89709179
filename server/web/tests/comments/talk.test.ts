import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, type NewComment } from "../../src/comments/api";
import { Guest, parse } from "../../src/comments/guest";
import { Live, NOT_SHARED, type LiveEvents } from "../../src/comments/live";
import { Talk } from "../../src/comments/talk";
import { problemOf } from "../../src/comments/useAct";
import { comment } from "./samples";

/** A server that answers what a test wants, and remembers what it was asked. */
interface Asked {
  method: string;
  path: string;
  token: string | null;
  body: unknown;
}
let asked: Asked[];
let answer: (asked: Asked) => [status: number, body: unknown] | Promise<[status: number, body: unknown]>;
let on: LiveEvents;

const page = (data: object[], nextCursor: string | null = null) => ({ data, pagination: { nextCursor } });
const empty = (): [number, unknown] => [200, { ...page([]), counts: {} }];
const settled = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  asked = [];
  answer = empty;
  localStorage.clear();
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const one = {
      method: init.method ?? "GET",
      path: url.pathname.replace("/api/v1/shares/s", ""),
      token: headers.get("X-Guest-Token"),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : null,
    };
    asked.push(one);
    const [status, body] = await answer(one);
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  });
});

afterEach(() => vi.unstubAllGlobals());

function open(guest = new Guest("r")): Talk {
  const talk = new Talk("s", guest, (events) => {
    on = events;
    return { close: () => undefined };
  });
  talk.open(() => undefined);
  return talk;
}

const words: NewComment = { body: "Hello", time: 1, parentId: null, drawing: null };
const created = (id: string, author = comment(id).author) => ({
  type: "comment.created" as const,
  data: { ...comment(id), commentId: id, author, hasDrawing: false },
});
const ids = (talk: Talk) => [...talk.state().said.keys()];

test("each gap reads all of it anew, in as many pages as there are", async () => {
  const talk = open();
  answer = (one) =>
    one.path === "/comments"
      ? [
          200,
          asked.filter(({ path }) => path === "/comments").length === 1
            ? page([{ ...comment("a"), replies: [comment("b", { parentId: "a" })] }], "next")
            : page([{ ...comment("c"), replies: [] }]),
        ]
      : [200, { ...page([{ id: "1", emoji: "🎉", time: 3 }]), counts: { "🎉": 1 } }];
  on.gap();
  await vi.waitFor(() => expect(talk.state().ready).toBe(true));
  expect(ids(talk)).toEqual(["a", "b", "c"]);
  expect(talk.state()).toMatchObject({ more: false, stale: false, counts: { "🎉": 1 } });

  answer = () => [503, {}];
  on.gap();
  await vi.waitFor(() => expect(talk.state().stale).toBe(true));
  expect(ids(talk)).toEqual(["a", "b", "c"]);
});

test("what one says is there once, whether its news come before the answer or after", async () => {
  const talk = open();
  answer = async () => {
    on.event(created("a"));
    await settled();
    expect(ids(talk)).toEqual([]);
    return [201, { ...comment("a", { mine: true }), editToken: "t" }];
  };
  await talk.say(words, "Ann", "key");
  on.event(created("a"));
  expect([...talk.state().said.values()]).toEqual([comment("a", { mine: true })]);
  expect(talk.state().news).toBeNull();
  on.event(created("b", { userId: null, name: "Bob", guest: true }));
  expect(talk.state().news?.id).toBe("b");
});

test("a change that came too late shows what is there now, and says so", async () => {
  const talk = open();
  on.event(created("a"));
  const newer = comment("a", { body: "Changed elsewhere", version: 2 });
  answer = ({ method }) =>
    method === "PATCH" ? [412, { code: "comment_changed", error: "Changed" }] : [200, newer];
  await expect(talk.edit(comment("a"), "Mine")).rejects.toMatchObject({ code: "comment_changed" });
  await vi.waitFor(() => expect(talk.state().said.get("a")).toEqual(newer));
});

test("reactions are counted once, and can be taken back", async () => {
  const talk = open();
  answer = ({ method }) => (method === "DELETE" ? [204, null] : [201, { id: "1", emoji: "👍", time: 2 }]);
  const reaction = await talk.react("👍", 2, "Ann");
  on.event({ type: "reaction.added", data: { reactionId: "1", id: "", emoji: "👍", time: 2 } });
  expect(talk.state()).toMatchObject({ counts: { "👍": 1 }, reactions: [{ id: "1" }] });
  await talk.takeBack(reaction);
  on.event({ type: "reaction.removed", data: { reactionId: "1", id: "", emoji: "👍", time: 2 } });
  expect(talk.state()).toMatchObject({ counts: { "👍": 0 }, reactions: [] });
});

test("refusals are said in words", () => {
  expect(problemOf(new Refused("too_many_requests", "", 12.2))).toContain("13 seconds");
  expect(problemOf(new Refused("unreachable"))).toContain("still here");
  expect(problemOf(new Refused("new_code", "As the server says."))).toBe("As the server says.");
});

test("a guest keeps name and token for the next visit, each recording its own", async () => {
  answer = () => [201, { ...comment("a"), editToken: "secret" }];
  await open(new Guest("kept")).say(words, " Ann ", "key");
  expect(asked[0]).toMatchObject({ token: null, body: { name: "Ann" } });
  answer = () => [201, { ...comment("b"), editToken: null }];
  await open(new Guest("kept")).say(words, "Ann", "key");
  expect(asked[1]?.token).toBe("secret");
  expect(new Guest("kept").name).toBe("Ann");
  await open(new Guest("other")).say(words, "Ann", "key");
  expect(asked[2]?.token).toBeNull();
});

test("who asks not to be tracked is known as long as the page lasts, and nothing is kept", async () => {
  vi.stubGlobal("navigator", { doNotTrack: "1" });
  answer = () => [201, { ...comment("a"), editToken: "secret" }];
  const talk = open(new Guest("private"));
  await talk.say(words, "Eve", "key");
  await talk.say(words, "Eve", "other key");
  expect(asked[1]?.token).toBe("secret");
  expect(localStorage.length).toBe(0);
});

test("a token of another server, or anything else that lies there, does no harm", async () => {
  localStorage.setItem("heddle.guest", JSON.stringify({ name: "Ann", tokens: { r: "old", x: 3 } }));
  answer = (one) => (one.token ? [400, { code: "invalid_request" }] : empty());
  const talk = open();
  on.gap();
  await vi.waitFor(() => expect(talk.state().ready).toBe(true));
  expect(parse(localStorage.getItem("heddle.guest"))).toEqual({ name: "Ann", tokens: {} });
  for (const text of ["{", "3", '{"tokens":[1]}', null])
    expect(parse(text)).toEqual({ name: "", tokens: {} });
});

// The connection.

class Socket {
  readyState = 1;
  onopen: () => void = () => undefined;
  onmessage: (message: { data: unknown }) => void = () => undefined;
  onclose: (end: { code: number }) => void = () => undefined;
  readonly sent: string[] = [];
  send = (text: string) => this.sent.push(text);
  close = () => undefined;
}

function listen(introduce?: () => object | null) {
  const sockets: Socket[] = [];
  const told: string[] = [];
  const live = new Live(
    "ws://h/ws?share=s",
    {
      event: ({ type }) => told.push(type),
      gap: () => told.push("gap"),
      off: () => told.push("off"),
    },
    introduce,
    () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
  return { live, sockets, told };
}

test("a link that is not for everybody hears first who comes", () => {
  const { live, sockets } = listen(() => ({ token: "t" }));
  sockets[0]?.onopen();
  expect(sockets[0]?.sent).toEqual(['{"type":"auth","data":{"token":"t"}}']);
  live.close();
});

test("a connection that ends comes back, and each time all is asked for anew", () => {
  vi.useFakeTimers();
  const { live, sockets, told } = listen();
  sockets[0]?.onopen();
  sockets[0]?.onmessage({ data: JSON.stringify({ type: "comment.deleted", data: {} }) });
  for (const data of ['{"type":"pong"}', "{", new ArrayBuffer(1)]) sockets[0]?.onmessage({ data });
  sockets[0]?.onclose({ code: 1006 });
  vi.advanceTimersByTime(1_100);
  sockets[1]?.onclose({ code: 1006 });
  vi.advanceTimersByTime(2_100);
  sockets[2]?.onopen();
  expect(told).toEqual(["gap", "comment.deleted", "gap", "gap"]);
  live.close();
  sockets[2]?.onclose({ code: 1000 });
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(3);
  vi.useRealTimers();
});

test("a dead connection is noticed by its silence", () => {
  vi.useFakeTimers();
  const { live, sockets } = listen();
  sockets[0]?.onopen();
  vi.advanceTimersByTime(30_000);
  sockets[0]?.onmessage({ data: '{"type":"pong"}' });
  vi.advanceTimersByTime(30_000);
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(32_000);
  expect(sockets).toHaveLength(2);
  live.close();
  vi.useRealTimers();
});

test("comments that were turned off are told once, and asked for rarely", () => {
  vi.useFakeTimers();
  const { live, sockets, told } = listen();
  sockets[0]?.onopen();
  sockets[0]?.onclose({ code: NOT_SHARED });
  vi.advanceTimersByTime(50_000);
  expect([told, sockets.length]).toEqual([["gap", "off"], 1]);
  live.close();
  vi.useRealTimers();
});
