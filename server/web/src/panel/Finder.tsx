import { messages } from "../messages";
import { Icon } from "../ui/icons";

interface Props {
  query: string;
  onQuery: (query: string) => void;
  /** How many there are, and the number of the one that is looked at. */
  count: number;
  at: number;
  onStep: (by: 1 | -1) => void;
}

/** The field to look for words in, with how many there are and the way from one to the next. */
export function Finder({ query, onQuery, count, at, onStep }: Props) {
  const words = messages.panel;
  return (
    <div className="finder" role="search">
      <input
        type="search"
        value={query}
        placeholder={words.find}
        aria-label={words.find}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          if (event.key === "Escape" && query) onQuery("");
        }}
      />
      <span className="finder-count" role="status">
        {query.trim() && (count > 0 ? words.hit(at + 1, count) : words.noHit)}
      </span>
      {count > 1 && (
        <>
          <button
            type="button"
            className="icon-button"
            aria-label={words.previous}
            onClick={() => onStep(-1)}
          >
            <Icon name="up" />
          </button>
          <button type="button" className="icon-button" aria-label={words.next} onClick={() => onStep(1)}>
            <Icon name="down" />
          </button>
        </>
      )}
    </div>
  );
}
