/** The camera of this device. */

export type Facing = "user" | "environment";
export type CameraTrouble = "refused" | "none" | "busy" | "insecure";

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

export interface Choice {
  /** A camera by its id, else one that faces this way. */
  id: string | null;
  facing: Facing;
}

export interface Opened {
  stream: MediaStream;
  id: string | null;
  label: string;
  /** Whether its picture is to be shown as in a mirror. */
  mirror: boolean;
}

/** Open a camera. */
export async function openCamera(choice: Choice): Promise<Opened> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("insecure");
  const video: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  if (choice.id) video.deviceId = { exact: choice.id };
  else video.facingMode = { ideal: choice.facing };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (e) {
    const name = e instanceof DOMException ? e.name : "";
    if (name === "OverconstrainedError" && choice.id) return openCamera({ ...choice, id: null });
    throw new CameraError(name === "NotAllowedError" || name === "SecurityError" ? "refused" : name === "NotReadableError" || name === "AbortError" ? "busy" : "none");
  }
  const track = stream.getVideoTracks()[0];
  const settings = track?.getSettings() ?? {};
  return {
    stream,
    id: settings.deviceId ?? null,
    label: track?.label ?? "",
    // A camera that does not say where it faces is a computer's: it faces the person.
    mirror: settings.facingMode !== "environment",
  };
}

export function closeCamera(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** The cameras there are; they have names once one was allowed. */
export async function cameras(): Promise<MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((d) => d.kind === "videoinput");
}
