/** Choosing what to do, and then doing it. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { EngineOptions } from "../coach/engine";
import { Coach } from "../coach/coach";
import { cameras, type Choice as CameraChoice, type Facing } from "../camera/camera";
import { GhostPicture } from "../parts/ghost_picture";
import { Await, useGet } from "../parts/load";
import type { CoachingSession, Exercise, Plan, Settings, Work } from "../net/protocol";
import { go } from "../route";
import { BrowserMouth } from "../voice/speaker";
import { useWords } from "../words/words";

interface CoachPageProps {
  settings: Settings;
  bare(on: boolean): void;
}

type Chosen = { kind: "exercise"; exercise: Exercise } | { kind: "plan"; plan: Plan };

export function CoachPage({ settings, bare }: CoachPageProps) {
  const { lang } = useWords();
  const catalogue = useGet<{ exercises: Exercise[] }>(`/api/exercises?lang=${lang}`);
  const plans = useGet<{ plans: Plan[] }>(`/api/plans?lang=${lang}`);
  const [chosen, choose] = useState<Chosen | null>(null);
  const [options, begin] = useState<EngineOptions | null>(null);
  useEffect(() => {
    bare(options !== null);
    return () => bare(false);
  }, [options]);
  return (
    <Await of={catalogue}>
      {({ exercises }) =>
        options ? (
          <Coach
            options={options}
            exercises={exercises}
            leave={() => {
              begin(null);
              choose(null);
            }}
          />
        ) : chosen ? (
          <Prepare chosen={chosen} settings={settings} back={() => choose(null)} begin={begin} />
        ) : (
          <Choice
            exercises={exercises}
            plans={plans.value?.plans ?? []}
            choose={choose}
            goOn={(s) => {
              const mouth = new BrowserMouth(lang);
              if (settings.voice) mouth.prime();
              begin({
                role: "camera",
                lang,
                work: { exercise: s.exercise },
                session: s.id,
                introduce: settings.introduce,
                ball: settings.ball,
                pictures: settings.pictures,
                voice: settings.voice,
                camera: lastCamera(),
                mouth,
              });
            }}
          />
        )
      }
    </Await>
  );
}

interface ChoiceProps {
  exercises: Exercise[];
  plans: Plan[];
  choose(chosen: Chosen): void;
  /** Be the camera of a session that has lost its own. */
  goOn(session: CoachingSession): void;
}

