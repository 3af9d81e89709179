import { useEffect, useState, useSyncExternalStore } from "react";
import { INITIAL, type PlayerState } from "./model";
import { openBest } from "./opener";
import { Session } from "./session";
import { useHosts, type Hosts } from "./useHosts";

export interface PlayerOptions {
  recordingId: string;
  url: string;
  startAt: number | null;
  autoplay: boolean;
  onExpired: () => void;
}

/** Where one subject of a recording begins and ends, seconds. */
export interface Chapter {
  title: string;
  start: number;
  end: number;
}

export interface PlayerHandle {
  /** Null until the video element is on the page. */
  session: Session | null;
  state: PlayerState;
  /** Goes on the `<video>` as its ref. */
  attach: (video: HTMLVideoElement | null) => void;
  video: HTMLVideoElement | null;
  /** As the player's track of chapters has them; empty until that is read. */
  chapters: readonly Chapter[];
  setChapters: (chapters: readonly Chapter[]) => void;
  hosts: Hosts;
}

const NO_CHAPTERS: readonly Chapter[] = [];
const never = () => () => undefined;
const initial = () => INITIAL;

/** One session for as long as the recording and the element stay the same: a new link to it interrupts nothing. */
export function usePlayer(options: PlayerOptions): PlayerHandle {
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const session = useSession(video, options);
  const state = useSyncExternalStore(session?.subscribe ?? never, session?.state ?? initial);
  const [chapters, setChapters] = useState<readonly Chapter[]>(NO_CHAPTERS);
  return { session, state, attach, video, chapters, setChapters, hosts: useHosts() };
}

function useSession(video: HTMLVideoElement | null, options: PlayerOptions): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  const { recordingId, url } = options;

  useEffect(() => {
    if (!video) return;
    const opened = new Session(video, openBest, options);
    // The session belongs to the element outside React: the next render learns of it here.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setSession(opened);
    return () => {
      opened.close();
      setSession(null);
    };
    // Later links and callbacks reach the running session below; only another recording starts another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [video, recordingId]);

  useEffect(() => session?.replaceUrl(url), [session, url]);
  return session;
}
