import { useState } from "react";
import { words } from "../messages/comments";
import { commentOf, EMPTY } from "./draft";
import { NameField } from "./NameField";
import { Once } from "./once";
import { useRoom } from "./room";
import { TextBox } from "./TextBox";
import { useAct } from "./useAct";

/** An answer to a thread. It has no moment of its own: the thread has one. */
export function Reply({ parentId, to, onDone }: { parentId: string; to: string; onDone: () => void }) {
  const { talk, name } = useRoom();
  const [text, setText] = useState("");
  const [once] = useState(() => new Once());
  const { busy, problem, act } = useAct();
  const comment = commentOf({ ...EMPTY, text }, parentId);
  const ready = comment !== null && name.trim() !== "" && !busy;
  const send = async () => {
    if (ready && (await act(() => talk.say(comment, name, once.keyOf([comment, name]))))) onDone();
  };

  return (
    <form
      className="composer reply"
      data-filled
      aria-label={words.writeReply(to)}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextBox
        label={words.writeReply(to)}
        placeholder={words.replyPlaceholder}
        value={text}
        onChange={setText}
        onSend={() => void send()}
        onCancel={onDone}
        autoFocus
      />
      <div className="composer-row">
        <NameField />
        <button type="button" className="talk-link talk-send" onClick={onDone}>
          {words.cancel}
        </button>
        <button type="submit" className="button button-main" disabled={!ready}>
          {words.reply}
        </button>
      </div>
      <p className="talk-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
