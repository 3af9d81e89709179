/** What the comments need to know of the video, each drawn again only when it changes. */

import { useCallback, useSyncExternalStore } from "react";

function useVideo<T>(video: HTMLVideoElement | null, names: string, read: () => T): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      const gone = new AbortController();
      for (const name of names.split(" ")) video?.addEventListener(name, changed, { signal: gone.signal });
      return () => gone.abort();
    },
    [video, names],
  );
  return useSyncExternalStore(subscribe, read);
}

/** A picture stays where it was put by this much. */
const EARLY_S = 0.25;
const LATE_S = 2.5;

/** The video is at this moment, or shortly after it. */
export function useNear(video: HTMLVideoElement | null, time: number | null): boolean {
  return useVideo(video, "timeupdate seeking seeked pause", () => {
    if (!video || time === null) return false;
    const away = video.currentTime - time;
    return away > -EARLY_S && away < LATE_S;
  });
}

/** Width by height of the picture itself, without what stands beside it. */
export function useRatio(video: HTMLVideoElement | null): number {
  return useVideo(video, "resize loadedmetadata", () =>
    video && video.videoWidth > 0 && video.videoHeight > 0 ? video.videoWidth / video.videoHeight : 16 / 9,
  );
}

/** Seconds at the ends of the time bar, as that has them, to a tenth. */
export function useEnds(video: HTMLVideoElement | null): [from: number, to: number] {
  const names = "durationchange loadedmetadata progress seeked";
  const from = useVideo(video, names, () =>
    video && video.seekable.length > 0 ? video.seekable.start(0) : 0,
  );
  const to = useVideo(video, names, () => {
    if (!video) return 0;
    if (Number.isFinite(video.duration)) return tenth(video.duration);
    return video.seekable.length > 0 ? tenth(video.seekable.end(video.seekable.length - 1)) : 0;
  });
  return [from, to];
}

function tenth(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
