import { useEffect, useRef, useState } from "react";
import { messages } from "../messages";
import "../styles/notifications.css";
import { Icon } from "../ui/icons";
import { Entry } from "./Entry";
import { watchUnread } from "./live";
import { useTold } from "./useTold";

const words = messages.notifications;
const SHOWN = 8;

/** How many are unread, as it changes; pressed, the last of them. */
export function Bell() {
  const [unread, setUnread] = useState(0);
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => watchUnread(setUnread), []);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      place.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);

  return (
    <div className="bell" ref={place}>
      <button
        type="button"
        className="button button-quiet bell-button"
        aria-expanded={open}
        aria-label={words.bell(unread)}
        onClick={() => setOpen(!open)}
      >
        <Icon name="bell" />
        {unread > 0 && <span className="bell-count">{unread > 99 ? "99+" : unread}</span>}
      </button>
      {open && <Last unread={unread} />}
    </div>
  );
}

/** `unread` is told by the server: when it changes, there is something else to show. */
function Last({ unread }: { unread: number }) {
  const told = useTold(SHOWN, false, unread);
  return (
    <section className="bell-list" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        {told.unread > 0 && (
          <button type="button" className="button button-quiet" onClick={() => void told.markAll()}>
            {words.markAll}
          </button>
        )}
      </header>
      {told.state === "failed" && <p role="alert">{words.unreachable}</p>}
      {told.state === "here" && told.entries.length === 0 && <p className="told-none">{words.none}</p>}
      <ul>
        {told.entries.map((one) => (
          <li key={one.id}>
            <Entry told={one} onOpen={() => void told.mark(one.id, true)} />
          </li>
        ))}
      </ul>
      <a className="bell-all" href="/notifications">
        {words.all}
      </a>
    </section>
  );
}
