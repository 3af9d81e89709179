/** Words of the pages that links in letters lead to: `/account/...`. */
export const en = {
  password: "Password",
  newPassword: "New password",
  email: "E-mail address",
  username: "Your name",
  code: "Code of your second factor",
  goOn: "Go on",
  busy: "One moment…",
  signIn: "To the sign-in",
  failed: "Something went wrong. Try again.",

  verify: {
    title: "Confirm your e-mail address",
    go: "It is mine",
    done: (email: string) => `Thank you: ${email} is confirmed.`,
    finishTitle: "Finish your registration",
    finishText: "Enter the password you chose.",
    finish: "Finish",
    ready: "Your account is ready: sign in with it.",
  },
  reset: {
    title: "Choose a new password",
    text: "Every device is signed out then.",
    go: "Change it",
    done: "Your password is changed: sign in with the new one.",
  },
  forgotten: {
    title: "Forgotten your password?",
    text: "A link to choose a new one is sent to your address.",
    go: "Send it",
    done: "If there is an account with this address, the mail is on its way.",
  },
  address: {
    title: "Your new e-mail address",
    go: "Confirm it",
    pending: "Confirmed. The link in the mail to the other address is still to be opened.",
    done: (email: string) => `Your account uses ${email} now.`,
  },
  invitation: {
    title: "An invitation",
    workspace: (email: string, name: string) => `You (${email}) are invited to the workspace “${name}”.`,
    server: (email: string) => `You (${email}) are invited to this server.`,
    make: "Make an account",
    known: "I have an account",
    accept: "Sign in and accept",
    accepted: "Welcome!",
    made: "Welcome! Sign in with your new account.",
  },
};

export type AccountMessages = typeof en;
