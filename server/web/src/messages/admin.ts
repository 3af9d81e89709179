import { part } from ".";
import { en } from "./en.admin";

export const words = part("admin", en);
