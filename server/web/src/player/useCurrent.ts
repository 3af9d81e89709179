import { useCallback, useSyncExternalStore } from "react";

/** Index of the last of `starts` (ascending, seconds) that has begun at `time`; -1 before the first. */
export function indexAt(starts: readonly number[], time: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= time + SLACK_S) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A seek may end a hair before the moment it was meant for. */
const SLACK_S = 0.05;
const MOMENTS = ["timeupdate", "seeking", "seeked"];

/** Which of `starts` the picture is in; whoever asks is drawn again only when it changes. */
export function useCurrent(video: HTMLVideoElement | null, starts: readonly number[]): number {
  const subscribe = useCallback(
    (changed: () => void) => {
      for (const moment of MOMENTS) video?.addEventListener(moment, changed);
      return () => {
        for (const moment of MOMENTS) video?.removeEventListener(moment, changed);
      };
    },
    [video],
  );
  return useSyncExternalStore(subscribe, () => (video ? indexAt(starts, video.currentTime) : -1));
}
