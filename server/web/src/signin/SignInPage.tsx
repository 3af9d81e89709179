import { useEffect, useState } from "react";
import { messages } from "../messages";
import type { Pass } from "../session/auth";
import { session } from "../session/session";
import { useSession } from "../session/useSession";
import { nextOf } from "../session/ways";
import { Page } from "../ui/Page";
import { CodeForm } from "./CodeForm";
import { PasswordForm } from "./PasswordForm";
import { WAYS } from "./otherWays";

const words = messages.signIn;

/** `/signin?next=/path`: leads on as soon as somebody is signed in, on this page or on another one. */
export function SignInPage() {
  const { state } = useSession(true);
  const [mfaToken, setMfaToken] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  useEffect(() => {
    if (state === "in") location.replace(nextOf(location.search));
  }, [state]);

  const enter = (pass: Pass) => session.enter(pass);
  const askAgain = (why: string) => {
    setProblem(why);
    setMfaToken(null);
  };
  return (
    <Page narrow header="bare">
      <div className="sign-in">
        <h1>{words.title}</h1>
        {mfaToken === null ? (
          <PasswordForm problem={problem} onIn={enter} onCode={setMfaToken} />
        ) : (
          <CodeForm mfaToken={mfaToken} onIn={enter} onOver={askAgain} />
        )}
        {mfaToken === null &&
          WAYS.map((Way) => <Way key={Way.name} next={nextOf(location.search)} onIn={enter} />)}
        <p className="sign-in-help">
          <a href="/account/forgotten">{words.forgotten}</a>
        </p>
      </div>
    </Page>
  );
}
