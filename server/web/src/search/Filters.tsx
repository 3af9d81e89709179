import { useState } from "react";
import { messages } from "../messages";
import { locale } from "../messages/choice";
import { useChoices, type Choice } from "./useChoices";
import { LENGTHS, narrowedBy, type Length, type Wanted } from "./wanted";

interface Props {
  wanted: Wanted;
  /** Id of whoever searches. */
  me: string;
  onChange: (change: Partial<Wanted>) => void;
}

const words = messages.search.filters;
/** Of these the server knows the forms of words. */
const LANGUAGES = ["da", "de", "en", "es", "fi", "fr", "it", "nl", "no", "pt", "ru", "sv"];
const WIDE = "(min-width: 800px)";

export function Filters({ wanted, me, onChange }: Props) {
  const count = narrowedBy(wanted);
  const [open, setOpen] = useState(count > 0 || matchMedia(WIDE).matches);
  const choices = useChoices(open, me);
  return (
    <details className="filters" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.title(count)}</summary>
      <div className="filter-row">
        <Choose
          label={words.person}
          value={wanted.person}
          choices={[{ value: "me", label: words.me }, ...choices.people]}
          onChoose={(person) => onChange({ person })}
        />
        <Choose
          label={words.folder}
          value={wanted.folder}
          choices={choices.folders}
          onChoose={(folder) => onChange({ folder })}
        />
        <Choose
          label={words.tag}
          value={wanted.tag}
          choices={choices.tags}
          onChoose={(tag) => onChange({ tag })}
        />
        <Choose
          label={words.length}
          value={wanted.length}
          choices={LENGTHS.slice(1).map((one) => ({ value: one, label: words.lengths[one] ?? one }))}
          onChoose={(length) => onChange({ length: length as Length })}
        />
        <Choose
          label={words.language}
          value={wanted.language}
          choices={LANGUAGES.map((one) => ({ value: one, label: languageName(one) }))}
          onChoose={(language) => onChange({ language })}
        />
        <Day label={words.from} value={wanted.from} max={wanted.to} onDay={(from) => onChange({ from })} />
        <Day label={words.to} value={wanted.to} min={wanted.from} onDay={(to) => onChange({ to })} />
      </div>
    </details>
  );
}

interface ChooseProps {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
}

/** One that the address names stays, also where it is not among the choices (yet). */
function Choose({ label, value, choices, onChoose }: ChooseProps) {
  const unknown = value !== "" && !choices.some((one) => one.value === value);
  return (
    <label>
      {label}
      <select
        value={value}
        data-set={value !== "" || undefined}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">{words.any}</option>
        {unknown && <option value={value}>{value}</option>}
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DayProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onDay: (day: string) => void;
}

function Day({ label, value, min, max, onDay }: DayProps) {
  return (
    <label>
      {label}
      <input
        type="date"
        value={value}
        min={min}
        max={max}
        data-set={value !== "" || undefined}
        onChange={(event) => onDay(event.target.value)}
      />
    </label>
  );
}

function languageName(tag: string): string {
  return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
}
