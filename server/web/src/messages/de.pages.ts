import { landing, search, session, signIn, status } from "./de.parts";
import { notifications } from "./de.notifications";
import { keys, player } from "./de.player";
import { refusals } from "./de.refusals";
import { security } from "./de.security";
import type { Messages } from "./en";

export const pages: Messages = {
  brand: "Heddle",
  untitled: "Aufnahme ohne Titel",
  pageTitle: (title) => `${title} · Heddle`,
  skip: "Zum Inhalt springen",
  language: "Sprache",

  loading: "Die Aufnahme wird geöffnet …",
  byOwner: (owner) => `von ${owner}`,

  badge: { live: "Wird gerade aufgenommen", processing: "Wird fertiggestellt", brokenOff: "Abgebrochen" },

  waiting: {
    title: "Die Aufnahme beginnt gleich",
    text: "Lassen Sie diese Seite offen. Die Aufnahme wird von selbst abgespielt, sobald das erste Bild ankommt.",
  },
  lost: {
    title: "Diese Aufnahme ist fehlgeschlagen",
    text: "Sie brach ab, bevor ein Bild den Server erreichte. Bitten Sie, wer Ihnen den Link geschickt hat, noch einmal aufzunehmen.",
  },
  missing: {
    title: "Hier ist keine Aufnahme",
    text: "Vielleicht ist der Link vertippt oder abgelaufen, oder die Aufnahme wurde gelöscht, wird nicht mehr geteilt oder ist nicht für Sie bestimmt. Bitten Sie, wer Ihnen den Link geschickt hat, um einen neuen.",
    home: "Was ist Heddle?",
  },
  nowhere: {
    title: "Unter dieser Adresse gibt es nichts",
    text: "Vielleicht ist sie vertippt, oder was hier war, ist umgezogen.",
    home: "Zur Startseite",
  },
  locked: {
    title: "Diese Aufnahme verlangt ein Passwort",
    text: "Wer Ihnen den Link geschickt hat, kennt es.",
    password: "Passwort",
    go: "Ansehen",
    busy: "Wird geprüft …",
    wrong: "Das ist nicht das Passwort.",
    wait: (seconds) =>
      seconds < 90
        ? `Zu viele Versuche. Versuchen Sie es in ${seconds} Sekunden wieder.`
        : `Zu viele Versuche. Versuchen Sie es in ${Math.ceil(seconds / 60)} Minuten wieder.`,
    unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann wieder.",
  },
  membersOnly: {
    title: "Diese Aufnahme ist nur für Mitglieder",
    text: "Öffnen Sie sie auf ihrer eigenen Seite und melden Sie sich dort an.",
    open: "Seite öffnen",
  },
  broken: {
    title: "Diese Seite kam nicht vollständig an",
    text: "Die Verbindung brach ab, oder der Server wurde inzwischen erneuert.",
    retry: "Neu laden",
  },
  unreachable: {
    title: "Der Server antwortet nicht",
    text: "Die Seite versucht es von selbst wieder. Prüfen Sie Ihre Verbindung, wenn es lange dauert.",
    retry: "Jetzt versuchen",
  },

  status,
  session,
  signIn,
  search,
  notifications,

  actions: {
    copy: "Link kopieren",
    copyAt: (time) => `Link zu ${time} kopieren`,
    copied: "Link kopiert",
    copyFailed: "Kopieren Sie diesen Link:",
    download: "Herunterladen",
    settings: "Freigabe",
    files: { video: "Video (MP4)", audio: "Ton (M4A)" },
  },

  panel: {
    label: "Was in dieser Aufnahme ist",
    transcript: "Transkript",
    chapters: "Kapitel",
    summary: "Überblick",
    comments: (count) => (count ? `Kommentare ${count}` : "Kommentare"),
    loading: "Wird geladen …",
    notLoaded:
      "Dieser Teil der Seite konnte nicht geladen werden. Laden Sie die Seite neu, um es wieder zu versuchen.",
    writing: "Das Gesagte wird gerade transkribiert. Es erscheint hier von selbst.",
    growing: "Es geht weiter, sobald weiter gesprochen wird.",
    find: "Im Transkript suchen",
    hit: (at, count) => `${at} von ${count}`,
    noHit: "Nicht gefunden",
    previous: "Vorige Stelle",
    next: "Nächste Stelle",
    follow: "Zurück zu dem, was gerade gesagt wird",
    playFrom: (time) => `Ab ${time} abspielen`,
    copy: "Transkript kopieren",
    copied: "Transkript kopiert",
    copyFailed: "Der Browser erlaubt das Kopieren nicht",
    files: "Transkript herunterladen",
    file: { srt: "Untertitel (SRT)", vtt: "Untertitel (WebVTT)", txt: "Text" },
    actions: "Zu tun",
    topics: "Themen",
    assignee: (who) => `Wer: ${who}`,
    due: (when) => `Bis: ${when}`,
    dueOn: (said, day) => `${said} (${day})`,
    madeByRules: "Nach Regeln aus dem Gesagten ausgewählt. Es kann etwas fehlen.",
    madeByModel: (model) =>
      `Von einem Sprachmodell${model ? ` (${model})` : ""} aus dem Gesagten geschrieben. Es kann falsch sein.`,
  },

  player,
  keys,
  security,
  refusals,

  embed: { open: (title) => `„${title}“ in Heddle öffnen` },

  landing,
};
