import { messages } from "../messages";
import { choose, language, LANGUAGES, type Language } from "../messages/choice";

const ALL = Object.entries(LANGUAGES) as [Language, string][];

/** The languages of the pages, each by its own name. */
export function Languages() {
  return (
    <footer className="foot">
      <ul aria-label={messages.language}>
        {ALL.map(([tag, name]) => (
          <li key={tag}>
            <button
              type="button"
              className="language"
              lang={tag}
              aria-current={tag === language}
              onClick={() => choose(tag)}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </footer>
  );
}
