/** The few signs on buttons. */

const PATHS = {
  pause: "M8 5v14M16 5v14",
  play: "M8 5l11 7-11 7z",
  next: "M6 5l9 7-9 7zM18 5v14",
  repeat: "M4 12a8 8 0 1 0 3-6.2M4 4v5h5",
  stop: "M6 6h12v12H6z",
  voice: "M4 10v4h4l5 4V6L8 10zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  silent: "M4 10v4h4l5 4V6L8 10zM17 9l5 6M22 9l-5 6",
  mirror: "M12 3v18M9 7L4 17h5zM15 7l5 10h-5z",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  check: "M4 13l5 5L20 6",
  cross: "M6 6l12 12M18 6L6 18",
  alert: "M12 3l10 18H2zM12 10v5M12 18v.5",
  coach: "M12 3a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM12 8v7M12 10l-6 3M12 10l6 3M12 15l-4 6M12 15l4 6",
  film: "M4 5h16v14H4zM8 5v14M16 5v14M4 10h4M4 14h4M16 10h4M16 14h4",
  report: "M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3",
  history: "M5 5h14v15H5zM5 10h14M9 3v4M15 3v4M9 14h2M14 14h2",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  doctor: "M3 12h4l3-7 4 14 3-7h4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
