import type { Share } from "../api/share";
import { Player } from "../player/Player";
import { parseTime } from "../player/time";
import { usePlayer } from "../player/usePlayer";
import { Page } from "../ui/Page";
import { Details } from "./Details";
import { phaseOf } from "./phase";
import { ShareGate } from "./ShareGate";
import { StatusLine } from "./StatusLine";
import { useShare } from "./useShare";
import { useTitle } from "./useTitle";

export function SharePage({ slug }: { slug: string }) {
  const view = useShare(slug);
  useTitle(view);
  return (
    <Page narrow={view.answer?.kind === "missing"}>
      <ShareGate view={view}>
        {(share, url) => <Watch share={share} url={url} stale={view.stale} onExpired={view.refresh} />}
      </ShareGate>
    </Page>
  );
}

interface WatchProps {
  share: Share;
  url: string;
  stale: boolean;
  onExpired: () => void;
}

function Watch({ share, url, stale, onExpired }: WatchProps) {
  const player = usePlayer({
    recordingId: share.recordingId,
    url,
    startAt: startOf(share),
    autoplay: true,
    onExpired,
  });
  // The end of a recording reaches the player before the next answer of the server.
  const live = player.state.live ?? share.live;
  return (
    <>
      <Player share={share} player={player} />
      <StatusLine share={share} stale={stale} live={live} />
      <Details share={share} live={live} time={player.state.time} />
    </>
  );
}

/** The link's own moment; else the edge of what is being recorded now, or the beginning of what is not. */
export function startOf(share: Share): number | null {
  const asked = parseTime(new URLSearchParams(location.search).get("t"));
  if (asked !== null) return asked;
  return phaseOf(share) === "live" ? null : 0;
}
