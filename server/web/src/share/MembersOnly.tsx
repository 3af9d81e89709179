import { useEffect } from "react";
import { messages } from "../messages";
import { useSession } from "../session/useSession";
import { signInPath } from "../session/ways";
import { Message } from "../ui/Message";

const words = messages.membersOnly;

/** A link for members of a workspace: whoever is not signed in does that first, and comes back. */
export function MembersOnly({ embedded }: { embedded: boolean }) {
  const { state } = useSession();
  const leads = state === "out" && !embedded;
  useEffect(() => {
    if (leads) location.replace(signInPath());
  }, [leads]);
  if (!embedded) return <p className="opening">{messages.session.looking}</p>;
  return (
    <Message title={words.title} text={words.text}>
      {/* Nobody types a password into a frame on somebody's page. */}
      <a
        className="button"
        href={location.pathname.replace("/embed/", "/s/")}
        target="_blank"
        rel="noreferrer"
      >
        {words.open}
      </a>
    </Message>
  );
}
