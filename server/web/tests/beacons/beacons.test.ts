import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { referrerHost, send, uuid, wantsPrivacy, type PlayerEvent } from "../../src/beacons/events";
import { Reporter } from "../../src/beacons/reporter";
import { joined, Watched } from "../../src/beacons/watched";
import { INITIAL, type PlayerState } from "../../src/player/model";

class Screen extends EventTarget {
  currentTime = 0;
  playbackRate = 1;
  paused = false;
  seeking = false;
  ended = false;

  /** Plays on for so many seconds, told four times a second. */
  play(seconds: number): void {
    for (let told = 0; told < seconds * 4; told++) {
      this.currentTime += 0.25;
      this.dispatchEvent(new Event("timeupdate"));
    }
  }

  say(...names: string[]): void {
    for (const name of names) this.dispatchEvent(new Event(name));
  }

  seek(to: number): void {
    this.seeking = true;
    this.currentTime = to;
    this.say("seeking", "timeupdate");
    this.seeking = false;
    this.say("seeked");
  }
}

let screen: Screen;
let sent: PlayerEvent[][];
let state: PlayerState;
let takes: boolean;
let reporter: Reporter;

beforeEach(() => {
  vi.useFakeTimers();
  screen = new Screen();
  sent = [];
  state = { ...INITIAL, height: 720 };
  takes = true;
  reporter = new Reporter(screen as unknown as HTMLVideoElement, {
    slug: "abc",
    viewerId: null,
    referrer: "chat.example",
    state: () => state,
    send: (events) => takes && sent.push([...events]) > 0,
  });
});

afterEach(() => {
  reporter.close();
  vi.useRealTimers();
});

test("the start is told at once, what was watched every 15 seconds, and nothing where nothing was", () => {
  screen.say("playing");
  screen.play(10);
  vi.advanceTimersByTime(15_000);
  vi.advanceTimersByTime(15_000);
  expect(sent.map((events) => events.map((event) => event.type))).toEqual([
    ["stream_start"],
    ["stream_progress"],
  ]);
  expect(sent[1]?.[0]).toMatchObject({
    slug: "abc",
    watched: [[0, 10]],
    quality: "720p",
    qualitySwitches: 0,
    rebuffers: 0,
    referrer: "chat.example",
  });
});

test("what was jumped over was not watched, and what is watched again is there twice", () => {
  screen.say("playing");
  screen.play(2);
  screen.seek(60);
  screen.play(1);
  screen.seek(0);
  screen.play(1);
  vi.advanceTimersByTime(15_000);
  expect(sent[1]?.[0]?.watched).toEqual([
    [0, 2],
    [60.25, 61],
    [0.25, 1],
  ]);
});

test("waiting is counted while it plays, not after a jump, and changes of quality are too", () => {
  screen.say("playing");
  screen.play(1);
  screen.seeking = true;
  screen.say("waiting");
  screen.seeking = false;
  screen.say("waiting", "waiting");
  vi.advanceTimersByTime(700);
  screen.say("playing");
  state = { ...state, height: 360 };
  screen.play(1);
  vi.advanceTimersByTime(15_000);
  expect(sent[1]?.[0]).toMatchObject({ rebuffers: 1, qualitySwitches: 1, quality: "360p" });
  expect(sent[1]?.[0]?.rebufferMs).toBeGreaterThanOrEqual(690);
});

test("a page that goes away says how far it came; events that nobody took go with the next", () => {
  screen.say("playing");
  screen.play(3);
  takes = false;
  vi.advanceTimersByTime(15_000);
  takes = true;
  screen.play(2);
  window.dispatchEvent(new Event("pagehide"));
  expect(sent[1]?.map((event) => event.type)).toEqual(["stream_progress", "stream_end"]);
  expect(sent[1]?.map((event) => event.watched)).toEqual([[[0, 3]], [[3, 5]]]);
  expect(new Set(sent.flat().map((event) => event.sessionId)).size).toBe(1);
  expect(new Set(sent.flat().map((event) => event.id)).size).toBe(3);
});

test("a player that never began says nothing", () => {
  screen.say("waiting");
  window.dispatchEvent(new Event("pagehide"));
  expect(sent).toEqual([]);
});

test("at double speed a quarter of a second is half a second of the video", () => {
  const watched = new Watched();
  for (const time of [0, 3, 6]) watched.at(time, 2);
  watched.at(20, 2);
  expect(watched.take()).toEqual([[0, 6]]);
  expect(
    joined([
      [0, 1.004],
      [1.02, 2],
    ] as [number, number][]),
  ).toEqual([[0, 2]]);
});

test("events are sent fifty at a time, as the server takes them", () => {
  const bodies: string[] = [];
  vi.stubGlobal("navigator", { sendBeacon: (_: URL, body: string) => bodies.push(body) > 0 });
  expect(send(Array.from({ length: 51 }, () => ({ id: uuid() }) as PlayerEvent))).toBe(true);
  const counts = bodies.map((body) => (JSON.parse(body) as { events: unknown[] }).events.length);
  expect(counts).toEqual([50, 1]);
  vi.unstubAllGlobals();
});

test("who asks not to be tracked is not, and links from the server itself lead from nowhere", () => {
  const asks = (how: object) => wantsPrivacy(how as Navigator);
  expect([
    asks({ doNotTrack: "1" }),
    asks({ globalPrivacyControl: true }),
    asks({ doNotTrack: "0" }),
  ]).toEqual([true, true, false]);
  expect(referrerHost("https://chat.example/room?x=1")).toBe("chat.example");
  expect([referrerHost(""), referrerHost(location.href)]).toEqual([null, null]);
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
