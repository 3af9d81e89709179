import { useEffect, useRef, useState, type ReactNode } from "react";
import { words } from "../messages/admin";
import { Problem } from "../signin/Problem";

type Work = () => Promise<string | undefined>;

export interface Acts {
  busy: boolean;
  /** Does it, after asking where there is something to ask. The sentence of `work` is shown, else that it is done. */
  act: (work: Work, question?: string) => void;
  /** To be put on the page: the question, what became of it, or why not. */
  view: ReactNode;
}

/** What an administrator does on a page: asked about first where it matters, then told of. */
export function useActs(after: () => void): Acts {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ done: string | null; problem: string | null }>({
    done: null,
    problem: null,
  });
  const [question, setQuestion] = useState<{ text: string; work: Work } | null>(null);

  const perform = (work: Work) => {
    setBusy(true);
    setQuestion(null);
    work()
      .then(
        (sentence) => setTold({ done: sentence ?? words.done, problem: null }),
        (refused: unknown) => setTold({ done: null, problem: (refused as Error).message }),
      )
      .finally(() => {
        setBusy(false);
        after();
      });
  };
  return {
    busy,
    act: (work, text) => (text === undefined ? perform(work) : setQuestion({ text, work })),
    view: (
      <>
        <p className="admin-done" role="status">
          {told.done}
        </p>
        <Problem text={told.problem} />
        {question && (
          <Question
            text={question.text}
            onYes={() => perform(question.work)}
            onNo={() => setQuestion(null)}
          />
        )}
      </>
    ),
  };
}

function Question({ text, onYes, onNo }: { text: string; onYes: () => void; onNo: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="admin-dialog"
      aria-labelledby="admin-question"
      onCancel={onNo}
      onClose={onNo}
    >
      <p id="admin-question">{text}</p>
      <div className="admin-row">
        {/* First, so that whoever only presses Enter does nothing. */}
        <button type="button" className="button" onClick={onNo}>
          {words.cancel}
        </button>
        <button type="button" className="button button-danger" onClick={onYes}>
          {words.yes}
        </button>
      </div>
    </dialog>
  );
}
