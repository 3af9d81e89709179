import type { AccountMessages } from "./en.account";

export const account: AccountMessages = {
  password: "Passwort",
  newPassword: "Neues Passwort",
  email: "E-Mail-Adresse",
  username: "Ihr Name",
  code: "Code Ihres zweiten Faktors",
  goOn: "Weiter",
  busy: "Einen Moment …",
  signIn: "Zur Anmeldung",
  failed: "Etwas ging schief. Versuchen Sie es noch einmal.",

  verify: {
    title: "Bestätigen Sie Ihre E-Mail-Adresse",
    go: "Es ist meine",
    done: (email) => `Danke: ${email} ist bestätigt.`,
    finishTitle: "Schließen Sie Ihre Registrierung ab",
    finishText: "Geben Sie das Passwort ein, das Sie gewählt haben.",
    finish: "Abschließen",
    ready: "Ihr Konto ist bereit: Melden Sie sich damit an.",
  },
  reset: {
    title: "Wählen Sie ein neues Passwort",
    text: "Alle Geräte werden dann abgemeldet.",
    go: "Ändern",
    done: "Ihr Passwort ist geändert: Melden Sie sich mit dem neuen an.",
  },
  forgotten: {
    title: "Passwort vergessen?",
    text: "Ein Link, mit dem Sie ein neues wählen, wird an Ihre Adresse geschickt.",
    go: "Senden",
    done: "Wenn es ein Konto mit dieser Adresse gibt, ist die Mail unterwegs.",
  },
  address: {
    title: "Ihre neue E-Mail-Adresse",
    go: "Bestätigen",
    pending: "Bestätigt. Nun ist noch der Link in der Mail an die andere Adresse zu öffnen.",
    done: (email) => `Ihr Konto verwendet jetzt ${email}.`,
  },
  invitation: {
    title: "Eine Einladung",
    workspace: (email, name) => `Sie (${email}) sind in den Arbeitsbereich „${name}“ eingeladen.`,
    server: (email) => `Sie (${email}) sind auf diesen Server eingeladen.`,
    make: "Konto anlegen",
    known: "Ich habe ein Konto",
    accept: "Anmelden und annehmen",
    accepted: "Willkommen!",
    made: "Willkommen! Melden Sie sich mit Ihrem neuen Konto an.",
  },
};
