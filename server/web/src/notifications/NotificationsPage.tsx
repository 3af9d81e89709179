import { useEffect, useState } from "react";
import { messages } from "../messages";
import { ForPerson } from "../session/ForPerson";
import "../styles/notifications.css";
import { Message } from "../ui/Message";
import { Page } from "../ui/Page";
import { Entry } from "./Entry";
import { PreferencesForm } from "./PreferencesForm";
import { useTold } from "./useTold";

const words = messages.notifications;
const PAGE_SIZE = 20;

export function NotificationsPage() {
  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  return (
    <Page>
      <ForPerson>
        {() => (
          <div className="notifications">
            <List />
            <PreferencesForm />
          </div>
        )}
      </ForPerson>
    </Page>
  );
}

function List() {
  const [unreadOnly, setUnreadOnly] = useState(false);
  const told = useTold(PAGE_SIZE, unreadOnly);
  return (
    <section aria-labelledby="told-title" aria-busy={told.state === "asking"}>
      <header className="notifications-head">
        <h1 id="told-title">{words.title}</h1>
        <label>
          <input type="checkbox" checked={unreadOnly} onChange={() => setUnreadOnly(!unreadOnly)} />
          {words.unreadOnly}
        </label>
        <button
          type="button"
          className="button"
          disabled={told.unread === 0}
          onClick={() => void told.markAll()}
        >
          {words.markAll}
        </button>
      </header>
      {told.state === "failed" && (
        <div role="alert" className="notifications-problem">
          <p>{words.unreachable}</p>
          <button type="button" className="button" onClick={told.askAgain}>
            {words.tryAgain}
          </button>
        </div>
      )}
      {told.state === "here" && told.entries.length === 0 && (
        <Message title={words.none} text={words.noneText} />
      )}
      <ul className="told-list">
        {told.entries.map((one) => (
          <li key={one.id}>
            <Entry told={one} onOpen={() => void told.mark(one.id, true)}>
              <button type="button" onClick={() => void told.mark(one.id, !one.read)}>
                {one.read ? words.markUnread : words.markRead}
              </button>
              <button type="button" onClick={() => void told.remove(one.id)}>
                {words.remove}
              </button>
            </Entry>
          </li>
        ))}
      </ul>
      {told.cursor !== null && (
        <button type="button" className="button notifications-more" onClick={() => void told.askMore()}>
          {words.more}
        </button>
      )}
    </section>
  );
}
