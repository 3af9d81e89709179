import { useEffect, useState } from "react";
import { messages } from "../messages";
import { words } from "../messages/billing";
import { ForPerson } from "../session/ForPerson";
import { Problem } from "../signin/Problem";
import "../styles/billing.css";
import { Message } from "../ui/Message";
import { Page } from "../ui/Page";
import { checkout, portal, workspaces, type Billing, type Workspace } from "./api";
import { Offers } from "./Offers";
import { PlanCard, sellsNothing } from "./PlanCard";
import { Quotas } from "./Quotas";
import { useAccount } from "./useAccount";

const LIVE = ["trialing", "active", "past_due"];

/** `/billing`: the plan of a workspace, how much of it is used, and what can be done about both. */
export function BillingPage() {
  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  return (
    <Page>
      <ForPerson>{() => <Inside />}</ForPerson>
    </Page>
  );
}

function Inside() {
  const [places, setPlaces] = useState<Workspace[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [chosen, setChosen] = useState(asked("workspace"));
  useEffect(() => {
    workspaces().then(setPlaces, (refused: unknown) => setProblem((refused as Error).message));
  }, []);
  const choose = (id: string) => {
    setChosen(id);
    history.replaceState(null, "", `?workspace=${encodeURIComponent(id)}`);
  };
  if (places?.length === 0) return <Message {...words.nothing} />;
  const place = places?.find(({ id }) => id === chosen) ?? places?.[0];
  return (
    <div className="billing">
      <header className="billing-head">
        <h1>{words.title}</h1>
        {place && places && places.length > 1 && (
          <label>
            {words.workspace}
            <select value={place.id} onChange={(event) => choose(event.target.value)}>
              {places.map(({ id, kind, name }) => (
                <option key={id} value={id}>
                  {kind === "personal" ? words.personal : name}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <Problem text={problem} />
      {place ? <Place key={place.id} place={place} /> : problem === null && <p>{words.loading}</p>}
    </div>
  );
}

function Place({ place }: { place: Workspace }) {
  const [returned] = useState(asked("checkout"));
  const { account, problem, again } = useAccount(place.id, returned === "done");
  const leaving = useLeaving();
  if (account === null) {
    return (
      <>
        <Problem text={problem} />
        {problem === null ? (
          <p>{words.loading}</p>
        ) : (
          <button type="button" className="button" onClick={again}>
            {words.tryAgain}
          </button>
        )}
      </>
    );
  }
  const { billing, usage } = account;
  const subscribed = billing.status !== null && LIVE.includes(billing.status);
  const pays = place.role === "owner";
  return (
    <>
      <p className="billing-told" role="status">
        {returned && told(returned, billing)}
      </p>
      <Problem text={leaving.problem ?? problem} />
      <PlanCard billing={billing}>
        {pays && billing.takesPayments && billing.status !== null && (
          <Portal busy={leaving.busy} open={() => leaving.go(() => portal(place.id))} />
        )}
      </PlanCard>
      <section className="billing-card" aria-labelledby="usage-title">
        <h2 id="usage-title">{words.usage}</h2>
        <Quotas usage={usage} />
      </section>
      {!sellsNothing(billing) && (
        <Offers
          billing={billing}
          subscribed={subscribed}
          pays={pays}
          busy={leaving.busy}
          onChoose={(plan) => leaving.go(() => checkout(place.id, plan))}
          onChange={() => leaving.go(() => portal(place.id))}
        />
      )}
    </>
  );
}

/** The provider has one page for all of it. */
function Portal({ busy, open }: { busy: boolean; open: () => void }) {
  return (
    <>
      <div className="billing-buttons">
        {[words.manage, words.invoices].map((name) => (
          <button key={name} type="button" className="button" disabled={busy} onClick={open}>
            {name}
          </button>
        ))}
      </div>
      <p className="billing-note">{words.elsewhere}</p>
    </>
  );
}

/** Goes to a page elsewhere, as soon as the server has said where it is. */
function useLeaving() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const go = (where: () => Promise<string>) => {
    setBusy(true);
    setProblem(null);
    where().then(
      (address) => location.assign(address),
      (refused: unknown) => {
        setBusy(false);
        setProblem((refused as Error).message);
      },
    );
  };
  return { busy, problem, go };
}

function told(returned: string, { plan }: Billing): string {
  if (returned !== "done") return words.checkout.left;
  return plan.free ? words.checkout.done : words.checkout.holds(plan.name);
}

function asked(name: string): string {
  return new URLSearchParams(location.search).get(name) ?? "";
}
