/** One recording on one video element: opens it, keeps it live, brings it back after trouble. Knows nothing of React. */

import { startPlaying } from "./autoplay";
import { backOff } from "./backoff";
import { advance, INITIAL, stepRate, type PlayerState, type StageEvent, type Trouble } from "./model";
import { Pace } from "./pace";
import type { Source, SourceEvents, SourceOptions } from "./source";

export type Opener = (
  video: HTMLVideoElement,
  url: string,
  on: SourceEvents,
  options: SourceOptions,
) => Promise<Source | null>;

export interface SessionOptions {
  url: string;
  startAt: number | null;
  autoplay: boolean;
  /** The media link may have expired: fetch a new one and call `replaceUrl`. */
  onExpired: () => void;
}

/** Decoding may fail once by accident; failing at once again means that it will keep failing. */
const MEDIA_TRIES = 3;
/** No picture of any recording lasts this long. */
const END_GAP_S = 0.3;

export class Session {
  private current: PlayerState = INITIAL;
  private readonly listeners = new Set<() => void>();
  private readonly gone = new AbortController();
  private source: Source | null = null;
  private url: string;
  private generation = 0;
  private attempt = 0;
  private mediaFailures = 0;
  private timer = 0;
  private autoplay: boolean;
  private readonly pace: Pace;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly opener: Opener,
    private readonly options: SessionOptions,
  ) {
    this.url = options.url;
    this.autoplay = options.autoplay;
    this.pace = new Pace(video, {
      edge: () => this.source?.edge() ?? null,
      state: this.state,
      patch: (change) => this.patch(change),
    });
    this.listenToVideo();
    window.addEventListener("online", () => this.retryNow(), { signal: this.gone.signal });
    this.patch({ following: options.startAt === null });
    void this.open(options.startAt);
  }

  readonly state = (): PlayerState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  close(): void {
    this.gone.abort();
    window.clearTimeout(this.timer);
    this.source?.close();
    this.generation++;
  }

  /** A fresh link to the same recording; only used once the one in use has failed. */
  replaceUrl(url: string): void {
    const waiting = this.current.stage === "recovering" && this.current.trouble === "expired";
    const changed = url !== this.url;
    this.url = url;
    if (waiting && changed) void this.reopen();
  }

  // What a viewer does.

  togglePlay(): void {
    if (!this.video.paused) this.video.pause();
    else void startPlaying(this.video);
  }

  seekTo(seconds: number): void {
    const end = this.end();
    this.video.currentTime = Math.min(Math.max(0, seconds), end);
  }

  /** Somebody pointed at this moment, wanting to see it. */
  playFrom(seconds: number): void {
    this.seekTo(seconds);
    if (this.video.paused) void startPlaying(this.video);
  }

  seekBy(seconds: number): void {
    this.seekTo(this.video.currentTime + seconds);
  }

  seekToFraction(fraction: number): void {
    if (fraction === 1 && this.current.live) this.goLive();
    else this.seekTo(fraction * this.end());
  }

  goLive(): void {
    if (!this.source?.edge()) return;
    this.pace.jump();
    if (this.video.paused) void startPlaying(this.video);
  }

  /** Nobody can outrun a recording; who wants it slower stops following it. */
  setRate(rate: number): void {
    if (this.current.following && this.current.live && rate > 1) return;
    if (rate < 1) this.patch({ following: false });
    this.video.playbackRate = rate;
    this.patch({ rate });
  }

  stepRate(by: 1 | -1): void {
    this.setRate(stepRate(this.current.rate, by));
  }

  changeVolume(by: number): void {
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + by));
    if (by > 0) this.video.muted = false;
  }

  toggleMute(): void {
    this.video.muted = !this.video.muted;
  }

  unmute(): void {
    this.video.muted = false;
    this.patch({ mutedByBrowser: false });
  }

  /** Versions made after the page was opened are not in its playlist yet: then the playlist is opened anew. */
  setQuality(height: number | null): void {
    this.patch({ quality: height });
    if (height === null || this.source?.heights().includes(height)) this.source?.select(height);
    else void this.reopen();
  }

  retryNow(): void {
    if (this.current.stage === "failed") void this.reopen();
    else if (this.current.stage === "recovering") this.retry();
  }

  // Opening and coming back.

  private async reopen(): Promise<void> {
    const keep = this.current.following && this.current.live ? null : this.video.currentTime;
    this.autoplay = !this.video.paused || (this.autoplay && !this.current.started);
    await this.open(keep);
  }

  private async open(startAt: number | null): Promise<void> {
    const generation = ++this.generation;
    this.source?.close();
    this.source = null;
    this.stage("reopen", null);
    const source = await this.opener(this.video, this.url, this.events(generation), {
      startAt,
      height: this.current.quality,
    });
    if (generation !== this.generation) source?.close();
    else if (source) this.source = source;
    else this.stage("gaveUp", "unsupported");
  }

  private events(generation: number): SourceEvents {
    const mine = (act: () => void) => {
      if (generation === this.generation) act();
    };
    return {
      opened: () => mine(() => this.opened()),
      healthy: () => mine(() => this.healthy()),
      live: (live) => mine(() => this.setLive(live)),
      switched: (height) => mine(() => this.patch({ height: height > 0 ? height : null })),
      flaky: () => mine(() => this.patch({ flaky: true })),
      trouble: (trouble) => mine(() => this.troubled(trouble)),
    };
  }

  private opened(): void {
    this.stage("opened", null);
    if (this.current.rate !== 1) this.video.playbackRate = this.current.rate;
    if (!this.autoplay) return;
    this.autoplay = false;
    void startPlaying(this.video).then((start) => this.patch({ mutedByBrowser: start === "muted" }));
  }

  private healthy(): void {
    this.attempt = 0;
    this.patch({ flaky: false });
    this.stage("healthy", null);
  }

  private setLive(live: boolean): void {
    if (live === this.current.live) return;
    this.patch(live ? { live } : { live, following: false, behind: 0 });
    if (!live) this.video.playbackRate = this.current.rate;
  }

  private troubled(trouble: Trouble): void {
    if (trouble === "media" && ++this.mediaFailures > MEDIA_TRIES) {
      this.stage("gaveUp", trouble);
      return;
    }
    if (trouble === "unsupported") {
      this.stage("gaveUp", trouble);
      return;
    }
    this.stage("trouble", trouble);
    this.attempt++;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.retry(), trouble === "media" ? 0 : backOff(this.attempt));
    if (trouble === "expired") this.options.onExpired();
  }

  private retry(): void {
    window.clearTimeout(this.timer);
    this.source?.resume(this.current.trouble ?? "network");
  }

  // What the video element says.

  private listenToVideo(): void {
    const on = (names: string, act: () => void) => {
      for (const name of names.split(" "))
        this.video.addEventListener(name, act, { signal: this.gone.signal });
    };
    on("play pause ended", () => this.patch({ paused: this.video.paused, ended: this.video.ended }));
    on("play", () => this.current.started && this.pace.resumed());
    on("playing", () => {
      if (!this.current.started) this.pace.arrived();
      this.patch({ started: true, stalled: false, ended: false });
    });
    on("waiting", () => {
      this.patch({ stalled: true });
      this.perhapsEnd();
    });
    on("seeked canplay", () => this.patch({ stalled: this.video.readyState < 3 && !this.video.paused }));
    on("seeking seeked", () => this.pace.sought());
    on("volumechange", () => !this.video.muted && this.patch({ mutedByBrowser: false }));
    on("timeupdate", () => this.tick());
  }

  private tick(): void {
    this.patch({ time: Math.floor(this.video.currentTime), ended: this.video.ended });
    if (this.video.readyState >= 3) this.mediaFailures = this.video.currentTime > 0 ? 0 : this.mediaFailures;
    this.pace.tick();
  }

  /** Firefox may stop right before the end of a recording that ended while it was watched; seeking there ends it. */
  private perhapsEnd(): void {
    const { duration, currentTime, ended } = this.video;
    if (this.current.live === false && !ended && duration - currentTime < END_GAP_S)
      this.video.currentTime = duration;
  }

  private end(): number {
    const { seekable, duration } = this.video;
    if (seekable.length > 0) return seekable.end(seekable.length - 1);
    return Number.isFinite(duration) ? duration : 0;
  }

  private stage(event: StageEvent, trouble: Trouble | null): void {
    this.patch({ stage: advance(this.current.stage, event), trouble });
  }

  private patch(change: Partial<PlayerState>): void {
    const next = { ...this.current, ...change };
    const same = (Object.keys(change) as (keyof PlayerState)[]).every(
      (key) => this.current[key] === next[key],
    );
    if (same) return;
    this.current = next;
    this.listeners.forEach((listener) => listener());
  }
}
