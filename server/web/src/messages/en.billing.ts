/** Words of the page of plan and usage. */
export const en = {
  title: "Plan and usage",
  loading: "Asking the server…",
  unreachable: "The server does not answer. Check your connection, then try again.",
  tryAgain: "Try again",
  workspace: "Workspace",
  personal: "Your own",
  nothing: {
    title: "No plan of yours to see",
    text: "Plans are seen by the owners and administrators of a workspace.",
  },

  plan: (name: string) => `Plan: ${name}`,
  unlimited: "This server has one unlimited plan: nothing here is sold, and nothing runs out but the disk.",
  free: "It costs nothing.",
  noPayments: "This server takes no payments by itself: whoever runs it can tell you of other plans.",
  ownersPay: "Owners of the workspace can change the plan.",
  status: {
    trialing: (until: string) => (until ? `On trial until ${until}.` : "On trial."),
    active: (until: string) => (until ? `Paid until ${until}, and renewed by itself then.` : "Paid."),
    canceled: () => "The subscription is over. Everything stays watchable.",
    past_due: () => "",
  } as Record<string, (until: string) => string>,
  ends: (until: string) => `Cancelled: it lasts until ${until}. Everything stays watchable after that.`,
  grace: {
    title: "The last payment failed",
    text: (days: number, until: string) =>
      `The plan stays for ${days === 1 ? "one more day" : `${days} more days`}, until ${until}, while the payment is tried again. Check the card.`,
    over: "The plan stayed as long as it could, and is the free one until a payment arrives. Check the card.",
  },
  manage: "Change or end the plan",
  invoices: "Invoices",
  elsewhere: "These pages are the payment provider's. Cards never reach this server.",
  checkout: {
    done: "Thank you. The plan holds as soon as the payment provider says that it was paid for.",
    holds: (name: string) => `Thank you. Your plan is ${name} now.`,
    left: "Nothing was paid, and nothing has changed.",
  },

  usage: "What is used",
  month: (month: string) => `Minutes are those of ${month}, counted by UTC.`,
  quotas: {
    storageBytes: "Room for recordings",
    recordingSeconds: "Recording",
    transcriptionSeconds: "Transcription",
    members: "People",
  } as Record<string, string>,
  of: (used: string, limit: string) => `${used} of ${limit}`,
  noLimit: (used: string) => `${used}, no limit`,
  minutes: (count: string) => `${count} min`,
  people: (count: number, written: string) => (count === 1 ? "1 person" : `${written} people`),
  nearly: (percent: number) => `Nearly used up: ${percent} %`,
  usedUp: {
    storageBytes:
      "Used up. What is under way completes; new recordings stay on the computer that makes them until recordings are deleted for good.",
    recordingSeconds:
      "Used up. What is under way completes; new recordings stay on the computer that makes them until next month.",
    transcriptionSeconds: "Used up. What is said is written down again next month.",
    members: "All places are taken: nobody else can be invited.",
  } as Record<string, string>,
  larger: "A larger plan helps at once.",

  offers: "Other plans",
  choose: (name: string) => `Choose ${name}`,
  priceNext: "The price is shown before you pay.",
  change: (name: string) => `Change to ${name}`,
  entitled: {
    storage: (size: string) => `${size} for recordings`,
    recording: (time: string) => `${time} of recording a month`,
    transcription: (time: string) => `${time} of transcription a month`,
    members: (people: string) => people,
    length: (time: string) => `Uploaded files of up to ${time}`,
    height: (lines: number) => `Watched in up to ${lines} lines`,
    features: {
      analytics: "Reports of how recordings are watched",
      link_passwords: "Passwords for links",
    } as Record<string, string>,
    unlimited: {
      storage: "Recordings without limit of room",
      recording: "Recording without limit",
      transcription: "Transcription without limit",
      members: "As many people as you like",
    },
  },
};

export type BillingMessages = typeof en;
