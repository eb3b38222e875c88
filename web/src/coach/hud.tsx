/** What is to be read from the mat: the count, the hold, the one sentence that matters now; and the other scenes. */

import { useEffect, useRef, useState } from "preact/hooks";

import { GhostPicture } from "../parts/ghost_picture";
import { Icon } from "../parts/icons";
import type { Exercise, Moment, Rep, Words } from "../net/protocol";
import { useWords } from "../words/words";

/** Milliseconds for which the count shows that an attempt counted or did not. */
const FLASH_MS = 1200;
/** Round the ring: the circumference of a circle of radius 44. */
const ROUND = 2 * Math.PI * 44;

export function Ring({ share, children, tone = "" }: { share: number; children?: preact.ComponentChildren; tone?: string }) {
  const filled = Math.max(0, Math.min(share, 1));
  return (
    <div class={`ring ${tone}`}>
      <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
        <circle class="track" cx="50" cy="50" r="44" />
        <circle class="fill" cx="50" cy="50" r="44" stroke-dasharray={`${(ROUND * filled).toFixed(2)} ${ROUND.toFixed(2)}`} transform="rotate(-90 50 50)" />
      </svg>
      <div class="inside">{children}</div>
    </div>
  );
}

interface HudProps {
  moment: Moment;
  /** The newest attempt that is over. */
  done: Rep | null;
  exercise: Exercise | null;
  words: Words | null;
}

export function Hud({ moment, done, exercise, words }: HudProps) {
  switch (moment.scene.kind) {
    case "work":
      return <Work moment={moment} done={done} exercise={exercise} words={words} />;
    case "setup":
      return <Setup moment={moment} />;
    case "countdown":
      return (
        <div class="scene countdown">
          <p class="title">{moment.scene.title}</p>
          <p class="number" key={moment.scene.headline}>
            {moment.scene.headline}
          </p>
        </div>
      );
    case "summary":
      return <Summary moment={moment} />;
    default:
      return <Told moment={moment} exercise={exercise} />;
  }
}

function Setup({ moment }: { moment: Moment }) {
  const { scene } = moment;
  const tone = scene.ok === true ? "good" : scene.ok === false ? "advice" : "";
  return (
    <div class="scene setup">
      <div class={`banner top ${tone}`}>
        <p class="title">{scene.title}</p>
        <p class="headline">{scene.headline}</p>
      </div>
      {scene.progress ? (
        <div class="corner">
          <Ring share={scene.progress} tone="good">
            <Icon name="check" />
          </Ring>
        </div>
      ) : null}
    </div>
  );
}

function Work({ moment, done, exercise, words }: HudProps) {
  const { say } = useWords();
  const { judged, target, scene } = moment;
  const flash = useFlash(done);
  const cue = judged?.cue ?? null;
  const sides = target.parts.length === 2 && target.parts.includes("left") && target.parts.includes("right");
  const counts = judged?.counts ?? { total: 0 };
  const holds = exercise !== null && exercise.hold_s > 0;
  const hold = judged && judged.hold_s > 0 && (judged.phase === "hold" || !holds) ? judged.hold_s : 0;
  return (
    <div class="scene work">
      <p class="title">{scene.title}</p>
      <div class={`count ${flash}`} role="group" aria-label={say("count")}>
        {sides ? (
          (["left", "right"] as const).map((side) => (
            <div class="side" key={side}>
              <span class="n">{counts[side] ?? 0}</span>
              <span class="of">
                {words?.screen[`${side}-side`] ?? say(side)}
                {target.reps ? ` · ${say("of", { n: target.reps })}` : ""}
              </span>
            </div>
          ))
        ) : (
          <div class="side">
            <span class="n">{counts.total}</span>
            {target.total ? <span class="of">{say("of", { n: target.total })}</span> : null}
          </div>
        )}
        {flash ? <Icon name={flash === "counted" ? "check" : "cross"} /> : null}
      </div>
      {hold > 0 ? (
        <div class="corner">
          <Ring share={holds ? hold / exercise.hold_s : 1} tone={holds && hold >= exercise.hold_s ? "good" : ""}>
            <b>{Math.floor(hold)}</b>
            <small>{holds ? say("of", { n: exercise.hold_s }) : ""} {say("seconds")}</small>
          </Ring>
        </div>
      ) : null}
      {cue ? (
        <div class={`banner bottom ${cue.kind}`}>
          {cue.kind === "fault" ? <Icon name="alert" /> : null}
          <p class="headline">{cue.text}</p>
        </div>
      ) : null}
    </div>
  );
}

/** Whether an attempt that has just ended is to be shown, and how it ended; those from before are not. */
function useFlash(done: Rep | null): "" | "counted" | "not" {
  const [flash, set] = useState<"" | "counted" | "not">("");
  const known = useRef(done);
  useEffect(() => {
    if (!done || done === known.current) return undefined;
    known.current = done;
    set(done.counted ? "counted" : "not");
    const timer = setTimeout(() => set(""), FLASH_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return flash;
}

/** Introduction, pause, rest. */
function Told({ moment, exercise }: { moment: Moment; exercise: Exercise | null }) {
  const { scene } = moment;
  const rest = scene.kind === "rest";
  return (
    <div class={`scene told ${scene.kind}`}>
      {scene.kind !== "paused" && exercise ? <GhostPicture ghost={exercise.ghost} wide /> : null}
      <div class="words">
        <p class="title">{scene.title}</p>
        <p class="headline">{scene.headline}</p>
        {scene.kind === "paused" ? null : <p class="detail">{scene.detail}</p>}
        {scene.lines.length ? (
          <ul>
            {scene.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : null}
      </div>
      {rest && scene.seconds !== null ? (
        <Ring share={1 - (scene.progress ?? 0)}>
          <b>{Math.ceil(scene.seconds)}</b>
        </Ring>
      ) : null}
    </div>
  );
}

function Summary({ moment }: { moment: Moment }) {
  const { scene } = moment;
  const [head, ...rows] = scene.lines.map((line) => line.split("\t"));
  return (
    <div class="scene told summary">
      <div class="words">
        <p class="headline">{scene.headline}</p>
        {head ? (
          <table>
            <thead>
              <tr>
                {head.map((cell) => (
                  <th key={cell} scope="col">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, k) => (
                    <td key={k}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        <p class="detail">{scene.detail}</p>
      </div>
    </div>
  );
}
