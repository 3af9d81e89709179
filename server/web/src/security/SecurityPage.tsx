import { useCallback, useEffect, useState } from "react";
import { messages } from "../messages";
import { useWays } from "../session/askWays";
import { ForPerson } from "../session/ForPerson";
import { Problem } from "../signin/Problem";
import "../styles/ways.css";
import { Page } from "../ui/Page";
import { identities, passkeys, type Identity, type Passkey } from "./api";
import { ConfirmForm } from "./ConfirmForm";
import { Elsewhere } from "./Elsewhere";
import { Passkeys } from "./Passkeys";
import { useConfirmed } from "./useConfirmed";

const words = messages.security;

/** `/security`: how one gets in, besides a password. */
export function SecurityPage() {
  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  return (
    <Page narrow header="withoutSearch">
      <div className="ways">
        <h1>{words.title}</h1>
        <ForPerson>{() => <Lists />}</ForPerson>
        <p>
          <a href="/billing">{words.plan}</a>
        </p>
      </div>
    </Page>
  );
}

interface Kept {
  passkeys: Passkey[];
  identities: Identity[];
}

function Lists() {
  const ways = useWays();
  const confirmed = useConfirmed();
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(() => {
    Promise.all([passkeys(), identities()]).then(
      ([keys, accounts]) => {
        setKept({ passkeys: keys, identities: accounts });
        setProblem(null);
      },
      (refused: unknown) => setProblem((refused as Error).message),
    );
  }, []);
  useEffect(load, [load]);

  return (
    <>
      <Problem text={confirmed.problem ?? problem} />
      {confirmed.asking && <ConfirmForm confirmed={confirmed} />}
      {kept && ways && (
        <>
          <Passkeys offered={ways.passkeys} list={kept.passkeys} confirmed={confirmed} onChange={load} />
          <Elsewhere
            providers={ways.providers}
            list={kept.identities}
            confirmed={confirmed}
            onChange={load}
          />
        </>
      )}
    </>
  );
}
