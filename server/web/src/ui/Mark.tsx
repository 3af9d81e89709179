/** The mark of assets/mark.svg, drawn in the colours of the page. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <g stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M6 9v14M26 9v14M16 3v5M16 24v5" />
        <path d="M16 8c3.6 2.4 5 5 5 8s-1.4 5.6-5 8c-3.6-2.4-5-5-5-8s1.4-5.6 5-8z" />
      </g>
      <circle className="mark-thread" cx="16" cy="16" r="2.6" />
    </svg>
  );
}
