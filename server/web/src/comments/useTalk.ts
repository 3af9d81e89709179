import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Speaker } from "./speaker";
import { Talk, type TalkState } from "./talk";

/** One conversation for as long as the share and the speaker stay the same. */
export function useTalk(slug: string, speaker: Speaker, onOff: () => void): [Talk, TalkState] {
  const talk = useMemo(() => new Talk(slug, speaker), [slug, speaker]);
  useEffect(() => talk.open(onOff), [talk, onOff]);
  return [talk, useSyncExternalStore(talk.subscribe, talk.state)];
}
