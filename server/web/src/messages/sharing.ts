import { part } from ".";
import { en } from "./en.sharing";

export const words = part("sharing", en);
