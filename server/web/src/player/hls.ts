import Hls, { type ErrorData, type HlsConfig, type LoadPolicy } from "hls.js/light";
import { AIM_S } from "./live";
import type { Trouble } from "./model";
import type { Edge, Source, SourceEvents, SourceOptions } from "./source";

/** Beyond this the playlist is late rather than young: the recording stands still, and so does its edge. */
const OLDEST_S = 1;

const PATIENT: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 60_000,
    timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 3, retryDelayMs: 500, maxRetryDelayMs: 4_000, backoff: "exponential" },
  },
};

/** In its first two seconds a recording has no whole segment yet, and hls.js takes that for an error. */
const EAGER: LoadPolicy = {
  default: {
    ...PATIENT.default,
    errorRetry: { maxNumRetry: 6, retryDelayMs: 250, maxRetryDelayMs: 2_000, backoff: "linear" },
  },
};

const CONFIG: Partial<HlsConfig> = {
  // Half-second parts, asked for before they exist: two seconds behind the screen instead of nine.
  lowLatencyMode: true,
  // Fragments of MP4 pass through unchanged: a worker would only add a copy.
  enableWorker: false,
  // A stall asks for a larger distance from the edge, by little: the picture has to stay within seconds.
  liveSyncOnStallIncrease: 0.25,
  // Speeding up is ours (live.ts): hls.js would also undo the speed that a viewer chose.
  maxLiveSyncPlaybackRate: 1,
  // A self-hosted server is near more often than far: begin with the sharp version.
  abrEwmaDefaultEstimate: 8_000_000,
  maxBufferLength: 30,
  // Seeking back further than this asks the server again, so that an hour does not stay in memory.
  backBufferLength: 90,
  manifestLoadPolicy: PATIENT,
  playlistLoadPolicy: EAGER,
  fragLoadPolicy: PATIENT,
};

export const canPlay = (): boolean => Hls.isSupported();

export function open(video: HTMLVideoElement, url: string, on: SourceEvents, options: SourceOptions): Source {
  const hls = new Hls({ ...CONFIG, startPosition: options.startAt ?? -1 });
  const source = new HlsSource(hls, video, url);
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    source.select(options.height);
    on.opened();
  });
  hls.on(Hls.Events.LEVEL_UPDATED, (_, data) => on.live(data.details.live));
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, data) => on.switched(hls.levels[data.level]?.height ?? 0));
  hls.on(Hls.Events.FRAG_BUFFERED, () => on.healthy());
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (data.fatal) on.trouble(troubleOf(data));
    else if (data.type === Hls.ErrorTypes.NETWORK_ERROR && data.response) on.flaky();
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return source;
}

class HlsSource implements Source {
  private swapped = false;

  constructor(
    private readonly hls: Hls,
    private readonly video: HTMLVideoElement,
    private readonly url: string,
  ) {}

  edge(): Edge | null {
    const details = this.hls.latestLevelDetails;
    if (!details?.live) return null;
    return { at: details.edge + Math.min(details.age, OLDEST_S), aim: this.hls.targetLatency ?? AIM_S };
  }

  heights(): number[] {
    return this.hls.levels.map((level) => level.height);
  }

  select(height: number | null): void {
    const index = height === null ? -1 : this.hls.levels.findIndex((level) => level.height === height);
    if (this.hls.levels.length > 1 && this.hls.nextLevel !== index) this.hls.nextLevel = index;
  }

  resume(trouble: Trouble): void {
    if (trouble === "media") {
      // A second failure in a row may come from a badly announced codec.
      if (this.swapped) this.hls.swapAudioCodec();
      this.swapped = !this.swapped;
      this.hls.recoverMediaError();
    } else if (this.hls.levels.length === 0) {
      this.hls.loadSource(this.url);
    } else {
      this.hls.startLoad(this.video.currentTime || -1);
    }
  }

  close(): void {
    this.hls.destroy();
  }
}

function troubleOf(data: ErrorData): Trouble {
  const status = data.response?.code ?? 0;
  if (data.type === Hls.ErrorTypes.NETWORK_ERROR)
    return [401, 403, 404, 410].includes(status) ? "expired" : "network";
  if (data.details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return "unsupported";
  return "media";
}