function Choice({ exercises, plans, choose, goOn }: ChoiceProps) {
  const { say } = useWords();
  const routine = plans.find((p) => p.id === "routine");
  const own = plans.filter((p) => p.id !== "routine");
  const running = useGet<{ sessions: CoachingSession[] }>("/api/coaching");
  return (
    <>
      <h1>{say("choose")}</h1>
      {running.value?.sessions.length ? (
        <section aria-labelledby="h-running" class="running">
          <h2 id="h-running">{say("under-way")}</h2>
          <ul class="plans">
            {running.value.sessions.map((s) => (
              <li key={s.id} class="card row">
                <strong>{s.title}</strong>
                {s.camera ? null : (
                  <button type="button" class="primary" onClick={() => goOn(s)}>
                    {say("go-on-here")}
                  </button>
                )}
                <a class="plain" href={`#watch/${s.id}`}>
                  {say("watch")}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {routine ? (
        <section>
          <button type="button" class="plan big" onClick={() => choose({ kind: "plan", plan: routine })}>
            <strong>{say("routine")}</strong>
            <span>{say("routine-about", { n: routine.steps.length })}</span>
          </button>
        </section>
      ) : null}
      {own.length ? (
        <section aria-labelledby="h-plans">
          <h2 id="h-plans">{say("plans")}</h2>
          <ul class="plans">
            {own.map((plan) => (
              <li key={plan.id}>
                <button type="button" class="plan" disabled={Boolean(plan.error)} onClick={() => choose({ kind: "plan", plan })}>
                  <strong>{plan.name}</strong>
                  <span class="soft">{plan.error ?? say("plan-about", { n: plan.steps.length })}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-labelledby="h-one">
        <h2 id="h-one">{say("one-exercise")}</h2>
        <ul class="exercises">
          {exercises.map((exercise) => (
            <li key={exercise.id}>
              <button type="button" class="exercise" onClick={() => choose({ kind: "exercise", exercise })}>
                <GhostPicture ghost={exercise.ghost} />
                <strong>{exercise.title}</strong>
                <span class="soft">
                  <Asked exercise={exercise} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <p class="small">
        <a href="#watch">{say("watch")}</a> <span class="soft">{say("watch-about")}</span>
      </p>
    </>
  );
}

function Asked({ exercise }: { exercise: Exercise }) {
  const { say } = useWords();
  const { reps, parts } = exercise.target;
  const bits = [
    reps ? (parts.length && !parts.includes("left") ? `${parts.length} × ` : "") + say("times", { n: reps }) + (parts.includes("left") ? ` ${say("side")}` : "") : "",
    exercise.hold_s > 0 ? say("hold", { n: exercise.hold_s }) : "",
    exercise.uses_ball ? say("with-ball") : "",
  ];
  return <>{bits.filter(Boolean).join(" · ")}</>;
}

interface PrepareProps {
  chosen: Chosen;
  settings: Settings;
  back(): void;
  begin(options: EngineOptions): void;
}

function Prepare({ chosen, settings, back, begin }: PrepareProps) {
  const { say, lang } = useWords();
  const phone = useMemo(() => matchMedia("(pointer: coarse)").matches, []);
  const [facing, setFacing] = useState<Facing>(() => (stored("facing") === "environment" ? "environment" : "user"));
  const [id, setId] = useState<string | null>(() => stored("camera"));
  const [many, setMany] = useState<MediaDeviceInfo[]>([]);
  const [reps, setReps] = useState("");
  const [introduce, setIntroduce] = useState(settings.introduce);
  const [ball, setBall] = useState(settings.ball);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => void cameras().then((all) => setMany(all.filter((d) => d.deviceId && d.label))), []);
  const exercise = chosen.kind === "exercise" ? chosen.exercise : null;
  const usesBall = exercise ? exercise.uses_ball : true;
  const start = (): void => {
    const asked = reps === "" ? {} : { reps: Number(reps) };
    const work: Work = exercise
      ? { exercise: exercise.id, ...asked }
      : chosen.kind === "plan" && chosen.plan.id !== "routine"
        ? { saved: chosen.plan.id }
        : { routine: true, ...asked };
    // In the tap itself: later an iPhone would stay silent.
    const mouth = new BrowserMouth(lang);
    if (settings.voice) mouth.prime();
    keep("facing", facing);
    keep("camera", id ?? "");
    begin({
      role: "camera",
      lang,
      work,
      session: null,
      introduce,
      ball,
      pictures: settings.pictures,
      voice: settings.voice,
      camera: { id: phone ? null : id, facing },
      mouth,
    });
  };
  return (
    <>
      <p class="back">
        <button type="button" class="link" onClick={back}>
          {say("back")}
        </button>
      </p>
      <h1 tabIndex={-1} ref={title}>
        {exercise ? exercise.title : chosen.kind === "plan" && chosen.plan.id !== "routine" ? chosen.plan.name : say("routine")}
      </h1>
      {exercise ? (
        <p class="soft asked">
          <Asked exercise={exercise} />
        </p>
      ) : null}
      <div class="prepare">
        <div>
          {exercise ? (
            <>
              <h2>{say("placing")}</h2>
              <p>{exercise.camera}</p>
              <h2>{say("how")}</h2>
              <ol>
                {exercise.intro.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ol>
            </>
          ) : chosen.kind === "plan" ? (
            <ol>
              {chosen.plan.steps.map((step, i) => (
                <li key={i}>
                  {step.title}
                  {step.reps ? ` · ${say("times", { n: step.reps })}` : ""}
                </li>
              ))}
            </ol>
          ) : null}
        </div>
        <div class="card begin">
          {exercise ? <GhostPicture ghost={exercise.ghost} wide /> : null}
          {phone ? (
            <fieldset class="pair">
              <legend>{say("camera")}</legend>
              {(["user", "environment"] as const).map((f) => (
                <label key={f}>
                  <input type="radio" name="facing" checked={facing === f} onChange={() => setFacing(f)} />
                  <span>{say(f === "user" ? "front-camera" : "back-camera")}</span>
                </label>
              ))}
            </fieldset>
          ) : many.length > 1 ? (
            <label class="field">
              <span>{say("camera")}</span>
              <select value={id ?? ""} onChange={(e) => setId(e.currentTarget.value || null)}>
                {many.map((d) => (
                  <option key={d.deviceId} value={d.deviceId}>
                    {d.label}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <details>
            <summary>{say("options")}</summary>
            {chosen.kind === "exercise" || chosen.plan.id === "routine" ? (
              <label class="field">
                <span>{say("repetitions")}</span>
                <select value={reps} onChange={(e) => setReps(e.currentTarget.value)}>
                  <option value="">{say("as-asked")}</option>
                  {[1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20].map((n) => (
                    <option key={n} value={String(n)}>
                      {n}
                    </option>
                  ))}
                  <option value="0">{say("endless")}</option>
                </select>
              </label>
            ) : null}
            <label class="check">
              <input type="checkbox" checked={introduce} onChange={(e) => setIntroduce(e.currentTarget.checked)} />
              <span>{say("introduce")}</span>
            </label>
            {usesBall ? (
              <label class="check">
                <input type="checkbox" checked={ball} onChange={(e) => setBall(e.currentTarget.checked)} />
                <span>{say("search-ball")}</span>
              </label>
            ) : null}
          </details>
          <button type="button" class="primary start" onClick={start}>
            {say("start")}
          </button>
          <p class="soft small">{say(settings.pictures ? "start-about-pictures" : "start-about")}</p>
        </div>
      </div>
    </>
  );
}

/** A second screen: shows what the coach shows, without a camera. */
export function WatchPage({ session, settings, bare }: { session: string | null; settings: Settings; bare(on: boolean): void }) {
  const { say, lang } = useWords();
  const catalogue = useGet<{ exercises: Exercise[] }>(`/api/exercises?lang=${lang}`);
  const running = useGet<{ sessions: CoachingSession[] }>("/api/coaching");
  const found = running.value?.sessions.find((s) => s.id === session) ?? running.value?.sessions[0] ?? null;
  useEffect(() => {
    bare(found !== null);
    return () => bare(false);
  }, [found?.id]);
  useEffect(() => {
    if (found) return undefined;
    const timer = setInterval(running.reload, 2000);
    return () => clearInterval(timer);
  }, [found?.id]);
  const options = useMemo<EngineOptions | null>(
    () =>
      found && {
        role: "screen",
        lang,
        work: null,
        session: found.id,
        introduce: settings.introduce,
        ball: false,
        pictures: false,
        // The phone speaks; two voices a moment apart are worse than one.
        voice: false,
        camera: { id: null, facing: "user" },
        mouth: new BrowserMouth(lang),
      },
    [found?.id, lang],
  );
  if (!options)
    return (
      <>
        <h1>{say("watch")}</h1>
        <p role="status">{say("watch-none")}</p>
      </>
    );
  return (
    <Await of={catalogue}>
      {({ exercises }) => (
        <Coach
          options={options}
          exercises={exercises}
          leave={() => {
            running.reload();
            go("coach");
          }}
        />
      )}
    </Await>
  );
}

function lastCamera(): CameraChoice {
  const facing = stored("facing") === "environment" ? "environment" : "user";
  return { id: matchMedia("(pointer: coarse)").matches ? null : stored("camera"), facing };
}

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`formcheck.${name}`) || null;
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`formcheck.${name}`, value);
  } catch {
    // A browser may keep nothing.
  }
}
