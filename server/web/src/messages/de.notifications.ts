import type { Notification } from "../notifications/api";
import type { Messages } from "./en";

export const notifications: Messages["notifications"] = {
  title: "Benachrichtigungen",
  bell: (unread) => (unread === 0 ? "Benachrichtigungen" : `Benachrichtigungen, ${unread} ungelesen`),
  isUnread: "Ungelesen:",
  sentence: (told) => SENTENCES[told.kind]?.(told) ?? told.text,
  none: "Noch nichts",
  noneText: "Wenn ein Video bereit ist oder jemand etwas zu einem Ihrer Videos sagt, erfahren Sie es hier.",
  all: "Alle Benachrichtigungen, und worüber Sie welche bekommen",
  markAll: "Alle als gelesen markieren",
  markRead: "Als gelesen markieren",
  markUnread: "Als ungelesen markieren",
  remove: "Löschen",
  unreadOnly: "Nur ungelesene",
  more: "Mehr zeigen",
  tryAgain: "Erneut versuchen",
  unreachable: "Der Server antwortet nicht: Es wurde nichts geändert.",
  choices: {
    title: "Worüber Sie benachrichtigt werden",
    what: "Wenn",
    inApp: "Hier",
    mail: "Per Mail",
    slack: "In Slack",
    mails: { at_once: "Sofort", daily: "Einmal am Tag", off: "Nie" },
    noMail:
      "Dieser Server schickt Ihnen keine Mail: Er hat keinen Mailserver, oder Sie haben keine Adresse, die Mail erreicht.",
    digestHour: "Tägliche Mail um",
    quiet: "Ruhezeit",
    from: "von",
    until: "bis",
    zone: (zone) => `Nach der Uhr von ${zone}, der Zeitzone Ihres Profils.`,
    kinds: {
      video_ready: "Ihr Video ist bereit",
      video_failed: "Ihr Video ist fehlgeschlagen",
      mention: "Jemand erwähnt Sie",
      reply: "Jemand antwortet in einem Gespräch mit Ihnen",
      comment: "Jemand kommentiert Ihr Video",
      reaction: "Jemand reagiert auf Ihr Video",
      view: "Ihr Video wird angesehen",
      invitation_accepted: "Eine Einladung von Ihnen wird angenommen",
      webhook_disabled: "Ein Webhook von Ihnen wird abgeschaltet",
      slack_disabled: "Ein Slack-Kanal wird abgeschaltet",
      storage_low: "Die Festplatte des Servers ist fast voll (für die Verwaltung)",
      quota_warning: "Ein Tarif ist fast aufgebraucht (für die Leitung eines Arbeitsbereichs)",
    },
  },
};

const WHOLE = 100;
interface Quota {
  of: string;
  all: string;
}

const TARIFF: Quota = { of: "des Tarifs", all: "den Tarif aufgebraucht" };
const QUOTAS: Readonly<Record<string, Quota>> = {
  storageBytes: { of: "des Platzes für Aufnahmen", all: "allen Platz für Aufnahmen belegt" },
  recordingSeconds: {
    of: "der Aufnahmezeit dieses Monats",
    all: "die Aufnahmezeit dieses Monats aufgebraucht",
  },
  transcriptionSeconds: {
    of: "der Transkription dieses Monats",
    all: "die Transkription dieses Monats aufgebraucht",
  },
  members: { of: "der Plätze", all: "alle Plätze vergeben" },
};

const SENTENCES: Readonly<Record<string, (told: Notification) => string>> = {
  video_ready: (told) =>
    told.actor
      ? `${who(told)} hat ein neues Video: ${title(told)} ist bereit.`
      : `${title(told)} ist bereit.`,
  video_failed: (told) => `${title(told)} ist fehlgeschlagen${because(told.data.error)}`,
  mention: (told) => `${who(told)} hat Sie bei ${title(told, true)} erwähnt.`,
  reply: (told) => `${who(told)} hat Ihnen bei ${title(told, true)} geantwortet.`,
  comment: (told) => `${who(told)} hat etwas zu ${title(told, true)} geschrieben.`,
  reaction: reacted,
  view: viewed,
  invitation_accepted: (told) =>
    `${who(told)} hat Ihre Einladung angenommen${named(told.data.workspaceName, ": ")}.`,
  webhook_disabled: (told) =>
    `Der Webhook${named(told.data.description)} wurde abgeschaltet${because(told.data.reason)}`,
  slack_disabled: (told) =>
    `Der Slack-Kanal${named(told.data.description)} erfährt nichts mehr${because(told.data.reason)}`,
  storage_low: ({ data }) =>
    `Die Festplatte des Servers ist fast voll: ${gigabytes(data.freeBytes)} von ${gigabytes(data.totalBytes)} sind frei.`,
  quota_warning: ({ data }) => {
    const where = typeof data.workspaceName === "string" ? `„${data.workspaceName}“` : "Ihr Arbeitsbereich";
    const what = QUOTAS[String(data.quota)] ?? TARIFF;
    const percent = Number(data.percent);
    return percent < WHOLE ? `${where} hat ${percent} % ${what.of} verbraucht.` : `${where} hat ${what.all}.`;
  },
};

function reacted(told: Notification): string {
  const emoji = Object.entries((told.data.emoji ?? {}) as Record<string, number>);
  if (told.count === 1)
    return `${who(told)} hat auf ${title(told, true)} reagiert: ${emoji[0]?.[0] ?? ""}`.trimEnd();
  const listed = emoji.sort((a, b) => b[1] - a[1]).map(([one, many]) => `${one} ${many}`);
  return `${told.count} Reaktionen auf ${title(told, true)}: ${listed.join(" ")}`;
}

function viewed(told: Notification): string {
  const often = told.count === 1 ? "" : `, bisher ${told.count}-mal`;
  if (told.data.first) return `${title(told)} wurde zum ersten Mal angesehen${often}.`;
  return told.count === 1
    ? `${title(told)} wurde angesehen.`
    : `${title(told)} wurde ${told.count}-mal angesehen.`;
}

function who({ actor }: Notification): string {
  return actor?.name ?? "Jemand";
}

/** `dative`: behind a preposition. */
function title({ recording }: Notification, dative = false): string {
  if (recording?.title) return `„${recording.title}“`;
  return dative ? "Ihrem Video" : "Ihr Video";
}

function named(name: unknown, before = " "): string {
  return typeof name === "string" && name ? `${before}„${name}“` : "";
}

/** The server's own words, which end in a full stop. */
function because(reason: unknown): string {
  return typeof reason === "string" && reason ? `: ${reason}` : ".";
}

function gigabytes(count: unknown): string {
  return `${(Number(count) / 1e9).toLocaleString("de", { maximumFractionDigits: 1 })} GB`;
}
