/** The coach: the whole screen is the picture and what is to be read from the mat. */

import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";

import { cameras } from "../camera/camera";
import { framedReport } from "../parts/framed";
import { Icon, type IconName } from "../parts/icons";
import { useGet } from "../parts/load";
import type { Command, Exercise, Words } from "../net/protocol";
import { go } from "../route";
import { type Key, useWords } from "../words/words";
import { Engine, type EngineOptions } from "./engine";
import { Hud } from "./hud";
import { Stage } from "./stage";

interface CoachProps {
  options: EngineOptions;
  exercises: Exercise[];
  leave(): void;
}

export function Coach({ options, exercises, leave }: CoachProps) {
  const { say, lang } = useWords();
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const engine = useMemo(() => new Engine(options, () => changed(undefined)), [options]);
  const video = useRef<HTMLVideoElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const [mirror, setMirror] = useState<boolean | null>(null);
  const [asking, setAsking] = useState(false);
  const [many, setMany] = useState<MediaDeviceInfo[]>([]);
  const words = useGet<Words>(`/api/words?lang=${lang}`);

  useEffect(() => {
    void engine.start(video.current).then(async () => setMany(await cameras()));
    root.current?.focus();
    return () => engine.close();
  }, [engine]);

  const { moment } = engine;
  const scene = moment?.scene;
  const exercise = exercises.find((e) => e.id === (scene?.exercise ?? moment?.exercise)) ?? null;
  const flipped = mirror ?? engine.mirror;
  const paused = moment?.paused ?? false;
  const full = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void root.current?.requestFullscreen?.().catch(() => undefined);
  };
  const other = (): void => {
    if (!video.current) return;
    const at = many.findIndex((d) => d.deviceId === engine.cameraId);
    const next = many[(at + 1) % many.length];
    if (next) void engine.switchCamera(video.current, { id: next.deviceId, facing: options.camera.facing });
    setMirror(null);
  };
  const act: Record<string, () => void> = {
    " ": () => engine.do("pause"),
    n: () => engine.do("next"),
    r: () => engine.do("repeat"),
    v: () => engine.setVoice(!engine.speaker.on),
    m: () => setMirror(!flipped),
    f: full,
    q: () => setAsking(true),
    Escape: () => setAsking(!asking),
  };
  const key = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const onButton = e.target instanceof HTMLButtonElement && (e.key === " " || e.key === "Enter");
    const action = act[e.key];
    if (!action || onButton || engine.stage !== "running") return;
    e.preventDefault();
    action();
  };
  const dim = scene && ["intro", "paused", "rest", "summary"].includes(scene.kind) ? "dim" : "";
  const cue = moment && scene?.kind === "work" ? moment.judged?.cue?.text : scene?.headline;

  return (
    <div class={`coach ${dim}`} ref={root} tabIndex={-1} onKeyDown={key}>
      <Stage engine={engine} video={video} exercise={exercise} mirror={flipped} label={say("stage")} />
      <h1 class="sr">{exercise?.title ?? say("nav-coach")}</h1>
      <p class="sr" aria-live="polite">
        {cue ?? ""}
      </p>
      {engine.stage === "camera" || engine.stage === "model" ? (
        <p class="notice middle" role="status">
          {say(engine.stage === "camera" ? "opening" : "loading-model")}
        </p>
      ) : null}
      {engine.stage === "running" && !moment ? (
        <p class="notice middle" role="status">
          {say("loading")}
        </p>
      ) : null}
      {engine.stage === "running" && moment ? <Hud moment={moment} done={engine.done} exercise={exercise} words={words.value} /> : null}
      <Notices engine={engine} />
      {engine.stage === "trouble" ? <TroubleCard engine={engine} leave={leave} /> : null}
      {engine.stage === "over" ? <Over engine={engine} leave={leave} /> : null}
      {engine.stage === "running" ? (
        <div class="controls" role="toolbar" aria-label={say("controls")}>
          <Control icon={paused ? "play" : "pause"} word={paused ? "go-on" : "pause"} press={() => engine.do("pause")} main />
          <Control icon="next" word="next" press={() => engine.do("next")} />
          <Control icon="repeat" word="repeat" press={() => engine.do("repeat")} />
          <Control icon={engine.speaker.on ? "voice" : "silent"} word={engine.speaker.on ? "voice-off" : "voice-on"} press={() => engine.setVoice(!engine.speaker.on)} />
          {options.role === "camera" ? <Control icon="mirror" word="mirror" press={() => setMirror(!flipped)} pressed={flipped} /> : null}
          {options.role === "camera" && many.length > 1 ? <Control icon="camera" word="other-camera" press={other} /> : null}
          {document.fullscreenEnabled ? <Control icon="full" word="full-screen" press={full} /> : null}
          <Control icon="stop" word="finish" press={() => setAsking(true)} />
        </div>
      ) : null}
      {asking && engine.stage === "running" ? (
        <Ask
          yes={() => {
            setAsking(false);
            engine.do("finish" satisfies Command);
            if (options.role === "screen") leave();
          }}
          no={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}

function Control({ icon, word, press, main = false, pressed }: { icon: IconName; word: Key; press(): void; main?: boolean; pressed?: boolean }) {
  const { say } = useWords();
  return (
    <button type="button" class={main ? "control main" : "control"} onClick={press} aria-pressed={pressed}>
      <Icon name={icon} />
      <span>{say(word)}</span>
    </button>
  );
}

function Notices({ engine }: { engine: Engine }) {
  const { say } = useWords();
  const told: string[] = [];
  if (engine.stage === "running") {
    if (engine.link === "lost") told.push(say("lost"));
    else if (engine.behind) told.push(say("sending-later"));
    if (engine.before && !engine.moment?.judged?.counts.total) told.push(say("began-anew", { n: engine.before }));
    if (engine.options.role === "screen" && !engine.cameraHere) told.push(say("camera-gone"));
    const beginning = ["intro", "setup"].includes(engine.moment?.scene.kind ?? "intro");
    if (engine.pictures && !engine.options.pictures && beginning) told.push(say("pictures"));
    if (engine.slow && beginning) told.push(say("slow-device"));
    if (engine.options.voice && engine.speaker.on && beginning && !engine.mouth.primed) told.push(say("tap-to-hear"));
    told.push(...engine.warnings);
  }
  return (
    <div class="notices" role="status">
      {told.map((text) => (
        <p class="notice" key={text} onClick={() => engine.mouth.prime()}>
          {text}
        </p>
      ))}
    </div>
  );
}

function Ask({ yes, no }: { yes(): void; no(): void }) {
  const { say } = useWords();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div class="sheet" role="alertdialog" aria-modal="true" aria-labelledby="ask-title">
      <div class="box">
        <h2 id="ask-title">{say("finish-sure")}</h2>
        <div class="row">
          <button type="button" class="primary" ref={first} onClick={yes}>
            {say("yes-end")}
          </button>
          <button type="button" class="plain" onClick={no}>
            {say("no-go-on")}
          </button>
        </div>
      </div>
    </div>
  );
}

const CAMERA: Record<string, Key> = {
  refused: "camera-refused",
  none: "camera-none",
  busy: "camera-busy",
  insecure: "camera-insecure",
};
const SERVER: Record<string, Key> = { taken: "taken", full: "full", broken: "broken", protocol: "new-version", "no-session": "watch-none" };

function TroubleCard({ engine, leave }: { engine: Engine; leave(): void }) {
  const { say } = useWords();
  const { trouble } = engine;
  if (!trouble) return null;
  const known = trouble.kind === "camera" ? CAMERA[trouble.trouble] : SERVER[trouble.code];
  const text = known ? say(known) : trouble.kind === "server" && trouble.message ? `${trouble.message} ${trouble.hint}` : say("unknown-error");
  return (
    <div class="sheet" role="alertdialog" aria-modal="true" aria-label={text}>
      <div class="box">
        <p>{text}</p>
        <div class="row">
          {trouble.kind === "server" && trouble.code === "protocol" ? (
            <button type="button" class="primary" onClick={() => location.reload()}>
              {say("reload")}
            </button>
          ) : null}
          <button type="button" class="primary" onClick={leave}>
            {say("back")}
          </button>
        </div>
      </div>
    </div>
  );
}

function Over({ engine, leave }: { engine: Engine; leave(): void }) {
  const { say } = useWords();
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);
  const reports = engine.over?.reports ?? [];
  const counted = reports.some((r) => r.counts.total > 0);
  return (
    <div class="sheet over">
      <div class="box">
        <h2 tabIndex={-1} ref={first}>
          {say("ended")}
        </h2>
        <p class="soft">{counted ? (engine.over?.history !== null ? say("kept") : "") : say("no-count")}</p>
        <ul class="results">
          {reports.map((r, i) => (
            <li key={i}>
              <div>
                <strong>{r.title}</strong>
                <span class="soft">
                  {say("times", { n: r.counts.total })}
                  {r.score !== null ? ` · ${say("score")} ${r.score}` : ""}
                </span>
                {r.faults.map((f) => (
                  <span class={`badge ${f.severity}`} key={f.id}>
                    {f.cue}
                  </span>
                ))}
              </div>
              {r.page ? (
                <a class="plain" href={framedReport(r.page)}>
                  {say("to-report")}
                </a>
              ) : null}
            </li>
          ))}
        </ul>
        {(engine.over?.warnings ?? []).map((w) => (
          <p class="soft" key={w}>
            {w}
          </p>
        ))}
        <div class="row">
          <button type="button" class="primary" onClick={leave}>
            {say("to-choice")}
          </button>
          <button type="button" class="plain" onClick={() => go("history")}>
            {say("nav-history")}
          </button>
        </div>
      </div>
    </div>
  );
}
