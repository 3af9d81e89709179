import { words } from "../messages/billing";
import "../styles/billing.css";
import { amount, bare, levelOf, monthName } from "./amounts";
import type { QuotaOut, WorkspaceUsage } from "./api";

/** How much of each quota is used: a bar where there is a limit. */
export function Quotas({ usage }: { usage: WorkspaceUsage }) {
  const limited = usage.quotas.some(({ limit }) => limit !== null);
  return (
    <>
      <ul className="quotas">
        {usage.quotas.map((one) => (
          <li key={one.quota} className="quota" data-level={levelOf(one)}>
            <Quota held={one} />
          </li>
        ))}
      </ul>
      <p className="billing-note">
        {words.month(monthName(usage.month))}
        {limited && usage.quotas.some((one) => levelOf(one) === "usedUp") && ` ${words.larger}`}
      </p>
    </>
  );
}

function Quota({ held }: { held: QuotaOut }) {
  const { quota, used, limit, percent } = held;
  const name = words.quotas[quota] ?? quota;
  const level = levelOf(held);
  const said =
    limit === null ? words.noLimit(amount(quota, used)) : words.of(bare(quota, used), amount(quota, limit));
  return (
    <>
      <p className="quota-head">
        <span className="quota-name">{name}</span>
        <span className="quota-said">{said}</span>
      </p>
      {percent !== null && (
        <div
          className="quota-bar"
          role="meter"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, percent)}
          aria-valuetext={said}
        >
          <div style={{ width: `${Math.min(100, percent)}%` }} />
        </div>
      )}
      {level === "nearly" && <p className="quota-warning">{words.nearly(percent ?? 0)}</p>}
      {level === "usedUp" && <p className="quota-warning">{words.usedUp[quota]}</p>}
    </>
  );
}
