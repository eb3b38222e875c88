/** Version 2 of what page and server say to each other; docs/protocol.md tells it in words. */

export const PROTOCOL = 2;
export const SUBPROTOCOL = "formcheck.coach.2";

export type Lang = "en" | "pl";
export type Side = "left" | "right";
export type Severity = "minor" | "moderate" | "major";

export interface State {
  formcheck: string;
  protocol: number;
  paired: boolean;
  lan: boolean;
  tls: boolean;
  fingerprint: string | null;
  languages: Lang[];
  /** The language of the settings, for a page that is not let in yet. */
  lang: Lang;
  name: string;
}

export interface Ghost {
  heading: 1 | -1;
  floor: number;
  ball: [number, number, number] | null;
  points: Array<[number, number] | null>;
}

export interface Limit {
  name: string;
  value: number;
  default: number;
  unit: string;
  why: string;
}

export interface Exercise {
  id: string;
  title: string;
  position: string;
  camera: string;
  intro: string[];
  views: string[];
  uses_ball: boolean;
  target: { reps: number; parts: string[]; total: number };
  hold_s: number;
  blocks: Record<string, string>;
  faults: Array<{ id: string; cue: string; severity: Severity }>;
  limits: Limit[];
  ghost: Ghost | null;
}

export interface Plan {
  id: string;
  name: string;
  steps: Array<{ exercise: string; title: string; reps: number | null; rest_s: number }>;
  /** What is wrong with a file that is no plan. */
  error?: string;
}

export interface Counts {
  total: number;
  left?: number;
  right?: number;
  [part: string]: number | undefined;
}

export interface ReportLine {
  id: string;
  exercise: string;
  title: string;
  created: string;
  kind: "live" | "analyze";
  name?: string | null;
  score: number | null;
  counts: Counts;
  faults: Array<{ id: string; cue: string; severity: Severity; reps?: number[] }>;
  page: string | null;
  data: string | null;
}

export interface Job {
  id: string;
  name: string;
  exercise: string;
  state: "waiting" | "running" | "done" | "failed" | "stopped";
  progress: number | null;
  error: string | null;
  report: ReportLine | null;
}

export interface Settings {
  lang: Lang;
  voice: boolean;
  strictness: string;
  ball: boolean;
  /** The computer finds the body, in pictures that go there. */
  pictures: boolean;
  ball_cm: number | null;
  introduce: boolean;
  limits: Record<string, Record<string, number>>;
  plan: string;
}

export interface HistorySession {
  number: number;
  started: string;
  ended: string | null;
  kind: string;
  routine: string | null;
  exercises: string[];
  reps: number;
  counted: number;
  clean: number;
  score: number | null;
  finished: boolean;
  /** What a person made of it in a review; null where nobody looked at it. */
  corrected: { counted: number | null; clean: number | null; score: number | null } | null;
}

export interface History {
  sessions: HistorySession[];
  plan: string | null;
  due: { day: string; late: boolean } | null;
  weeks: Array<{ monday: string; sessions: number[]; target: number; done: number; met: boolean }>;
  streak: number;
  totals: Record<string, number | null>;
}

export interface CoachingSession {
  id: string;
  name: string;
  exercise: string;
  title: string;
  started: string;
  camera: boolean;
  screens: number;
}

export interface Check {
  name: string;
  state: "ok" | "warn" | "fail";
  text: string;
  advice: string | null;
}

export interface Device {
  id: string;
  name: string;
  paired_at: string;
  this: boolean;
}

export interface Words {
  lang: Lang;
  language: string;
  screen: Record<string, string>;
  sides: Record<string, string>;
  advice: Record<string, string>;
}

export type Work =
  | { exercise: string; reps?: number }
  | { routine: true; reps?: number }
  | { saved: string };

export interface Scene {
  kind: "intro" | "setup" | "countdown" | "work" | "paused" | "rest" | "summary" | "no-camera";
  exercise: string | null;
  title: string;
  headline: string;
  detail: string;
  lines: string[];
  seconds: number | null;
  progress: number | null;
  ghost: boolean;
  ok: boolean | null;
}

export interface Fault {
  id: string;
  cue: string;
  severity: Severity;
  side: Side | null;
  /** Landmarks to be marked. */
  joints: number[];
  now: boolean;
  /** Words to be written at the first of them. */
  decided: string | null;
}

/** A pair of landmarks and what was found of it. */
export type Bone = [number, number, "good" | "bad" | "unknown"];

export interface Cue {
  text: string;
  kind: "fault" | "advice" | "position";
  fault: string | null;
  side: Side | null;
}

export interface Judged {
  t: number;
  phase: "away" | "start" | "move" | "hold";
  rep: number | null;
  hold_s: number;
  counts: Counts;
  confidence: number;
  view: { kind: string; near_side: string | null };
  problem: { reason: string; text: string } | null;
  cue: Cue | null;
  faults: Fault[];
  bones: Bone[];
  ball: { x: number; y: number; r: number } | null;
}

export interface Rep {
  index: number;
  side: Side | null;
  block: string | null;
  counted: boolean;
  verdict: string;
  why: string | null;
  score: number | null;
  hold_s: number | null;
}

export interface Say {
  id: number;
  text: string;
  spoken: string;
  key: string;
  level: number;
  t: number;
  good_for_s: number;
  clips: string[];
}

export interface CoachEvent {
  type: string;
  t: number;
  rep?: Rep;
  seconds?: number;
  id?: string;
  reason?: string;
}

export interface Moment {
  type: "moment";
  n: number;
  t: number;
  lag_ms: number;
  scene: Scene;
  exercise: string;
  ball: boolean;
  paused: boolean;
  target: { reps: number; parts: string[]; total: number; left: Record<string, number> | null };
  setup: {
    advice: string | null;
    text: string;
    progress: number;
    ready: boolean;
    done: boolean;
    heading: -1 | 0 | 1;
  } | null;
  /** An arm that is held up as an answer; the hand in pixels of `size`. */
  raised: { kind: "one" | "both"; progress: number; hand: [number, number] } | null;
  judged: Judged | null;
  events: CoachEvent[];
  hush: boolean;
  say: Say[];
  body: Array<[number, number, number]> | null;
  /** Of the judged picture. */
  size: [number, number] | null;
}

export interface Welcome {
  type: "welcome";
  protocol: number;
  session: string;
  resumed: boolean;
  next: number;
  role: "camera" | "screen";
  lang: Lang;
  plan: { name: string; steps: Plan["steps"] };
  kept_s: number;
}

export interface SetReport extends Omit<ReportLine, "id" | "created" | "kind" | "data"> {
  type: "report";
  n?: number;
}

export interface Over {
  type: "over";
  n?: number;
  reports: ReportLine[];
  history: number | null;
  warnings: string[];
}

export interface ErrorMessage {
  type: "error";
  code: string;
  message: string;
  hint?: string;
  n?: number | null;
}

export type FromServer =
  | Welcome
  | Moment
  | SetReport
  | Over
  | ErrorMessage
  | { type: "warning"; text: string }
  | { type: "camera"; here: boolean }
  | { type: "resend"; next: number }
  | { type: "pong"; id: number };

export type Command = "pause" | "next" | "repeat" | "finish";

export interface Hello {
  type: "hello";
  protocol: number;
  role: "camera" | "screen";
  session: string | null;
  /** The newest moment that has come. */
  seen?: number | null;
  lang: Lang;
  work: Work | null;
  introduce?: boolean;
  ball?: boolean;
  camera?: string;
}
