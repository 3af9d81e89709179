import { useEffect } from "react";
import type { PlayerHandle } from "../player/usePlayer";
import { session as browser } from "../session/session";
import { referrerHost, send, viewerId, wantsPrivacy } from "./events";
import { Reporter } from "./reporter";

/** Tells the server how the recording is watched, unless the browser asks not to be tracked. */
export function useBeacons({ session, video }: PlayerHandle, slug: string): void {
  useEffect(() => {
    if (!session || !video || wantsPrivacy()) return;
    const reporter = new Reporter(video, {
      slug,
      viewerId: viewerId(),
      referrer: referrerHost(),
      state: session.state,
      send: (events) => {
        // Renewed in time for the next events: those of a page that closes cannot wait for a token.
        if (browser.read().state === "in") browser.token().catch(() => undefined);
        return send(events, browser.held());
      },
    });
    return () => reporter.close();
  }, [session, video, slug]);
}
