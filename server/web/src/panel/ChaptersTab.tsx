import { messages } from "../messages";
import { clock } from "../player/time";
import { useCurrent } from "../player/useCurrent";
import type { Chapter } from "../player/usePlayer";
import { press } from "./press";

interface Props {
  chapters: readonly Chapter[];
  video: HTMLVideoElement | null;
  onGo: (seconds: number) => void;
}

export function ChaptersTab({ chapters, video, onGo }: Props) {
  const current = useCurrent(
    video,
    chapters.map((chapter) => chapter.start),
  );
  return (
    <div className="scroller" data-reading>
      <ol className="lines chapters" aria-label={messages.panel.chapters}>
        {chapters.map((chapter, index) => (
          <li key={chapter.start} data-current={index === current || undefined}>
            <button
              type="button"
              className="line"
              aria-current={index === current ? "true" : undefined}
              onClick={(event) => press(event, () => onGo(chapter.start))}
            >
              <span className="line-time">{clock(chapter.start)}</span>
              <span className="line-text" dir="auto">
                {chapter.title}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
