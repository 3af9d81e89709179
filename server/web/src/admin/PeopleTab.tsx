import { useState } from "react";
import { number } from "../messages";
import { words as all } from "../messages/admin";
import { Choice, Filters, TextFilter } from "./Fields";
import { bytes, moment } from "./format";
import { NewPerson } from "./NewPerson";
import { Person, type Account } from "./Person";
import { ListTable } from "./Table";
import { usePages } from "./usePages";

const words = all.people;

export function PeopleTab() {
  const [q, setQ] = useState("");
  const [role, setRole] = useState("");
  const [state, setState] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const pages = usePages<Account>("/users", { q, role, state });
  return (
    <div className="admin-part">
      <Filters onRefresh={pages.again}>
        <TextFilter label={words.find} onChange={setQ} />
        <Choice label={words.role} value={role} options={words.roles} onChange={setRole} />
        <Choice label={words.state} value={state} options={words.states} onChange={setState} />
      </Filters>
      <NewPerson onMade={pages.again} />
      {open !== null && <Person key={open} id={open} onChange={pages.again} onClose={() => setOpen(null)} />}
      <ListTable
        caption={all.tabs.people}
        pages={pages}
        keyOf={(one) => one.id}
        columns={[
          {
            name: words.person,
            cell: (one) => (
              <button
                type="button"
                className="admin-link"
                aria-label={words.more(one.username)}
                onClick={() => setOpen(one.id)}
              >
                {one.username}
              </button>
            ),
          },
          { name: words.email, cell: (one) => one.email },
          { name: words.role, cell: (one) => words.roles[one.role] ?? one.role },
          {
            name: words.state,
            cell: (one) => <span data-state={one.state}>{words.states[one.state] ?? one.state}</span>,
          },
          { name: words.seen, cell: (one) => moment(one.lastSeenAt) || all.never, whole: true },
          { name: words.recordings, cell: (one) => number(one.recordings), numeric: true },
          { name: words.space, cell: (one) => bytes(one.bytes), numeric: true },
        ]}
      />
    </div>
  );
}
