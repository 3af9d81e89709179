import { useEffect, useState, type ReactNode } from "react";
import { messages } from "../messages";
import { words } from "../messages/admin";
import { Tabs } from "../panel/Tabs";
import type { User } from "../session/auth";
import { ForPerson } from "../session/ForPerson";
import "../styles/admin.css";
import { Message } from "../ui/Message";
import { Page } from "../ui/Page";
import { DeadTab } from "./DeadTab";
import { FlagsTab } from "./FlagsTab";
import { HealthTab } from "./HealthTab";
import { JobsTab } from "./JobsTab";
import { LogTab } from "./LogTab";
import { PeopleTab } from "./PeopleTab";
import { SettingsTab } from "./SettingsTab";
import { StorageTab } from "./StorageTab";
import { WorkspacesTab } from "./WorkspacesTab";

const PARTS: Record<keyof typeof words.tabs, () => ReactNode> = {
  health: () => <HealthTab />,
  jobs: () => <JobsTab />,
  dead: () => <DeadTab />,
  people: () => <PeopleTab />,
  workspaces: () => <WorkspacesTab />,
  storage: () => <StorageTab />,
  log: () => <LogTab />,
  settings: () => <SettingsTab />,
  flags: () => <FlagsTab />,
};
type Part = keyof typeof PARTS;

/** `/admin`: for owners of the server. */
export function AdminPage() {
  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  return (
    <Page wide>
      <ForPerson>{(user) => <Inside user={user} />}</ForPerson>
    </Page>
  );
}

/** The server decides by itself who may see what; this only says so before it does. */
function Inside({ user }: { user: User }) {
  const [chosen, setChosen] = useState<Part>(askedFor);
  const [visited, setVisited] = useState<ReadonlySet<Part>>(() => new Set([askedFor()]));
  if (user.role !== "owner") return <Message {...words.notYours} />;
  const choose = (id: string) => {
    setChosen(id as Part);
    setVisited((before) => new Set([...before, id as Part]));
    history.replaceState(null, "", `?part=${id}`);
  };
  const tabs = (Object.keys(PARTS) as Part[]).map((id) => ({
    id,
    name: words.tabs[id],
    // A part asks the server when somebody looks at it for the first time.
    content: visited.has(id) ? PARTS[id]() : null,
  }));
  return (
    <div className="admin">
      <h1>{words.title}</h1>
      <Tabs label={words.parts} tabs={tabs} chosen={chosen} onChoose={choose} />
    </div>
  );
}

function askedFor(): Part {
  const part = new URLSearchParams(location.search).get("part") ?? "";
  return part in PARTS ? (part as Part) : "health";
}
