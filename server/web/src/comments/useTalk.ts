import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Share } from "../api/share";
import { session } from "../session/session";
import { Live, liveAddress } from "./live";
import type { Speaker } from "./speaker";
import { Talk, type TalkState } from "./talk";

/** One conversation for as long as the share and the speaker stay the same. */
export function useTalk(
  { slug, guarded }: Pick<Share, "slug" | "guarded">,
  speaker: Speaker,
  onOff: () => void,
): [Talk, TalkState] {
  const talk = useMemo(() => {
    const introduce = guarded && speaker.userId !== null ? introduction : undefined;
    return new Talk(slug, speaker, (on) => new Live(liveAddress(slug), on, introduce));
  }, [slug, guarded, speaker]);
  useEffect(() => talk.open(onOff), [talk, onOff]);
  return [talk, useSyncExternalStore(talk.subscribe, talk.state)];
}

/** Who comes, where the link does not let everybody in. */
function introduction(): object | null {
  const token = session.held();
  if (token === null) session.token().catch(() => undefined); // for the next connection
  return token === null ? null : { token };
}
