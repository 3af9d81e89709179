/** Icons of 24 units that only comments use. */
const PATHS = {
  pen: "M4 20l.9-4.2L15.6 5.1a2 2 0 0 1 2.8 0l.5.5a2 2 0 0 1 0 2.8L8.2 19.1z",
  highlighter: "M3 20h11v2H3zM6 14.5 15.5 5l4 4-9.5 9.5H6z",
  arrow: "M5 17.6 15.6 7H9V5h10v10h-2V8.4L6.4 19z",
  rectangle: "M4 5h16v14H4zm2 2v10h12V7z",
  undo: "M8 5 3.5 9.5 8 14v-3.5h5.5a3.5 3.5 0 0 1 0 7H9v2h4.5a5.5 5.5 0 0 0 0-11H8z",
} as const;

export function Sign({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
