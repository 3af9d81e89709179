import { useEffect, useId, type KeyboardEvent, type ReactNode } from "react";

export interface Tab {
  id: string;
  name: string;
  content: ReactNode;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  /** Id of a tab; null shows the first. */
  chosen: string | null;
  onChoose: (id: string) => void;
}

/** Tabs after the pattern of the ARIA practices guide. All stay on the page, so that each keeps its place. */
export function Tabs({ label, tabs, chosen, onChoose }: Props) {
  const prefix = useId();
  const shown = tabs.find((tab) => tab.id === chosen) ?? tabs[0];
  const go = (event: KeyboardEvent, to: number) => {
    const next = tabs.at(to % tabs.length);
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`${prefix}${next.id}`)?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === shown?.id);
    if (event.key === "ArrowRight") go(event, at + 1);
    if (event.key === "ArrowLeft") go(event, at - 1);
    if (event.key === "Home") go(event, 0);
    if (event.key === "End") go(event, -1);
  };

  const shownId = shown && prefix + shown.id;
  useEffect(() => {
    const tab = shownId ? document.getElementById(shownId) : null;
    const list = tab?.parentElement;
    // Where not all have room side by side, the row of tabs scrolls.
    if (tab && list) list.scrollLeft = tab.offsetLeft + tab.offsetWidth - list.clientWidth;
  }, [shownId]);

  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={prefix + tab.id}
            type="button"
            role="tab"
            aria-selected={tab === shown}
            aria-controls={`${prefix}${tab.id}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onChoose(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          id={`${prefix}${tab.id}-panel`}
          className="tab-panel"
          role="tabpanel"
          aria-labelledby={prefix + tab.id}
          hidden={tab !== shown}
          // Who does something here stays here, also when a tab before it comes.
          onFocus={() => onChoose(tab.id)}
        >
          {tab.content}
        </div>
      ))}
    </>
  );
}
