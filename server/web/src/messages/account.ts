import { part } from ".";
import { en } from "./en.account";

export const words = part("account", en);
