/** English is the reference: its shape is what every other language must have. */
export const en = {
  brand: "Heddle",
  untitled: "Untitled recording",
  pageTitle: (title: string) => `${title} · Heddle`,
  skip: "Skip to the recording",

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
    text: "The link may be mistyped, or the recording was deleted or is no longer shared. Ask whoever sent it to you for a new link.",
    home: "What is Heddle?",
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
    } as Record<string, string>,
    otherStep: (name: string) => name.replaceAll("_", " "),
  },

  actions: {
    copy: "Copy link",
    copyAt: (time: string) => `Copy link at ${time}`,
    copied: "Link copied",
    copyFailed: "Copy this link:",
    download: "Download",
  },

  player: {
    label: (title: string) => `Player: ${title}`,
    controls: "Playback controls",
    play: "Play",
    replay: "Play again",
    unmute: "Turn sound on",
    live: "Live",
    goLive: (behind: string) => `${behind} behind. Jump to live`,
    isLive: "You are watching live",
    behind: (time: string) => `−${time}`,
    speed: "Speed",
    speedValue: (rate: number) => `${rate}×`,
    normal: "Normal",
    quality: "Quality",
    auto: "Auto",
    qualityValue: (height: number) => `${height}p`,
    help: "Keyboard shortcuts",
    waitingForMore: "Waiting for the recording to go on…",
    reconnecting: "Connection lost. Trying again…",
    tryAgain: "Try again",
    failed: {
      network: { title: "The recording cannot be loaded", text: "The server does not answer." },
      expired: { title: "The recording cannot be loaded", text: "This link is no longer valid." },
      media: {
        title: "This browser cannot play the recording",
        text: "Its picture could not be decoded. Try again, another browser, or the download.",
      },
      unsupported: {
        title: "This browser cannot play the recording",
        text: "It cannot decode this kind of video or has no media source extensions. HEVC and AV1 recordings play everywhere once they are processed; until then, try another browser.",
      },
    },
  },

  keys: {
    title: "Keyboard shortcuts",
    close: "Close",
    rows: {
      play: "Play or pause",
      back: "Back 10 or 5 seconds",
      ahead: "Ahead 10 or 5 seconds",
      volume: "Louder, quieter",
      mute: "Sound on or off",
      fullscreen: "Full screen",
      pip: "Picture in picture",
      speed: "Slower, faster",
      tenths: "Jump to a tenth",
      live: "Jump to live",
      help: "Show this list",
    },
  },

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
