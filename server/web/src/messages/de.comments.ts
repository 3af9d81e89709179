import type { CommentMessages } from "./en.comments";

export const comments: CommentMessages = {
  list: "Kommentare",
  empty:
    "Noch hat niemand etwas gesagt. Was Sie als Erstes schreiben, gehört zu der Stelle, die Sie gerade sehen.",
  loading: "Kommentare werden geladen …",
  stale: "Keine Verbindung zum Server. Neues erscheint erst, wenn sie wieder da ist.",
  order: "Reihenfolge",
  orders: { time: "Nach Stelle", "-created": "Neueste" },
  hideResolved: "Erledigte ausblenden",
  more: "Mehr Kommentare zeigen",
  news: (who) => `Neuer Kommentar von ${who}`,

  guest: "Gast",
  nobody: "Jemand",
  edited: "bearbeitet",
  resolved: "Erledigt",
  deleted: "Dieser Kommentar wurde gelöscht.",
  goTo: (time) => `Zu ${time} springen`,
  goToDrawing: (time) => `Die Zeichnung bei ${time} zeigen`,
  span: (from, to) => `${from}–${to}`,
  replies: (count) => (count === 1 ? "1 Antwort" : `${count} Antworten`),

  reply: "Antworten",
  edit: "Bearbeiten",
  delete: "Löschen",
  resolve: "Erledigt",
  reopen: "Wieder öffnen",
  actionsFor: (who) => `Kommentar von ${who}`,
  reallyDelete: "Endgültig löschen?",
  keep: "Behalten",
  save: "Speichern",
  cancel: "Abbrechen",

  write: "Kommentar schreiben",
  writeReply: (who) => `${who} antworten`,
  change: "Kommentar ändern",
  placeholder: "Kommentar schreiben …",
  replyPlaceholder: "Antwort schreiben …",
  send: "Kommentieren",
  at: (time) => `Bei ${time}`,
  everywhere: "Zur ganzen Aufnahme",
  untime: "Zur ganzen Aufnahme schreiben",
  retime: (time) => `Zu ${time} schreiben`,
  drawing: "Zeichnung",
  draw: "Auf das Bild zeichnen",
  drawAgain: "Zeichnung ändern",
  undraw: "Zeichnung entfernen",
  name: "Ihr Name",
  as: (name) => `Als ${name}`,
  rename: "Namen ändern",
  private:
    "Dieser Browser bittet darum, nicht verfolgt zu werden, darum wird nichts aufbewahrt: Wenn Sie die Seite verlassen haben, können Sie nicht mehr ändern, was Sie geschrieben haben.",
  length: (now, most) => `${now} von ${most} Zeichen`,
  tooLong: (now, most) => `${now} von ${most} Zeichen. Kürzen Sie den Text, um ihn zu senden.`,

  reactions: "Reaktionen",
  react: (emoji) => `Mit ${emoji} reagieren`,
  reactCount: (emoji, count) => `Mit ${emoji} reagieren, bisher ${count}`,
  emoji: {
    "👍": "Daumen hoch",
    "❤️": "Herz",
    "😂": "Lachen",
    "😮": "Staunen",
    "😢": "Trauer",
    "👏": "Beifall",
    "🎉": "Feiern",
    "🔥": "Feuer",
  },
  reacted: (emoji, time) => `${emoji} bei ${time}`,
  takeBack: "Zurücknehmen",
  nameFirst: "Nennen Sie zuerst Ihren Namen, dann reagieren Sie.",

  marks: (count, time) => (count === 1 ? `Kommentar bei ${time}` : `${count} Kommentare ab ${time}`),
  preview: (who, text) => `${who}: ${text}`,

  pad: {
    label: (time) =>
      `Zeichnung auf dem Bild bei ${time}. Pfeiltasten bewegen den Stift, mit Umschalt weiter. Die Eingabetaste setzt ihn auf und hebt ihn ab. Strg+Z nimmt zurück. Escape beendet.`,
    down: "Der Stift ist aufgesetzt",
    up: "Der Stift ist abgehoben",
    tools: "Werkzeuge",
    tool: { pen: "Stift", highlighter: "Textmarker", arrow: "Pfeil", rectangle: "Rechteck" },
    colors: "Farben",
    color: {
      "#ff3b30": "Rot",
      "#ffd60a": "Gelb",
      "#34c759": "Grün",
      "#0a84ff": "Blau",
      "#ffffff": "Weiß",
    },
    undo: "Rückgängig",
    done: "Fertig",
    cancel: "Abbrechen",
    full: "Die Zeichnung ist voll: Mehr passt nicht hinein.",
  },

  problems: {
    unreachable:
      "Der Server antwortet nicht. Was Sie geschrieben haben, ist noch da: Versuchen Sie es wieder.",
    comments_off: "Kommentare zu dieser Aufnahme wurden ausgeschaltet.",
    comment_changed:
      "Der Kommentar wurde inzwischen geändert. Lesen Sie, was jetzt dort steht, und versuchen Sie es dann wieder.",
    comment_not_found: "Diesen Kommentar gibt es nicht mehr.",
    reaction_not_found: "Diese Reaktion gibt es nicht mehr.",
    not_the_author: "Das kann nur, wer es geschrieben hat oder wem die Aufnahme gehört.",
    name_needed: "Nennen Sie zuerst Ihren Namen.",
    too_many_comments: "Hier ist kein Platz für mehr.",
    not_found: "Die Aufnahme wird nicht mehr geteilt.",
    unauthenticated: "Ihre Sitzung ist zu Ende. Melden Sie sich wieder an.",
  },
  slowDown: (seconds) =>
    seconds === 1
      ? "Das war viel auf einmal. Versuchen Sie es in einer Sekunde wieder."
      : `Das war viel auf einmal. Versuchen Sie es in ${seconds} Sekunden wieder.`,
  refused: (reason) => reason || "Das konnte der Server nicht tun.",
};
