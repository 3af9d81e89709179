import type { Opener } from "./session";

/**
 * hls.js wherever it runs; the browser's own player only where there are no media source extensions. Chromium's own
 * player never gets a live recording: it drifts further behind all the time.
 */
export const openBest: Opener = async (video, url, on, options) => {
  const hls = await import("./hls");
  // It takes a new decoder where the codec changes; Chromium's own player breaks off there.
  if (hls.canPlay()) return hls.open(video, url.replace(/master\.m3u8$/, "everything.m3u8"), on, options);
  const native = await import("./native");
  return native.canPlay() ? native.open(video, url, on, options) : null;
};
