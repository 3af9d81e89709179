import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Session, type SessionOptions } from "../../src/player/session";
import type { Edge, Source, SourceEvents, SourceOptions } from "../../src/player/source";

/** The parts of a video element that a session uses; jsdom's own cannot play. */
class Screen extends EventTarget {
  currentTime = 0;
  duration = 100;
  playbackRate = 1;
  volume = 1;
  muted = false;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 4;
  refuses: "nothing" | "sound" | "everything" = "nothing";
  buffered = { length: 1, start: () => 0, end: () => 1000 };
  seekable = { length: 1, start: () => 0, end: () => this.duration };

  play(): Promise<void> {
    const refused = this.refuses === "everything" || (this.refuses === "sound" && !this.muted);
    if (refused) return Promise.reject(new DOMException("no", "NotAllowedError"));
    this.paused = false;
    this.say("play", "playing");
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
    this.say("pause");
  }

  say(...names: string[]): void {
    for (const name of names) this.dispatchEvent(new Event(name));
  }
}

interface Opened {
  url: string;
  options: SourceOptions;
  on: SourceEvents;
  resumed: string[];
  selected: (number | null)[];
  closed: boolean;
}

let screen: Screen;
let opened: Opened[];
let edge: Edge | null;
let session: Session;

function start(options: Partial<SessionOptions> = {}): void {
  const opener = (_: HTMLVideoElement, url: string, on: SourceEvents, wanted: SourceOptions) => {
    const one: Opened = { url, options: wanted, on, resumed: [], selected: [], closed: false };
    opened.push(one);
    const source: Source = {
      edge: () => edge,
      heights: () => [720],
      select: (height) => one.selected.push(height),
      resume: (trouble) => one.resumed.push(trouble),
      close: () => (one.closed = true),
    };
    return Promise.resolve(source);
  };
  session = new Session(screen as unknown as HTMLVideoElement, opener, {
    url: "/first.m3u8",
    startAt: null,
    autoplay: true,
    onExpired: () => undefined,
    ...options,
  });
}

