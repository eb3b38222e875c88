/** Whether all is there: in this browser, and on the computer. */

import { useEffect, useState } from "preact/hooks";

import type { Check } from "../net/protocol";
import { Await, useGet } from "../parts/load";
import { type Key, useWords } from "../words/words";

export function DoctorPage() {
  const { say } = useWords();
  const checks = useGet<{ checks: Check[] }>("/api/doctor");
  const [here, setHere] = useState<Array<{ key: Key; state: Check["state"]; advice: Key | null }>>([]);
  useEffect(() => void browser().then(setHere), []);
  return (
    <>
      <h1>{say("doctor-title")}</h1>
      <p>{say("doctor-about")}</p>
      <section class="card" aria-labelledby="h-here">
        <h2 id="h-here">{say("this-browser")}</h2>
        <ul class="checks">
          {here.map((c) => (
            <Line key={c.key} state={c.state} text={say(c.key)} advice={c.advice ? say(c.advice) : null} />
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="h-there">
        <h2 id="h-there">{say("this-computer")}</h2>
        <Await of={checks}>
          {({ checks }) => (
            <ul class="checks">
              {checks.map((c) => (
                <Line key={c.name} state={c.state} text={`${c.name}: ${c.text}`} advice={c.advice} />
              ))}
            </ul>
          )}
        </Await>
      </section>
    </>
  );
}

function Line({ state, text, advice }: { state: Check["state"]; text: string; advice: string | null }) {
  const { say } = useWords();
  const tone = state === "ok" ? "good" : state === "warn" ? "moderate" : "major";
  return (
    <li>
      <span class={`badge ${tone}`}>{say(state)}</span>
      <span>
        {text}
        {advice ? <span class="why">{advice}</span> : null}
      </span>
    </li>
  );
}

async function browser(): Promise<Array<{ key: Key; state: Check["state"]; advice: Key | null }>> {
  const camera = navigator.mediaDevices ? (await navigator.mediaDevices.enumerateDevices()).some((d) => d.kind === "videoinput") : false;
  const gl = ((): boolean => {
    try {
      return document.createElement("canvas").getContext("webgl2") !== null;
    } catch {
      return false;
    }
  })();
  const line = (key: Key, good: boolean, otherwise: Check["state"], advice: Key | null) => ({
    key,
    state: good ? ("ok" as const) : otherwise,
    advice: good ? null : advice,
  });
  return [
    line("check-secure", window.isSecureContext, "fail", "camera-insecure"),
    line("check-camera", camera, "fail", "camera-none"),
    line("check-simd", simd(), "warn", "check-pictures"),
    line("check-webgl", gl, "warn", "check-pictures"),
    line("check-worker", typeof OffscreenCanvas !== "undefined", "warn", "check-pictures"),
    line("check-speech", "speechSynthesis" in window, "warn", null),
    line("check-wake", "wakeLock" in navigator, "warn", null),
  ];
}

/** A function that adds nothing, of the least that needs SIMD. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

function simd(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(SIMD));
}
