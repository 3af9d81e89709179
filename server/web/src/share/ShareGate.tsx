import type { ReactNode } from "react";
import type { Share } from "../api/share";
import { messages } from "../messages";
import { Message } from "../ui/Message";
import { Locked } from "./Locked";
import { MembersOnly } from "./MembersOnly";
import { phaseOf } from "./phase";
import type { ShareView } from "./useShare";

interface Props {
  slug: string;
  view: ShareView;
  /** In a frame, perhaps of another site. */
  embedded?: boolean;
  /** What to show once there is a picture. */
  children: (share: Share, url: string) => ReactNode;
}

/** Everything a link can be before, or instead of, a recording to watch. */
export function ShareGate({ slug, view, embedded = false, children }: Props) {
  const { answer } = view;
  if (answer === null) return <p className="opening">{messages.loading}</p>;
  if (answer.kind === "missing") return <Missing />;
  if (answer.kind === "locked") return <Locked slug={slug} onUnlocked={view.refresh} />;
  if (answer.kind === "membersOnly") return <MembersOnly embedded={embedded} />;
  if (answer.kind === "unreachable") {
    return (
      <Message {...messages.unreachable} busy>
        <button type="button" className="button" onClick={view.refresh}>
          {messages.unreachable.retry}
        </button>
      </Message>
    );
  }
  const phase = phaseOf(answer.share);
  if (phase === "lost") return <Message {...messages.lost} />;
  if (phase === "waiting" || !answer.share.playlistUrl) return <Message {...messages.waiting} busy />;
  return children(answer.share, answer.share.playlistUrl);
}

export function Missing() {
  return (
    <Message title={messages.missing.title} text={messages.missing.text}>
      <a className="button" href="/">
        {messages.missing.home}
      </a>
    </Message>
  );
}