/** Lets the promises of opening and playing settle. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const latest = (): Opened => {
  const one = opened.at(-1);
  if (!one) throw new Error("Nothing was opened");
  return one;
};

async function ready(): Promise<void> {
  await settle();
  latest().on.opened();
  latest().on.live(edge !== null);
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  screen = new Screen();
  opened = [];
  edge = null;
});

afterEach(() => {
  session.close();
  vi.useRealTimers();
});

test("it starts with sound where the browser allows it", async () => {
  start();
  await ready();
  expect(session.state()).toMatchObject({ stage: "ready", paused: false, mutedByBrowser: false });
});

test("it starts without sound where the browser insists, until the viewer turns it on", async () => {
  screen.refuses = "sound";
  start();
  await ready();
  expect(session.state()).toMatchObject({ paused: false, mutedByBrowser: true });
  session.unmute();
  expect(screen.muted).toBe(false);
  expect(session.state().mutedByBrowser).toBe(false);
});

test("a browser that refuses everything leaves the sound on for the viewer's own start", async () => {
  screen.refuses = "everything";
  start();
  await ready();
  expect(session.state()).toMatchObject({ paused: true, mutedByBrowser: false });
  expect(screen.muted).toBe(false);
});

test("who follows a recording is brought back softly, and by a jump only from afar", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 57.5;
  screen.say("timeupdate");
  expect(screen.playbackRate).toBe(1.05);
  screen.currentTime = 40;
  screen.say("timeupdate");
  expect(screen.currentTime).toBe(58.5);
});

test("who seeks back is left there at the chosen speed, and told how far behind", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 58;
  screen.say("timeupdate");
  session.seekTo(20);
  // Firefox says "timeupdate" before the seek has ended.
  screen.say("seeking", "timeupdate", "seeked");
  expect(session.state()).toMatchObject({ following: false, behind: 40 });
  session.setRate(2);
  screen.say("timeupdate");
  expect(screen.playbackRate).toBe(2);
});

test("a step over a gap that the player makes itself leaves the viewer following", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 40;
  session.togglePlay();
  screen.say("timeupdate");
  screen.currentTime = 42;
  screen.say("seeking", "seeked");
  expect(session.state().following).toBe(true);
});

test("who catches up at double speed follows again at the pace of the recording", async () => {
  edge = { at: 60, aim: 1.5 };
  start({ startAt: 20 });
  await ready();
  session.setRate(2);
  screen.currentTime = 58.4;
  screen.say("timeupdate", "timeupdate");
  expect(session.state()).toMatchObject({ following: true, rate: 1 });
  expect(screen.playbackRate).toBe(1);
});

test("nobody outruns a recording, and who slows down is left behind", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 58.5;
  session.setRate(1.5);
  expect(session.state()).toMatchObject({ following: true, rate: 1 });
  session.setRate(0.5);
  expect(session.state()).toMatchObject({ following: false, rate: 0.5 });
});

test("opening costs a viewer no distance", async () => {
  edge = { at: 60, aim: 1.5 };
  screen.currentTime = 57;
  start();
  await ready();
  expect(screen.currentTime).toBeCloseTo(58.5);
});

test("who comes back from a pause watches the past until asking for live", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 58;
  session.togglePlay();
  edge = { at: 90, aim: 1.5 };
  session.togglePlay();
  screen.say("timeupdate");
  expect(session.state()).toMatchObject({ following: false, behind: 32 });
  session.goLive();
  expect(screen.currentTime).toBe(88.5);
  expect(session.state().following).toBe(true);
});

test("the end of a recording turns live off and leaves the picture where it is", async () => {
  edge = { at: 60, aim: 1.5 };
  start();
  await ready();
  screen.currentTime = 58;
  edge = null;
  latest().on.live(false);
  expect(session.state()).toMatchObject({ live: false, following: false, behind: 0 });
  expect(screen.currentTime).toBe(58);
});

test("a picture that stops right before a known end is brought to it", async () => {
  start({ startAt: 0 });
  await ready();
  screen.currentTime = 99.9;
  screen.say("waiting");
  expect(screen.currentTime).toBe(100);
});

test("a lost network is tried again after a pause, and at once when it is back", async () => {
  start();
  await ready();
  latest().on.trouble("network");
  expect(session.state().stage).toBe("recovering");
  await vi.advanceTimersByTimeAsync(1000);
  expect(latest().resumed).toEqual(["network"]);
  latest().on.trouble("network");
  window.dispatchEvent(new Event("online"));
  expect(latest().resumed).toHaveLength(2);
  latest().on.healthy();
  expect(session.state()).toMatchObject({ stage: "ready", trouble: null });
});

test("an expired link asks for a new one and goes on from the same moment", async () => {
  const onExpired = vi.fn();
  start({ startAt: 0, onExpired });
  await ready();
  screen.currentTime = 42;
  latest().on.trouble("expired");
  expect(onExpired).toHaveBeenCalledOnce();
  session.replaceUrl("/second.m3u8");
  await settle();
  expect(opened[0]?.closed).toBe(true);
  expect(latest()).toMatchObject({ url: "/second.m3u8", options: { startAt: 42 } });
});

test("a new link while all is well interrupts nothing", async () => {
  start();
  await ready();
  session.replaceUrl("/second.m3u8");
  await settle();
  expect(opened).toHaveLength(1);
});

test("a picture that cannot be decoded is given up after three tries, and tried again on request", async () => {
  start();
  await ready();
  for (let i = 0; i < 4; i++) {
    latest().on.trouble("media");
    await settle();
  }
  expect(latest().resumed).toEqual(["media", "media", "media"]);
  expect(session.state()).toMatchObject({ stage: "failed", trouble: "media" });
  session.retryNow();
  await settle();
  expect(session.state().stage).toBe("opening");
});

test("a version made after the page was opened is fetched by opening the playlist anew", async () => {
  start({ startAt: 0 });
  await ready();
  session.setQuality(720);
  expect(latest().selected).toEqual([720]);
  screen.currentTime = 12;
  session.setQuality(480);
  await settle();
  expect(latest().options).toEqual({ startAt: 12, height: 480 });
});

test("what a closed source still says is not heard", async () => {
  start();
  await ready();
  const first = latest();
  session.setQuality(480);
  await settle();
  first.on.trouble("unsupported");
  expect(session.state().stage).toBe("opening");
});
