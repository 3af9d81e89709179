import { useEffect, useSyncExternalStore } from "react";
import type { Floats } from "./floats";
import type { Reaction } from "./wire";

interface Props {
  video: HTMLVideoElement | null;
  floats: Floats;
  reactions: readonly Reaction[];
}

/** Reactions rise at their moments, while the recording plays. */
export function Floating({ video, floats, reactions }: Props) {
  const shown = useSyncExternalStore(floats.subscribe, floats.state);

  useEffect(() => {
    if (!video) return;
    const gone = new AbortController();
    const played = () => {
      if (video.paused || video.seeking) floats.skip(video.currentTime);
      else floats.played(video.currentTime, reactions);
    };
    video.addEventListener("timeupdate", played, { signal: gone.signal });
    video.addEventListener("seeking", played, { signal: gone.signal });
    return () => gone.abort();
  }, [video, floats, reactions]);

  return (
    <div className="floats" aria-hidden="true">
      {shown.map(({ key, emoji, lane }) => (
        <span key={key} style={{ right: `${4 + lane * 12}%` }}>
          {emoji}
        </span>
      ))}
    </div>
  );
}
