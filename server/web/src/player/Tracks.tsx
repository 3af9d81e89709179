import { useEffect, useRef, useState } from "react";
import type { Caption, Share } from "../api/share";
import { messages } from "../messages";
import { textOf } from "./captions";
import type { Chapter } from "./usePlayer";

interface Props {
  share: Share;
  video: HTMLVideoElement | null;
  /** The captions that are on. */
  caption: Caption | null;
  onCue: (text: string) => void;
  onChapters: (chapters: readonly Chapter[]) => void;
}

/** What the browser reads beside the picture: pictures for seeking, chapters, captions. Goes into the `<video>`. */
export function Tracks({ share, video, caption, onCue, onChapters }: Props) {
  return (
    <>
      {/* The time bar finds its pictures by this label, and shows them while one points at a moment. */}
      {share.storyboardUrl && <track kind="metadata" label="thumbnails" src={share.storyboardUrl} default />}
      {share.chaptersUrl && <ChapterTrack video={video} url={share.chaptersUrl} onChapters={onChapters} />}
      {caption && <CaptionTrack key={caption.language} video={video} caption={caption} onCue={onCue} />}
    </>
  );
}

interface ChapterTrackProps {
  video: HTMLVideoElement | null;
  url: string;
  onChapters: (chapters: readonly Chapter[]) => void;
}

function ChapterTrack({ video, url, onChapters }: ChapterTrackProps) {
  const element = useRef<HTMLTrackElement>(null);

  useEffect(() => {
    const read = () => {
      const cues = [...(element.current?.track.cues ?? [])];
      onChapters(cues.map((cue) => ({ title: textOf([cue]), start: cue.startTime, end: cue.endTime })));
      // The time bar looks for chapters when a track comes, at which time their text has not been read yet.
      video?.textTracks.dispatchEvent(new Event("change"));
    };
    const track = element.current;
    if (track?.readyState === HTMLTrackElement.LOADED) read();
    track?.addEventListener("load", read);
    return () => track?.removeEventListener("load", read);
  }, [video, onChapters]);

  return <track ref={element} kind="chapters" label={messages.panel.chapters} src={url} default />;
}

interface CaptionTrackProps {
  video: HTMLVideoElement | null;
  caption: Caption;
  onCue: (text: string) => void;
}

/**
 * The browser reads and times the cues; the page shows them, above the controls and in the size that was chosen.
 * Where the browser plays on a screen of its own (an iPhone does), it shows them itself.
 */
function CaptionTrack({ video, caption, onCue }: CaptionTrackProps) {
  const element = useRef<HTMLTrackElement>(null);
  const [alone, setAlone] = useState(false);

  useEffect(() => {
    const track = element.current?.track;
    if (!track) return;
    track.mode = alone ? "showing" : "hidden";
    const changed = () => onCue(textOf(track.activeCues ?? []));
    track.addEventListener("cuechange", changed);
    return () => {
      track.removeEventListener("cuechange", changed);
      track.mode = "disabled";
      onCue("");
    };
  }, [alone, onCue]);

  useEffect(() => {
    const leave = () => setAlone(true);
    const back = () => setAlone(false);
    video?.addEventListener("webkitbeginfullscreen", leave);
    video?.addEventListener("webkitendfullscreen", back);
    return () => {
      video?.removeEventListener("webkitbeginfullscreen", leave);
      video?.removeEventListener("webkitendfullscreen", back);
    };
  }, [video]);

  return (
    <track ref={element} kind="captions" srcLang={caption.language} label={caption.label} src={caption.url} />
  );
}
