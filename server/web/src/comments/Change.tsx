import { useState } from "react";
import { words } from "../messages/comments";
import { lengthOf } from "./draft";
import { useRoom } from "./room";
import { TextBox } from "./TextBox";
import { useAct } from "./useAct";
import { MAX_TEXT, type Comment } from "./wire";

/** What one has written, to write it again. */
export function Change({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const { talk } = useRoom();
  const [text, setText] = useState(comment.body);
  const { busy, problem, act } = useAct();
  const ready = text.trim() !== "" && lengthOf(text) <= MAX_TEXT && !busy;
  const save = async () => {
    const body = text.trim();
    if (ready && (body === comment.body || (await act(() => talk.edit(comment, body))))) onDone();
  };

  return (
    <form
      className="composer reply"
      data-filled
      aria-label={words.change}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextBox
        label={words.change}
        value={text}
        onChange={setText}
        onSend={() => void save()}
        onCancel={onDone}
        autoFocus
      />
      <div className="composer-row">
        <button type="button" className="talk-link talk-send" onClick={onDone}>
          {words.cancel}
        </button>
        <button type="submit" className="button button-main" disabled={!ready}>
          {words.save}
        </button>
      </div>
      <p className="talk-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
