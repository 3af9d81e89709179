import type { SharingMessages } from "./en.sharing";

export const sharing: SharingMessages = {
  title: "Freigabe",
  close: "Schließen",
  loading: "Der Server wird gefragt …",
  unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann wieder.",

  link: "Link",
  copyLink: "Link kopieren",
  linkCopied: "Link kopiert",
  startAt: (time) => `Bei ${time} beginnen`,
  embed: "Einbettungscode",
  copyEmbed: "Einbettungscode kopieren",
  embedCopied: "Einbettungscode kopiert",
  copy: "Kopieren",
  copied: "Kopiert",

  who: "Wer sie ansehen darf",
  kinds: {
    public: "Alle, die den Link haben",
    workspace: "Mitglieder des Arbeitsbereichs",
    private: "Niemand",
  },
  kindHints: {
    public: "Dafür ist kein Konto nötig.",
    workspace: "Sie melden sich vorher an.",
    private: "Der Link ist aus. Mitglieder finden sie weiterhin in ihrem Arbeitsbereich.",
  },
  password: "Passwort verlangen",
  passwordHint: "Mitglieder des Arbeitsbereichs werden nicht gefragt.",
  newPassword: "Passwort, mindestens 8 Zeichen",
  anotherPassword: "Ein anderes Passwort",
  passwordStays: "Bleibt, wie es ist",
  ends: "Den Link enden lassen",
  endsHint: "Von da an sieht es aus, als hätte es ihn nie gegeben.",
  endsAt: "Am",
  download: "Herunterladen anbieten",
  downloadHint: "Wer sie ansehen kann, kann sie auch mitschneiden, ob mit oder ohne.",
  comments: "Zuschauer dürfen kommentieren und reagieren",
  save: "Speichern",
  saving: "Wird gespeichert …",
  saved: "Gespeichert.",
};
