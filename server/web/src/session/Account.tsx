import { lazy, Suspense, useState } from "react";
import { messages } from "../messages";
import { Icon } from "../ui/icons";
import { SearchField } from "../ui/SearchField";
import { useSession } from "./useSession";
import { signInPath } from "./ways";

// Nobody but who is signed in has one.
const Bell = lazy(async () => ({ default: (await import("../notifications/Bell")).Bell }));

const words = messages.session;

/** Who is signed in, what they can search in, and the way out; or the way in. Nothing until that is known. */
export function Account({ search }: { search: boolean }) {
  const { state, user, signOut } = useSession();
  const [failed, setFailed] = useState(false);
  if (state === "unknown") return null;
  if (user === null) {
    return (
      <a className="button button-quiet account-in" href={signInPath()}>
        {words.signIn}
      </a>
    );
  }
  const leave = async () => setFailed(!(await signOut()));
  return (
    <>
      {search && (
        <>
          <SearchField onSubmit={(text) => location.assign(`/search?q=${encodeURIComponent(text.trim())}`)} />
          <a className="search-link" href="/search" aria-label={messages.search.title}>
            <Icon name="search" />
          </a>
        </>
      )}
      <span className="account">
        {user.role === "owner" && (
          <a className="account-name account-admin" href="/admin">
            {words.administer}
          </a>
        )}
        <a className="account-name account-plan" href="/billing">
          {words.plan}
        </a>
        <Suspense>
          <Bell />
        </Suspense>
        <a className="account-name" href="/security" title={`${user.email}: ${words.ways}`}>
          {user.username}
        </a>
        <button type="button" className="button button-quiet" onClick={() => void leave()}>
          {words.signOut}
        </button>
      </span>
      {failed && (
        <p className="account-failed" role="alert">
          {words.signOutFailed}
        </p>
      )}
    </>
  );
}
