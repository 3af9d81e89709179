import { HLS_TYPE, type Edge, type Source, type SourceEvents, type SourceOptions } from "./source";
import { AIM_S } from "./live";

/** Safari on older iPhones has no media source extensions, but plays HLS by itself. */
export function canPlay(): boolean {
  return document.createElement("video").canPlayType(HLS_TYPE) !== "";
}

export function open(video: HTMLVideoElement, url: string, on: SourceEvents, options: SourceOptions): Source {
  const gone = new AbortController();
  const listen = (name: string, act: () => void) =>
    video.addEventListener(name, act, { signal: gone.signal });
  listen("loadedmetadata", () => {
    if (options.startAt !== null) video.currentTime = options.startAt;
    on.opened();
  });
  listen("durationchange", () => on.live(video.duration === Infinity));
  listen("progress", () => on.healthy());
  listen("error", () => on.trouble(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "media"));
  video.src = url;
  return {
    edge: () => nativeEdge(video),
    heights: () => [],
    select: () => undefined,
    resume: () => {
      const at = video.currentTime;
      video.load();
      video.currentTime = at;
    },
    close: () => {
      gone.abort();
      video.removeAttribute("src");
      video.load();
    },
  };
}

function nativeEdge(video: HTMLVideoElement): Edge | null {
  const ranges = video.seekable;
  if (video.duration !== Infinity || ranges.length === 0) return null;
  return { at: ranges.end(ranges.length - 1), aim: AIM_S };
}
