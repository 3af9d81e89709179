import type { BillingMessages } from "./en.billing";

export const billing: BillingMessages = {
  title: "Tarif und Verbrauch",
  loading: "Der Server wird gefragt …",
  unreachable: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann wieder.",
  tryAgain: "Erneut versuchen",
  workspace: "Arbeitsbereich",
  personal: "Ihr eigener",
  nothing: {
    title: "Hier ist kein Tarif für Sie zu sehen",
    text: "Tarife sehen, wem ein Arbeitsbereich gehört und wer ihn verwaltet.",
  },

  plan: (name) => `Tarif: ${name}`,
  unlimited:
    "Dieser Server hat einen einzigen Tarif ohne Grenzen: Hier wird nichts verkauft, und zu Ende geht nur die Festplatte.",
  free: "Er kostet nichts.",
  noPayments:
    "Dieser Server nimmt selbst keine Zahlungen an: Wer ihn betreibt, kann Ihnen andere Tarife nennen.",
  ownersPay: "Den Tarif ändern kann, wem der Arbeitsbereich gehört.",
  status: {
    trialing: (until) => (until ? `Zur Probe bis ${until}.` : "Zur Probe."),
    active: (until) => (until ? `Bezahlt bis ${until}; verlängert sich dann von selbst.` : "Bezahlt."),
    canceled: () => "Das Abonnement ist zu Ende. Alles lässt sich weiter ansehen.",
    past_due: () => "",
  },
  ends: (until) => `Gekündigt: Er gilt bis ${until}. Alles lässt sich auch danach ansehen.`,
  grace: {
    title: "Die letzte Zahlung ist fehlgeschlagen",
    text: (days, until) =>
      `Der Tarif bleibt noch ${days === 1 ? "einen Tag" : `${days} Tage`}, bis ${until}, während die Zahlung wieder versucht wird. Prüfen Sie die Karte.`,
    over: "Der Tarif blieb, solange es ging, und ist nun der kostenlose, bis eine Zahlung ankommt. Prüfen Sie die Karte.",
  },
  manage: "Tarif ändern oder kündigen",
  invoices: "Rechnungen",
  elsewhere: "Diese Seiten gehören dem Zahlungsanbieter. Kartendaten erreichen diesen Server nie.",
  checkout: {
    done: "Danke. Der Tarif gilt, sobald der Zahlungsanbieter meldet, dass er bezahlt ist.",
    holds: (name) => `Danke. Ihr Tarif ist jetzt ${name}.`,
    left: "Es wurde nichts bezahlt und nichts geändert.",
  },

  usage: "Verbrauch",
  month: (month) => `Die Minuten sind die von ${month}, gezählt nach UTC.`,
  quotas: {
    storageBytes: "Platz für Aufnahmen",
    recordingSeconds: "Aufnahme",
    transcriptionSeconds: "Transkription",
    members: "Personen",
  },
  of: (used, limit) => `${used} von ${limit}`,
  noLimit: (used) => `${used}, keine Grenze`,
  minutes: (count) => `${count} min`,
  people: (count, written) => (count === 1 ? "1 Person" : `${written} Personen`),
  nearly: (percent) => `Fast aufgebraucht: ${percent} %`,
  usedUp: {
    storageBytes:
      "Aufgebraucht. Was läuft, wird fertig; neue Aufnahmen bleiben auf dem Computer, der sie macht, bis Aufnahmen endgültig gelöscht werden.",
    recordingSeconds:
      "Aufgebraucht. Was läuft, wird fertig; neue Aufnahmen bleiben bis zum nächsten Monat auf dem Computer, der sie macht.",
    transcriptionSeconds: "Aufgebraucht. Im nächsten Monat wird Gesagtes wieder transkribiert.",
    members: "Alle Plätze sind vergeben: Es kann niemand mehr eingeladen werden.",
  },
  larger: "Ein größerer Tarif hilft sofort.",

  offers: "Andere Tarife",
  choose: (name) => `${name} wählen`,
  priceNext: "Der Preis wird gezeigt, bevor Sie bezahlen.",
  change: (name) => `Zu ${name} wechseln`,
  entitled: {
    storage: (size) => `${size} für Aufnahmen`,
    recording: (time) => `${time} Aufnahme im Monat`,
    transcription: (time) => `${time} Transkription im Monat`,
    members: (people) => people,
    length: (time) => `Hochgeladene Dateien bis ${time}`,
    height: (lines) => `Wiedergabe mit bis zu ${lines} Zeilen`,
    features: {
      analytics: "Auswertungen, wie Aufnahmen angesehen werden",
      link_passwords: "Passwörter für Links",
    },
    unlimited: {
      storage: "Unbegrenzter Platz für Aufnahmen",
      recording: "Unbegrenzte Aufnahme",
      transcription: "Unbegrenzte Transkription",
      members: "Beliebig viele Personen",
    },
  },
};
