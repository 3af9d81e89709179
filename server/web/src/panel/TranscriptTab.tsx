import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Share } from "../api/share";
import type { Segment, Transcript } from "../api/transcript";
import { messages } from "../messages";
import { clock } from "../player/time";
import { useCurrent } from "../player/useCurrent";
import { isListenedTo } from "../share/phase";
import { CopyText } from "./CopyText";
import { bySegment, find, partsOf, type Hit } from "./find";
import { Finder } from "./Finder";
import { press } from "./press";
import { TextFiles } from "./TextFiles";
import { bring, useFollow } from "./useFollow";

interface Props {
  share: Share;
  /** Null while nothing is known yet. */
  transcript: Transcript | null;
  video: HTMLVideoElement | null;
  onGo: (seconds: number) => void;
}

const words = messages.panel;

/** What was said, with times: it goes along with the picture, and is the way to any of its moments. */
export function TranscriptTab({ share, transcript, video, onGo }: Props) {
  if (transcript && transcript.segments.length > 0)
    return <Lines share={share} transcript={transcript} video={video} onGo={onGo} />;
  return isListenedTo(share) ? <p className="panel-note">{words.writing}</p> : null;
}

function Lines({ share, transcript, video, onGo }: Props & { transcript: Transcript }) {
  const { segments, partial } = transcript;
  const box = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const sought = useDeferredValue(query);
  const hits = useMemo(() => find(segments, sought), [segments, sought]);
  const marked = useMemo(() => bySegment(hits), [hits]);
  const starts = useMemo(() => segments.map((segment) => segment.start), [segments]);
  const current = useCurrent(video, starts);
  const { following, follow, handlers } = useFollow(box, current, hits.length === 0);
  const hit = Math.min(at, hits.length - 1);

  useEffect(() => {
    const place = hits[hit]?.segment;
    const item = box.current?.querySelector<HTMLElement>(`[data-index="${place}"]`);
    if (box.current && item) bring(box.current, item);
  }, [hits, hit]);

  const go = useCallback(
    (seconds: number) => {
      follow();
      onGo(seconds);
    },
    [follow, onGo],
  );
  const ask = (next: string) => {
    setQuery(next);
    setAt(0);
  };
  const step = (by: 1 | -1) => hits.length > 0 && setAt((hit + by + hits.length) % hits.length);

  return (
    <>
      <div className="transcript-tools">
        <Finder query={query} onQuery={ask} count={hits.length} at={hit} onStep={step} />
        <CopyText text={() => plainText(segments)} />
        {!partial && <TextFiles slug={share.slug} />}
      </div>
      <div className="scroller" data-reading ref={box} {...handlers}>
        <ol className="lines" lang={transcript.language === "und" ? undefined : transcript.language}>
          {segments.map((segment, index) => (
            <Line
              key={segment.id}
              segment={segment}
              index={index}
              current={index === current}
              hits={marked.get(index)}
              active={hits[hit]?.segment === index ? hit : null}
              onGo={go}
            />
          ))}
        </ol>
        {partial && <p className="panel-note">{words.growing}</p>}
      </div>
      {!following && hits.length === 0 && current >= 0 && (
        <button type="button" className="follow" onClick={follow}>
          {words.follow}
        </button>
      )}
    </>
  );
}

interface LineProps {
  segment: Segment;
  index: number;
  current: boolean;
  hits: { first: number; hits: Hit[] } | undefined;
  /** Number of the hit that is looked at, where it is in this line. */
  active: number | null;
  onGo: (seconds: number) => void;
}

const Line = memo(function Line({ segment, index, current, hits, active, onGo }: LineProps) {
  const { text, start } = segment;
  const parts = hits ? partsOf(text, hits.hits, hits.first) : [{ text, hit: null }];
  return (
    <li data-index={index} data-current={current || undefined}>
      <button
        type="button"
        className="line"
        aria-current={current ? "true" : undefined}
        onClick={(event) => press(event, () => onGo(start))}
      >
        <span className="line-time">{clock(start)}</span>
        <span className="line-text" dir="auto">
          {parts.map((part, place) =>
            part.hit === null ? (
              part.text
            ) : (
              <mark key={place} data-active={part.hit === active || undefined}>
                {part.text}
              </mark>
            ),
          )}
        </span>
      </button>
    </li>
  );
});

/** For the clipboard: a line each, with its time. */
export function plainText(segments: readonly Segment[]): string {
  return segments.map(({ start, text }) => `${clock(start)} ${text}`).join("\n");
}
