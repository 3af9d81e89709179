/** How far the browser let playback start by itself. */
export type Start = "playing" | "muted" | "blocked";

/** Tries with sound, then without; a browser that refuses both leaves the picture paused with its sound on. */
export async function startPlaying(video: HTMLVideoElement): Promise<Start> {
  if (await plays(video)) return "playing";
  if (video.muted) return "blocked";
  video.muted = true;
  if (await plays(video)) return "muted";
  video.muted = false;
  return "blocked";
}

async function plays(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play();
    return true;
  } catch (reason) {
    // A pause or a new source while starting is the viewer's doing, no refusal.
    return reason instanceof DOMException && reason.name === "AbortError";
  }
}
