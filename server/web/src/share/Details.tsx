import type { Share } from "../api/share";
import { longDate, messages } from "../messages";
import { CopyLink } from "./CopyLink";
import { Download } from "./Download";
import { phaseOf } from "./phase";
import { ShareSettings } from "./ShareSettings";

interface Props {
  share: Share;
  live: boolean;
  time: number;
  onChanged: () => void;
}

export function Details({ share, live, time, onChanged }: Props) {
  return (
    <article className="details">
      <div className="details-head">
        <div>
          <h1>
            {share.title || messages.untitled} <Badge share={share} live={live} />
          </h1>
          <p className="byline">
            {share.owner && `${messages.byOwner(share.owner.username)} · `}
            {share.createdAt && <time dateTime={share.createdAt}>{longDate(share.createdAt)}</time>}
          </p>
        </div>
        <div className="actions">
          <CopyLink shareUrl={share.shareUrl} time={live ? null : time} />
          <Download share={share} />
          <ShareSettings share={share} time={live ? 0 : time} onChanged={onChanged} />
        </div>
      </div>
      {share.description && <p className="description">{share.description}</p>}
    </article>
  );
}

function Badge({ share, live }: { share: Share; live: boolean }) {
  const phase = phaseOf(share);
  if (phase === "brokenOff") return <span className="badge">{messages.badge.brokenOff}</span>;
  if (phase === "live" && live) {
    return (
      <span className="badge badge-live">
        <span className="live-dot" aria-hidden="true" />
        {messages.badge.live}
      </span>
    );
  }
  return phase === "processing" || phase === "live" ? (
    <span className="badge">{messages.badge.processing}</span>
  ) : null;
}
