import { useState } from "react";
import { wantsPrivacy } from "../beacons/events";
import { words } from "../messages/comments";
import { useRoom } from "./room";
import { MAX_NAME } from "./wire";

/** Guests say once how they are called; accounts are known. */
export function NameField() {
  const { speaker, name, onName } = useRoom();
  const [changing, setChanging] = useState(speaker.name === "");
  if (speaker.userId !== null) return <span className="talk-as">{words.as(speaker.name)}</span>;
  if (!changing && name !== "") {
    return (
      <button type="button" className="talk-link" title={words.rename} onClick={() => setChanging(true)}>
        {words.as(name)}
      </button>
    );
  }
  return (
    <div className="text-box">
      <input
        className="talk-name"
        value={name}
        maxLength={MAX_NAME}
        autoComplete="nickname"
        placeholder={words.name}
        aria-label={words.name}
        onChange={(event) => onName(event.target.value)}
        onBlur={() => name.trim() && setChanging(false)}
      />
      {wantsPrivacy() && <p className="talk-hint">{words.private}</p>}
    </div>
  );
}
