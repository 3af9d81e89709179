import type { Messages } from "./en";
import type { AccountMessages } from "./en.account";
import type { AdminMessages } from "./en.admin";
import type { BillingMessages } from "./en.billing";
import type { CommentMessages } from "./en.comments";
import type { SharingMessages } from "./en.sharing";

/** Every word of every page, in one language. */
export interface Catalogue {
  pages: Messages;
  account: AccountMessages;
  admin: AdminMessages;
  billing: BillingMessages;
  comments: CommentMessages;
  sharing: SharingMessages;
}
