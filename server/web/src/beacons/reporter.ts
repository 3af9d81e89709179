import type { PlayerState } from "../player/model";
import { uuid, type PlayerEvent } from "./events";
import { Watched } from "./watched";

const EVERY_MS = 15_000;
/** Events that wait for a browser that takes none. */
const MOST_KEPT = 200;

export interface Watching {
  slug: string;
  viewerId: string | null;
  referrer: string | null;
  /** The player as it is now. */
  state: () => PlayerState;
  /** False keeps the events for the next time. */
  send: (events: readonly PlayerEvent[]) => boolean;
}

/** Notes how one video element is watched, and sends it every 15 seconds and when the page goes away. */
export class Reporter {
  private readonly gone = new AbortController();
  private readonly watched = new Watched();
  private readonly sessionId = uuid();
  private readonly timer: number;
  private events: PlayerEvent[] = [];
  private started = false;
  private height: number | null = null;
  private switches = 0;
  private rebuffers = 0;
  private rebufferMs = 0;
  private waitingSince: number | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly watching: Watching,
  ) {
    const on = (target: EventTarget, names: string, act: () => void) => {
      for (const name of names.split(" ")) target.addEventListener(name, act, { signal: this.gone.signal });
    };
    on(video, "playing", () => this.playing());
    on(video, "timeupdate", () => this.tick());
    on(video, "pause ended", () => this.stopped());
    on(video, "seeking", () => this.interrupted());
    on(video, "waiting", () => this.waits());
    on(document, "visibilitychange", () => document.hidden && this.report());
    on(window, "pagehide", () => this.end());
    this.timer = window.setInterval(() => this.report(), EVERY_MS);
  }

  close(): void {
    if (this.gone.signal.aborted) return;
    this.end();
    this.gone.abort();
    window.clearInterval(this.timer);
  }

  private playing(): void {
    this.stopWaiting();
    this.watched.at(this.video.currentTime, this.video.playbackRate);
    if (this.started) return;
    this.started = true;
    this.note("stream_start");
    this.flush();
  }

  private tick(): void {
    const { height } = this.watching.state();
    if (height !== null && this.height !== null && height !== this.height) this.switches++;
    this.height = height ?? this.height;
    if (!this.started || this.video.paused || this.video.seeking) return;
    this.watched.at(this.video.currentTime, this.video.playbackRate);
  }

  private stopped(): void {
    if (this.started && !this.video.seeking) this.watched.at(this.video.currentTime, this.video.playbackRate);
    this.interrupted();
  }

  private interrupted(): void {
    this.watched.cut();
    this.waitingSince = null;
  }

  /** Nothing to show although it plays: not after a jump, where everybody has to wait a moment. */
  private waits(): void {
    if (!this.started || this.video.seeking || this.video.ended || this.waitingSince !== null) return;
    this.waitingSince = performance.now();
    this.rebuffers++;
  }

  private stopWaiting(): void {
    if (this.waitingSince === null) return;
    this.rebufferMs += Math.round(performance.now() - this.waitingSince);
    this.waitingSince = null;
  }

  private report(): void {
    if (this.started) this.note("stream_progress");
    this.flush();
  }

  private end(): void {
    if (this.started) this.note("stream_end");
    this.flush();
  }

  private note(type: PlayerEvent["type"]): void {
    const watched = this.watched.take();
    const news = watched.length + this.switches + this.rebuffers + this.rebufferMs > 0;
    if (type === "stream_progress" && !news) return;
    const { slug, viewerId, referrer } = this.watching;
    this.events.push({
      id: uuid(),
      type,
      slug,
      sessionId: this.sessionId,
      viewerId,
      at: new Date().toISOString(),
      position: Math.round(this.video.currentTime * 100) / 100,
      watched,
      quality: this.height === null ? null : `${this.height}p`,
      qualitySwitches: this.switches,
      rebuffers: this.rebuffers,
      rebufferMs: this.rebufferMs,
      referrer,
    });
    this.switches = this.rebuffers = this.rebufferMs = 0;
  }

  private flush(): void {
    if (this.events.length > 0 && this.watching.send(this.events)) this.events = [];
    this.events = this.events.slice(-MOST_KEPT);
  }
}
