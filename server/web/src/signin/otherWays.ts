import type { ComponentType } from "react";
import type { Pass } from "../session/auth";
import { MoreWays } from "./MoreWays";

export interface WayProps {
  /** The absolute address of where it goes on. */
  next: string;
  /** For ways that end on this page; one that leaves it comes back to `/signin` with the cookie set. */
  onIn: (pass: Pass) => void;
}

/** Ways to sign in besides a password, in the order they are shown below it. */
export const WAYS: readonly ComponentType<WayProps>[] = [MoreWays];
