import { notifications } from "./en.notifications";
import { keys, player } from "./en.player";
import { security } from "./en.security";

/** English is the reference: its shape is what every other language must have. */
export const en = {
  brand: "Heddle",
  untitled: "Untitled recording",
  pageTitle: (title: string) => `${title} · Heddle`,
  skip: "Skip to the content",
  language: "Language",

  loading: "Opening the recording…",
  byOwner: (owner: string) => `by ${owner}`,

  badge: { live: "Recording now", processing: "Finishing", brokenOff: "Broke off" },

  waiting: {
    title: "The recording is about to start",
    text: "Leave this page open. It begins to play by itself as soon as the first picture arrives.",
  },
  lost: {
    title: "This recording failed",
    text: "It broke off before any picture reached the server. Ask whoever sent you the link to record it again.",
  },
  missing: {
    title: "There is no recording here",
    text: "The link may be mistyped or over, or the recording was deleted, is no longer shared, or is not for you. Ask whoever sent it to you for a new link.",
    home: "What is Heddle?",
  },
  nowhere: {
    title: "There is nothing at this address",
    text: "It may be mistyped, or what was here has moved.",
    home: "To the start page",
  },
  locked: {
    title: "This recording asks for a password",
    text: "Whoever sent you the link knows it.",
    password: "Password",
    go: "Watch",
    busy: "Looking…",
    wrong: "That is not the password.",
    wait: (seconds: number) =>
      seconds < 90
        ? `Too many tries. Try again in ${seconds} seconds.`
        : `Too many tries. Try again in ${Math.ceil(seconds / 60)} minutes.`,
    unreachable: "The server does not answer. Check your connection, then try again.",
  },
  membersOnly: {
    title: "This recording is for members",
    text: "Open it on its own page, and sign in there.",
    open: "Open the page",
  },
  broken: {
    title: "This page did not arrive whole",
    text: "The connection broke off, or the server was renewed meanwhile.",
    retry: "Load it again",
  },
  unreachable: {
    title: "The server does not answer",
    text: "The page tries again by itself. Check your connection if this takes long.",
    retry: "Try now",
  },

  status: {
    live: "It is still being recorded. Seek back as you like: Live brings you to the newest picture.",
    finishing: "The recording has ended. Its last seconds are on their way.",
    working: (steps: string[], percent: number) =>
      `In the making: ${steps.join(", ")} (${percent} %). You can watch meanwhile.`,
    progress: "Progress of the versions in the making",
    failedStep: (step: string, reason: string | null) =>
      `This could not be made: ${step}. ${reason ?? "The server gave no reason."}`,
    noTranscript: "There is no transcript: what is said in it could not be written down.",
    restWorks: "The recording plays all the same.",
    restWorksForOthers: "The recording plays all the same. Whoever it belongs to can have it tried again.",
    tryAgain: "Try again",
    tryStepAgain: (step: string) => `Try again: ${step}`,
    trying: "Asking…",
    notAsked: "The server does not answer. Try again in a moment.",
    brokenOff: "The recording broke off. Everything that arrived before that is here.",
    stale: "No connection to the server. Trying again…",
    steps: {
      probe: "file check",
      poster: "poster",
      "first-poster": "poster",
      normalise: "copy that every player understands",
      rendition: "smaller version",
      transcode: "smaller version",
      storyboard: "pictures for seeking",
      preview: "moving preview",
      waveform: "waveform",
      download: "file to download",
      audio: "sound alone",
      av1: "versions in AV1",
      transcript: "transcript",
      "live-transcript": "transcript",
      scenes: "places where the picture changes",
    } as Record<string, string>,
    otherStep: (name: string) => name.replaceAll("_", " "),
  },

  session: {
    looking: "Looking whether you are signed in…",
    signIn: "Sign in",
    signOut: "Sign out",
    ways: "Ways to sign in",
    administer: "Administer",
    plan: "Plan",
    signOutFailed: "The server does not answer: you are still signed in.",
  },

  signIn: {
    title: "Sign in",
    email: "E-mail",
    password: "Password",
    go: "Sign in",
    busy: "Signing in…",
    forgotten: "Forgotten your password?",
    or: "or",
    withPasskey: "Sign in with a passkey",
    withProvider: (name: string) => `Sign in with ${name}`,
    passkeyCancelled: "No passkey was used: the browser's question was closed, or took too long.",
    code: "Code",
    codeText: "Enter the code that your authenticator app shows, or one of your recovery codes.",
    tookTooLong: "That took too long: enter your password once more.",
    problems: {
      wrongPassword: "The e-mail address or the password is wrong.",
      wrongCode: "This code is wrong, or was used already. Wait for the next one.",
      wait: (seconds: number) =>
        `Too many tries. Wait ${seconds < 100 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`,
      unreachable: "The server does not answer. Check your connection, then try again.",
    },
  },

  search: {
    title: "Search",
    titleFor: (query: string) => `${query} · Search`,
    field: "Search recordings",
    results: "What was found",
    count: (total: number, written: string) => (total === 1 ? "1 recording" : `${written} recordings`),
    corrected: (typed: string, instead: string) => `Nothing has “${typed}”. For “${instead}”: `,
    more: "Show more",
    asking: "Searching…",
    tryAgain: "Try again",
    unreachable: "The server does not answer. Check your connection, then try again.",
    notShared: "Not shared: its link does not work",
    status: (status: string) =>
      ({
        preparing: "About to start",
        recording: "Recording now",
        processing: "Finishing",
        failed: "Failed",
      })[status] ?? status,
    kinds: { comment: "Comment:", tag: "Tag:", description: "" } as Record<string, string>,
    empty: {
      title: "Nothing is recorded yet",
      text: "What you record, and what others record in your workspaces, can be searched here: titles, what is said, comments and tags.",
    },
    nothing: {
      title: "Nothing found",
      text: "All words have to be in one recording. Try fewer words, or only the beginning of one.",
      narrowed: "No recording has all of the words and fits the filters.",
      widen: "Search without filters",
    },
    filters: {
      title: (count: number) => (count === 0 ? "Filters" : `Filters (${count})`),
      any: "Any",
      person: "Recorded by",
      me: "Me",
      folder: "Folder",
      tag: "Tag",
      length: "Length",
      lengths: {
        short: "Up to 2 minutes",
        medium: "2 to 10 minutes",
        long: "10 to 30 minutes",
        longer: "30 minutes or more",
      } as Record<string, string>,
      language: "Spoken language",
      from: "From",
      to: "To",
    },
  },

  notifications,

  actions: {
    copy: "Copy link",
    copyAt: (time: string) => `Copy link at ${time}`,
    copied: "Link copied",
    copyFailed: "Copy this link:",
    download: "Download",
    settings: "Share settings",
    files: { video: "Video (MP4)", audio: "Sound (M4A)" },
  },

  panel: {
    label: "What is in this recording",
    transcript: "Transcript",
    chapters: "Chapters",
    summary: "Summary",
    comments: (count: string) => (count ? `Comments ${count}` : "Comments"),
    loading: "Loading…",
    notLoaded: "This part of the page could not be loaded. Reload the page to try again.",
    writing: "What is said is being written down. It appears here by itself.",
    growing: "More follows as it is spoken.",
    find: "Search the transcript",
    hit: (at: number, count: number) => `${at} of ${count}`,
    noHit: "Not found",
    previous: "Previous place",
    next: "Next place",
    follow: "Back to what is said now",
    playFrom: (time: string) => `Play from ${time}`,
    copy: "Copy the transcript",
    copied: "Transcript copied",
    copyFailed: "The browser does not allow copying",
    files: "Download the transcript",
    file: { srt: "Captions (SRT)", vtt: "Captions (WebVTT)", txt: "Text" },
    actions: "To do",
    topics: "Topics",
    assignee: (who: string) => `Who: ${who}`,
    due: (when: string) => `Until: ${when}`,
    dueOn: (said: string, day: string) => `${said} (${day})`,
    madeByRules: "Picked from what was said, by rules. It may miss things.",
    madeByModel: (model: string) =>
      `Written by a language model${model ? ` (${model})` : ""} from what was said. It may be wrong.`,
  },

  player,
  keys,
  security,

  refusals: {} as Record<string, string>,

  embed: { open: (title: string) => `Open “${title}” in Heddle` },

  landing: {
    title: "Record your screen. The link is already there.",
    text: "This is a Heddle server. Recordings play from their link while they are still being made, and stay there when they are done.",
    watchTitle: "You were sent a link?",
    watch: "Open it as it is: it looks like this.",
    recordTitle: "You have an account here?",
    record: "Sign in once on your computer, then record.",
    docs: "API reference",
  },
};

export type Messages = typeof en;
