import { part } from ".";
import { en } from "./en.billing";

export const words = part("billing", en);
