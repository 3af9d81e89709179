import type { ReactNode } from "react";
import { longDate, messages } from "../messages";
import { linkOf, type Notification } from "./api";

const words = messages.notifications;

interface Props {
  told: Notification;
  /** Somebody looks at it: it is read then. */
  onOpen: () => void;
  children?: ReactNode;
}

/** One thing that somebody is told: a link where it leads somewhere. */
export function Entry({ told, onOpen, children }: Props) {
  const link = linkOf(told);
  const text = (
    <>
      {!told.read && <span className="offscreen">{words.isUnread}</span>} {words.sentence(told)}
    </>
  );
  return (
    <article className="told" data-unread={!told.read || undefined}>
      <p className="told-text">
        {link ? (
          <a href={link} onClick={onOpen}>
            {text}
          </a>
        ) : (
          text
        )}
      </p>
      {told.quote && <blockquote className="told-quote">{told.quote}</blockquote>}
      <p className="told-facts">
        <time dateTime={told.updatedAt}>{longDate(told.updatedAt)}</time>
        {children}
      </p>
    </article>
  );
}
