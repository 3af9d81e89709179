/** Stays in the page while there is none, so that screen readers say what comes into it. */
export function Problem({ text }: { text: string | null }) {
  return (
    <p className="problem" role="alert">
      {text}
    </p>
  );
}
