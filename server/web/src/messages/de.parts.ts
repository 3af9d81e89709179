import type { Messages } from "./en";

export const status: Messages["status"] = {
  live: "Es wird noch aufgenommen. Sie können jederzeit zurückspringen: „Live“ bringt Sie zum neuesten Bild.",
  finishing: "Die Aufnahme ist zu Ende. Ihre letzten Sekunden sind unterwegs.",
  working: (steps, percent) =>
    `In Arbeit: ${steps.join(", ")} (${percent} %). Sie können inzwischen zusehen.`,
  progress: "Fortschritt der Fassungen, die in Arbeit sind",
  failedStep: (step, reason) =>
    `Das ließ sich nicht herstellen: ${step}. ${reason ?? "Der Server nannte keinen Grund."}`,
  noTranscript: "Es gibt kein Transkript: Was gesagt wird, ließ sich nicht aufschreiben.",
  restWorks: "Die Aufnahme lässt sich trotzdem abspielen.",
  restWorksForOthers:
    "Die Aufnahme lässt sich trotzdem abspielen. Wem sie gehört, kann es wiederholen lassen.",
  tryAgain: "Erneut versuchen",
  tryStepAgain: (step) => `Erneut versuchen: ${step}`,
  trying: "Wird angefragt …",
  notAsked: "Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.",
  brokenOff: "Die Aufnahme brach ab. Alles, was bis dahin ankam, ist hier.",
  stale: "Keine Verbindung zum Server. Es wird weiter versucht …",
  steps: {
    probe: "Prüfung der Datei",
    poster: "Titelbild",
    "first-poster": "Titelbild",
    normalise: "Kopie, die jeder Player versteht",
    rendition: "kleinere Fassung",
    transcode: "kleinere Fassung",
    storyboard: "Bilder zum Springen",
    preview: "bewegte Vorschau",
    waveform: "Wellenform",
    download: "Datei zum Herunterladen",
    audio: "Ton allein",
    av1: "Fassungen in AV1",
    transcript: "Transkript",
    "live-transcript": "Transkript",
    scenes: "Stellen, an denen das Bild wechselt",
  },
  otherStep: (name) => name.replaceAll("_", " "),
};

export const session: Messages["session"] = {
  looking: "Es wird nachgesehen, ob Sie angemeldet sind …",
  signIn: "Anmelden",
  signOut: "Abmelden",
  ways: "Anmeldewege",
  administer: "Verwaltung",
  plan: "Tarif",
  signOutFailed: "Der Server antwortet nicht: Sie sind noch angemeldet.",
};

export const signIn: Messages["signIn"] = {
  title: "Anmelden",
  email: "E-Mail",
  password: "Passwort",
  go: "Anmelden",
  busy: "Sie werden angemeldet …",
  forgotten: "Passwort vergessen?",
  or: "oder",
  withPasskey: "Mit einem Passkey anmelden",
  withProvider: (name) => `Mit ${name} anmelden`,
  passkeyCancelled:
    "Es wurde kein Passkey verwendet: Die Frage des Browsers wurde geschlossen oder dauerte zu lange.",
  code: "Code",
  codeText:
    "Geben Sie den Code ein, den Ihre Authenticator-App zeigt, oder einen Ihrer Wiederherstellungscodes.",
  tookTooLong: "Das hat zu lange gedauert: Geben Sie Ihr Passwort noch einmal ein.",
  problems: {
    wrongPassword: "Die E-Mail-Adresse oder das Passwort ist falsch.",
    wrongCode: "Dieser Code ist falsch oder wurde schon verwendet. Warten Sie auf den nächsten.",
    wait: (seconds) =>
      `Zu viele Versuche. Warten Sie ${seconds < 100 ? `${seconds} Sekunden` : `${Math.ceil(seconds / 60)} Minuten`} und versuchen Sie es dann wieder.`,
    unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann wieder.",
  },
};

export const search: Messages["search"] = {
  title: "Suche",
  titleFor: (query) => `${query} · Suche`,
  field: "Aufnahmen durchsuchen",
  results: "Gefundenes",
  count: (total, written) => (total === 1 ? "1 Aufnahme" : `${written} Aufnahmen`),
  corrected: (typed, instead) => `Nichts enthält „${typed}“. Für „${instead}“: `,
  more: "Mehr zeigen",
  asking: "Es wird gesucht …",
  tryAgain: "Erneut versuchen",
  unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann wieder.",
  notShared: "Nicht geteilt: Ihr Link ist aus",
  status: (status) =>
    ({
      preparing: "Beginnt gleich",
      recording: "Wird gerade aufgenommen",
      processing: "Wird fertiggestellt",
      failed: "Fehlgeschlagen",
    })[status] ?? status,
  kinds: { comment: "Kommentar:", tag: "Tag:", description: "" },
  empty: {
    title: "Noch ist nichts aufgenommen",
    text: "Was Sie und andere in Ihren Arbeitsbereichen aufnehmen, lässt sich hier durchsuchen: Titel, Gesagtes, Kommentare und Tags.",
  },
  nothing: {
    title: "Nichts gefunden",
    text: "Alle Wörter müssen in einer Aufnahme vorkommen. Versuchen Sie es mit weniger Wörtern oder nur mit dem Anfang eines Wortes.",
    narrowed: "Keine Aufnahme enthält alle Wörter und passt zu den Filtern.",
    widen: "Ohne Filter suchen",
  },
  filters: {
    title: (count) => (count === 0 ? "Filter" : `Filter (${count})`),
    any: "Alle",
    person: "Aufgenommen von",
    me: "Mir",
    folder: "Ordner",
    tag: "Tag",
    length: "Länge",
    lengths: {
      short: "Bis 2 Minuten",
      medium: "2 bis 10 Minuten",
      long: "10 bis 30 Minuten",
      longer: "30 Minuten und mehr",
    },
    language: "Gesprochene Sprache",
    from: "Von",
    to: "Bis",
  },
};

export const landing: Messages["landing"] = {
  title: "Nehmen Sie Ihren Bildschirm auf. Der Link ist schon da.",
  text: "Das ist ein Heddle-Server. Aufnahmen lassen sich über ihren Link ansehen, während sie noch entstehen, und bleiben dort, wenn sie fertig sind.",
  watchTitle: "Sie haben einen Link bekommen?",
  watch: "Öffnen Sie ihn, wie er ist. Er sieht so aus:",
  recordTitle: "Sie haben hier ein Konto?",
  record: "Melden Sie sich einmal auf Ihrem Computer an, und nehmen Sie dann auf.",
  docs: "API-Referenz",
};
