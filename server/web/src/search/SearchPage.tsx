import { useEffect, useState } from "react";
import { messages, number } from "../messages";
import type { User } from "../session/auth";
import { ForPerson } from "../session/ForPerson";
import "../styles/search.css";
import { Message } from "../ui/Message";
import { Page } from "../ui/Page";
import { SearchField } from "../ui/SearchField";
import { Filters } from "./Filters";
import { HitCard } from "./HitCard";
import { useResults, type Results } from "./useResults";
import { useWanted } from "./useWanted";
import { narrowedBy, NOTHING, type Wanted } from "./wanted";

const words = messages.search;
/** Whoever types is left to finish the word. */
const PAUSE_MS = 250;

export function SearchPage() {
  return (
    <Page header="withoutSearch">
      <ForPerson>{(user) => <Search user={user} />}</ForPerson>
    </Page>
  );
}

function Search({ user }: { user: User }) {
  const [wanted, change] = useWanted();
  const results = useResults(wanted);
  const [typed, setTyped] = useState(wanted.q);
  const [shown, setShown] = useState(wanted.q);
  // Back and forward change what is searched without anybody typing.
  if (shown !== wanted.q) {
    setShown(wanted.q);
    if (typed.trim() !== wanted.q) setTyped(wanted.q);
  }

  useEffect(() => {
    document.title = messages.pageTitle(wanted.q ? words.titleFor(wanted.q) : words.title);
  }, [wanted.q]);
  useEffect(() => {
    const timer = window.setTimeout(() => change({ q: typed.trim() }, "same"), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [typed, change]);

  return (
    <div className="search">
      <h1 className="offscreen">{words.title}</h1>
      <SearchField
        value={typed}
        autoFocus
        onChange={setTyped}
        onSubmit={(text) => change({ q: text.trim() }, "new")}
      />
      <Filters wanted={wanted} me={user.id} onChange={(part) => change(part, "new")} />
      <Outcome wanted={wanted} results={results} onWiden={() => change({ ...NOTHING, q: wanted.q }, "new")} />
    </div>
  );
}

interface OutcomeProps {
  wanted: Wanted;
  results: Results;
  onWiden: () => void;
}

function Outcome({ wanted, results, onWiden }: OutcomeProps) {
  const { hits, total, corrected, asking, problem, lacking } = results;
  const answered = asking !== "first" && problem === null;
  const trouble = problem !== null && (
    <div className="search-problem" role="alert">
      <p>{problem || words.unreachable}</p>
      <button type="button" className="button" onClick={results.askAgain}>
        {words.tryAgain}
      </button>
    </div>
  );
  return (
    <section aria-label={words.results} aria-busy={asking !== null}>
      <p className="search-count" role="status">
        {answered && corrected !== null && words.corrected(wanted.q.trim(), corrected)}
        {answered && total > 0 && words.count(total, number(total))}
      </p>
      {/* Where somebody looks: beside what was typed, for the hits are of another search, or at their end. */}
      {lacking === "first" && trouble}
      {hits.length > 0 && (
        <ul className="hits" data-old={asking === "first" || lacking === "first" || undefined}>
          {hits.map((hit) => (
            <li key={hit.id}>
              <HitCard hit={hit} />
            </li>
          ))}
        </ul>
      )}
      {lacking === "next" && trouble}
      {results.more && answered && (
        <button
          type="button"
          className="button search-more"
          onClick={results.askMore}
          disabled={asking !== null}
        >
          {asking === "next" ? words.asking : words.more}
        </button>
      )}
      {answered && hits.length === 0 && <Nothing wanted={wanted} onWiden={onWiden} />}
    </section>
  );
}

function Nothing({ wanted, onWiden }: { wanted: Wanted; onWiden: () => void }) {
  const narrowed = narrowedBy(wanted) > 0;
  if (!wanted.q.trim() && !narrowed) return <Message {...words.empty} />;
  return (
    <Message title={words.nothing.title} text={narrowed ? words.nothing.narrowed : words.nothing.text}>
      {narrowed && (
        <button type="button" className="button" onClick={onWiden}>
          {words.nothing.widen}
        </button>
      )}
    </Message>
  );
}
