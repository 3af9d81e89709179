import type { ReactNode } from "react";
import { words } from "../messages/billing";
import { day, daysUntil } from "./amounts";
import type { Billing } from "./api";

/** Which plan holds, and how it stands; `children` are what can be done about it. */
export function PlanCard({ billing, children }: { billing: Billing; children?: ReactNode }) {
  const { plan, status, periodEnd, endsWithPeriod, graceUntil } = billing;
  const until = day(periodEnd);
  const standing = status === null ? words.free : (words.status[status] ?? words.status.active)?.(until);
  return (
    <section className="billing-card" aria-labelledby="plan-title">
      <h2 id="plan-title">{words.plan(plan.name)}</h2>
      {sellsNothing(billing) ? (
        <p>{words.unlimited}</p>
      ) : (
        <>
          {standing && <p>{endsWithPeriod && status !== "canceled" ? words.ends(until) : standing}</p>}
          {graceUntil !== null && <Grace until={graceUntil} />}
        </>
      )}
      {children}
    </section>
  );
}

/** A payment failed. */
function Grace({ until }: { until: string }) {
  const days = daysUntil(until);
  return (
    <div className="billing-alert" role="alert">
      <h3>{words.grace.title}</h3>
      <p>{days > 0 ? words.grace.text(days, day(until)) : words.grace.over}</p>
    </div>
  );
}

/** Billing is off: there is one plan, and it has no limits. */
export function sellsNothing({ plans, plan }: Billing): boolean {
  return plans.length === 1 && plan.id === "unlimited";
}
