import { messages } from "../messages";
import type { Provider } from "../session/askWays";
import { connect, disconnect, type Identity } from "./api";
import type { Confirmed } from "./useConfirmed";

interface Props {
  providers: Provider[];
  list: Identity[];
  confirmed: Confirmed;
  /** Something has changed. */
  onChange: () => void;
}

const words = messages.security;

/** Nothing where the server knows no providers and nothing is connected. */
export function Elsewhere({ providers, list, confirmed, onChange }: Props) {
  if (providers.length === 0 && list.length === 0) return null;
  const leave = (provider: Provider) =>
    void confirmed.run(async (given) => {
      location.assign(await connect(provider.id, given));
      return null;
    });
  const take = (one: Identity) =>
    void confirmed.run(async () => {
      await disconnect(one.id);
      onChange();
      return null;
    });
  return (
    <section aria-labelledby="elsewhere">
      <h2 id="elsewhere">{words.elsewhere}</h2>
      <p>{words.elsewhereText}</p>
      <ul className="ways-list">
        {list.map((one) => (
          <li key={one.id}>
            <div className="ways-what">
              <strong>{one.providerName}</strong>
              {one.email && <span className="ways-when">{one.email}</span>}
            </div>
            <button
              type="button"
              className="button button-quiet"
              aria-label={words.disconnectOf(one.providerName)}
              onClick={() => take(one)}
            >
              {words.disconnect}
            </button>
          </li>
        ))}
      </ul>
      <div className="ways-buttons">
        {providers.map((one) => (
          <button
            key={one.id}
            type="button"
            className="button"
            disabled={confirmed.busy}
            onClick={() => leave(one)}
          >
            {words.connect(one.name)}
          </button>
        ))}
      </div>
    </section>
  );
}
