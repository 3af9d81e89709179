import type { Share } from "../api/share";
import { useBeacons } from "../beacons/useBeacons";
import { messages } from "../messages";
import { Player } from "../player/Player";
import { usePlayer } from "../player/usePlayer";
import { Mark } from "../ui/Mark";
import { ShareGate } from "./ShareGate";
import { startOf } from "./SharePage";
import { useShare } from "./useShare";
import { useTitle } from "./useTitle";

/** The player alone, for a frame in someone else's page; it starts by itself only where `?autoplay=1` asks for it. */
export function EmbedPage({ slug }: { slug: string }) {
  const view = useShare(slug);
  useTitle(view);
  return (
    <main className="embed">
      <ShareGate slug={slug} view={view} embedded>
        {(share, url) => <Embedded share={share} url={url} onExpired={view.refresh} />}
      </ShareGate>
    </main>
  );
}

function Embedded({ share, url, onExpired }: { share: Share; url: string; onExpired: () => void }) {
  const title = share.title || messages.untitled;
  const player = usePlayer({
    recordingId: share.recordingId,
    url,
    startAt: startOf(share),
    autoplay: new URLSearchParams(location.search).get("autoplay") === "1",
    onExpired,
  });
  useBeacons(player, share.slug);
  return (
    <Player share={share} player={player}>
      <h1 className="offscreen">{title}</h1>
      <a
        className="embed-title"
        href={share.shareUrl}
        target="_blank"
        rel="noreferrer"
        aria-label={messages.embed.open(title)}
      >
        <Mark />
        <span>{title}</span>
      </a>
    </Player>
  );
}
