import { words } from "../messages/billing";
import { entitled } from "./amounts";
import type { Billing } from "./api";

interface Props {
  billing: Billing;
  /** There is a subscription: it is changed where it is paid for. */
  subscribed: boolean;
  busy: boolean;
  onChoose: (plan: string) => void;
  onChange: () => void;
  /** Whether whoever looks may pay. */
  pays: boolean;
}

/** The other plans that there are. */
export function Offers({ billing, subscribed, busy, onChoose, onChange, pays }: Props) {
  const others = billing.plans.filter(({ id }) => id !== billing.plan.id);
  if (others.length === 0) return null;
  const buys = pays && billing.takesPayments;
  return (
    <section aria-labelledby="offers-title">
      <h2 id="offers-title">{words.offers}</h2>
      <ul className="offers">
        {others.map((plan) => (
          <li key={plan.id} className="offer">
            <h3>{plan.name}</h3>
            <ul>
              {entitled(plan.entitlements).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            {buys && !plan.free && !subscribed && (
              <button
                type="button"
                className="button button-main"
                disabled={busy}
                onClick={() => onChoose(plan.id)}
              >
                {words.choose(plan.name)}
              </button>
            )}
            {buys && !plan.free && subscribed && (
              <button type="button" className="button" disabled={busy} onClick={onChange}>
                {words.change(plan.name)}
              </button>
            )}
          </li>
        ))}
      </ul>
      {!billing.takesPayments && <p className="billing-note">{words.noPayments}</p>}
      {billing.takesPayments && !pays && <p className="billing-note">{words.ownersPay}</p>}
      {buys && !subscribed && <p className="billing-note">{words.priceNext}</p>}
    </section>
  );
}
