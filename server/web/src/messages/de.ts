import type { Catalogue } from "./catalogue";
import { account } from "./de.account";
import { admin } from "./de.admin";
import { billing } from "./de.billing";
import { comments } from "./de.comments";
import { pages } from "./de.pages";
import { sharing } from "./de.sharing";

/** German, in the polite form, with the app's own terms. */
export const de: Catalogue = { pages, account, admin, billing, comments, sharing };
