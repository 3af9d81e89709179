/** Icons of 24 units in the text's colour; the words beside them or the button's name say what they mean. */

const PATHS = {
  play: "M8 5.1v13.8a1 1 0 0 0 1.53.85l11-6.9a1 1 0 0 0 0-1.7l-11-6.9A1 1 0 0 0 8 5.1z",
  replay: "M12 5V1.5L7 6l5 4.5V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5z",
  soundOff:
    "M4 9v6h4l5 4.5v-15L8 9zm12.5-.9-1.4 1.4 2.5 2.5-2.5 2.5 1.4 1.4 2.5-2.5 2.5 2.5 1.4-1.4-2.5-2.5 2.5-2.5-1.4-1.4-2.5 2.5z",
  link: "M10.6 13.4a4 4 0 0 0 6.03.43l2.8-2.8a4 4 0 0 0-5.66-5.66l-1.5 1.5 1.4 1.4 1.5-1.5a2 2 0 1 1 2.83 2.83l-2.8 2.8a2 2 0 0 1-3-.22zm2.8-2.8a4 4 0 0 0-6.03-.43l-2.8 2.8a4 4 0 0 0 5.66 5.66l1.5-1.5-1.4-1.4-1.5 1.5A2 2 0 1 1 6 14.4l2.8-2.8a2 2 0 0 1 3 .22z",
  check: "M9.5 17.6 4.4 12.5l1.5-1.5 3.6 3.6 8.6-8.6 1.5 1.5z",
  download: "M11 4h2v8.2l3.1-3.1 1.4 1.4L12 16l-5.5-5.5 1.4-1.4 3.1 3.1zM5 18h14v2H5z",
  help: "M11 16.5h2v2h-2zm1-11a4.2 4.2 0 0 0-4.2 4.2h2a2.2 2.2 0 1 1 3.3 1.9c-1.3.8-2.1 1.7-2.1 3.4h2c0-.9.4-1.2 1.2-1.7A4.2 4.2 0 0 0 12 5.5z",
  close: "m12 10.6 5-5L18.4 7l-5 5 5 5-1.4 1.4-5-5-5 5L5.6 17l5-5-5-5L7 5.6z",
  captions:
    "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zm0 2v10h14V7zm2 3.3h3v1.9H7zm5 0h5v1.9h-5zM7 13.4h6v1.9H7zm8 0h2v1.9h-2z",
  theatre: "M3 6h18v12H3zm2 2v8h14V8z",
  narrower: "M5 7h14v10H5zm2 2v6h10V9z",
  copy: "M8 3h10a2 2 0 0 1 2 2v11h-2V5H8zM5 7h9a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 14 21H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 7zm.5 2v10h8V9z",
  search:
    "M10 4a6 6 0 1 0 3.65 10.76l4.8 4.79 1.4-1.41-4.79-4.8A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  up: "m12 8.6-6 6 1.4 1.4 4.6-4.6 4.6 4.6 1.4-1.4z",
  down: "m12 15.4 6-6L16.6 8 12 12.6 7.4 8 6 9.4z",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
