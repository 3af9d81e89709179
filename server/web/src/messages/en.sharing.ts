/** Words of the dialog of how a recording is shared. */
export const en = {
  title: "Share settings",
  close: "Close",
  loading: "Asking the server…",
  unreachable: "The server does not answer. Check your connection, then try again.",

  link: "Link",
  copyLink: "Copy the link",
  linkCopied: "Link copied",
  startAt: (time: string) => `Start at ${time}`,
  embed: "Embed code",
  copyEmbed: "Copy the embed code",
  embedCopied: "Embed code copied",
  copy: "Copy",
  copied: "Copied",

  who: "Who may watch",
  kinds: {
    public: "Anyone with the link",
    workspace: "Members of the workspace",
    private: "Nobody",
  },
  kindHints: {
    public: "No account is needed.",
    workspace: "They sign in first.",
    private: "The link is off. Members still find it in their workspace.",
  },
  password: "Ask for a password",
  passwordHint: "Members of the workspace are not asked.",
  newPassword: "Password, 8 characters or more",
  anotherPassword: "Another password",
  passwordStays: "Stays as it is",
  ends: "End the link",
  endsHint: "From then on it looks as if it never was.",
  endsAt: "On",
  download: "Offer downloads",
  downloadHint: "Whoever can watch can record, with this or without.",
  comments: "Viewers may comment and react",
  save: "Save",
  saving: "Saving…",
  saved: "Saved.",
};

export type SharingMessages = typeof en;
