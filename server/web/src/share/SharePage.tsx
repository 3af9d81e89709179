import { useCallback, useEffect } from "react";
import type { Share } from "../api/share";
import { useBeacons } from "../beacons/useBeacons";
import { hasPanel, Panel } from "../panel/Panel";
import { Player } from "../player/Player";
import { usePreferences } from "../player/preferences";
import { parseTime } from "../player/time";
import { usePlayer } from "../player/usePlayer";
import { Page } from "../ui/Page";
import { Details } from "./Details";
import { phaseOf } from "./phase";
import { ShareGate } from "./ShareGate";
import { StatusLine } from "./StatusLine";
import { useAnalysis } from "./useAnalysis";
import { useAskedAs } from "./useAskedAs";
import { useShare } from "./useShare";
import { useTitle } from "./useTitle";
import { useTranscript } from "./useTranscript";

export function SharePage({ slug }: { slug: string }) {
  const view = useShare(slug);
  useTitle(view);
  useAskedAs(view.refresh);
  const narrow = view.answer?.kind === "missing" || view.answer?.kind === "locked";
  return (
    <Page narrow={narrow} wide={!narrow}>
      <ShareGate slug={slug} view={view}>
        {(share, url) => <Watch share={share} url={url} stale={view.stale} refresh={view.refresh} />}
      </ShareGate>
    </Page>
  );
}

interface WatchProps {
  share: Share;
  url: string;
  stale: boolean;
  refresh: () => void;
}

function Watch({ share, url, stale, refresh }: WatchProps) {
  const player = usePlayer({
    recordingId: share.recordingId,
    url,
    startAt: startOf(share),
    autoplay: true,
    onExpired: refresh,
  });
  useBeacons(player, share.slug);
  const { session } = player;
  const { attachBelow } = player.hosts;
  const transcript = useTranscript(share);
  const analysis = useAnalysis(share);
  const { theatre } = usePreferences();
  const go = useCallback((seconds: number) => session?.playFrom(seconds), [session]);
  const panel = hasPanel(share);
  // The end of a recording reaches the player before the next answer of the server.
  const live = player.state.live ?? share.live;

  // Chapters are found when nothing else changes any more.
  const chaptersCame = analysis?.hasChapters === true && share.chaptersUrl === null;
  useEffect(() => {
    if (chaptersCame) refresh();
  }, [chaptersCame, refresh]);

  return (
    <div className="watch" data-panel={panel || undefined} data-theatre={(panel && theatre) || undefined}>
      <div className="watch-player">
        <Player share={share} player={player} theatre={panel} />
        <div ref={attachBelow} />
      </div>
      <div className="watch-details">
        <StatusLine share={share} stale={stale} live={live} onChanged={refresh} />
        <Details share={share} live={live} time={player.state.time} onChanged={refresh} />
      </div>
      {panel && (
        <Panel
          share={share}
          player={player}
          transcript={transcript}
          analysis={analysis}
          onGo={go}
          onChange={refresh}
        />
      )}
    </div>
  );
}

/** The link's own moment; else the edge of what is being recorded now, or the beginning of what is not. */
export function startOf(share: Share): number | null {
  const asked = parseTime(new URLSearchParams(location.search).get("t"));
  if (asked !== null) return asked;
  return phaseOf(share) === "live" ? null : 0;
}
