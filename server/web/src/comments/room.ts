import { createContext, useContext } from "react";
import type { Session } from "../player/session";
import type { Hosts } from "../player/useHosts";
import type { Speaker } from "./speaker";
import type { Talk } from "./talk";
import type { Comment } from "./wire";

/** What everything in the tab shares. */
export interface Room {
  talk: Talk;
  session: Session | null;
  video: HTMLVideoElement | null;
  hosts: Hosts;
  speaker: Speaker;
  /** How a guest wants to be called; empty until they say it. */
  name: string;
  onName: (name: string) => void;
  /** May delete and resolve what others wrote. */
  mayTidy: boolean;
  selected: string | null;
  /** Show where a comment belongs. */
  go: (comment: Comment) => void;
  /** Bring it into sight in the list. */
  select: (id: string) => void;
}

const RoomContext = createContext<Room | null>(null);
export const InRoom = RoomContext.Provider;

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("Comments are shown outside of their tab");
  return room;
}
