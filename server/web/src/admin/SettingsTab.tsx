import { useState } from "react";
import { words as all } from "../messages/admin";
import { Problem } from "../signin/Problem";
import { Filters, TextFilter } from "./Fields";
import { Table } from "./Table";
import { useAnswer } from "./useAnswer";

const words = all.settings;

interface Setting {
  name: string;
  value: string | null;
  source: string;
}

export function SettingsTab() {
  const { data, problem, again } = useAnswer<{ data: Setting[] }>("/settings");
  const [part, setPart] = useState("");
  const shown = data?.data.filter((one) => one.name.includes(part.toUpperCase())) ?? null;
  return (
    <div className="admin-part">
      <Filters onRefresh={again}>
        <TextFilter label={words.name} onChange={setPart} />
      </Filters>
      <p className="admin-none">{words.text}</p>
      <Problem text={problem} />
      {shown && (
        <Table
          caption={all.tabs.settings}
          rows={shown}
          keyOf={(one) => one.name}
          columns={[
            { name: words.name, cell: (one) => <code>{one.name}</code> },
            {
              name: words.value,
              cell: (one) => (one.value === null ? words.unset : <code>{one.value}</code>),
            },
            { name: words.source, cell: (one) => one.source },
          ]}
        />
      )}
    </div>
  );
}
