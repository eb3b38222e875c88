/** Language, voice, strictness, limits of one's own, devices. */

import { useState } from "preact/hooks";

import { ApiError, send } from "../net/api";
import type { Device, Exercise, Lang, Settings, State } from "../net/protocol";
import { Await, Trouble, useGet } from "../parts/load";
import { dayAndTime, type Key, useWords } from "../words/words";

interface SettingsPageProps {
  state: State;
  settings: Settings;
  changed(settings: Settings): void;
  forgotten(): void;
}

const NAMES: Record<Lang, string> = { en: "English", pl: "Polski" };

export function SettingsPage({ state, settings, changed, forgotten }: SettingsPageProps) {
  const { say } = useWords();
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(0);
  const put = async (some: Partial<Settings>): Promise<boolean> => {
    try {
      const now = await send<Settings>("PUT", "/api/settings", some);
      if (now) changed(now);
      setError(null);
      setSaved((n) => n + 1);
      return true;
    } catch (e) {
      setError(e);
      return false;
    }
  };
  return (
    <>
      <h1>{say("settings-title")}</h1>
      {error ? <Trouble error={error} /> : null}
      <p class="saved" role="status" key={saved}>
        {saved ? say("saved") : ""}
      </p>
      <section class="card form">
        <label class="field">
          <span>{say("language")}</span>
          <select value={settings.lang} onChange={(e) => void put({ lang: e.currentTarget.value as Lang })}>
            {state.languages.map((l) => (
              <option key={l} value={l}>
                {NAMES[l] ?? l}
              </option>
            ))}
          </select>
        </label>
        <Pick label="strictness" value={settings.strictness} of={["lenient", "normal", "strict"]} pick={(strictness) => void put({ strictness })} />
        <Pick label="rhythm" value={settings.plan} of={["every-other-day", "twice"]} pick={(plan) => void put({ plan })} />
        <Switch label="voice-about" on={settings.voice} turn={(voice) => void put({ voice })} />
        <Switch label="introduce" on={settings.introduce} turn={(introduce) => void put({ introduce })} />
        <Switch label="find-on-computer" on={settings.pictures} turn={(pictures) => void put({ pictures })} />
        <Switch label="ball" on={settings.ball} turn={(ball) => void put({ ball })} />
        <label class="field">
          <span>{say("ball-cm")}</span>
          <input
            type="number"
            inputMode="decimal"
            min="20"
            max="120"
            value={settings.ball_cm ?? ""}
            onChange={(e) => void put({ ball_cm: e.currentTarget.value === "" ? null : Number(e.currentTarget.value) })}
          />
        </label>
      </section>
      <Limits settings={settings} put={put} />
      <Devices forgotten={forgotten} lan={state.lan} />
      <section class="card">
        <h2>{say("install")}</h2>
        <p>{say("install-about")}</p>
        {state.tls ? (
          <p>
            <a href="#trust">{say("trust-title")}</a>
          </p>
        ) : null}
      </section>
      <p class="soft small">
        formcheck {state.formcheck} · <a href="licences.txt">{say("licences")}</a>
      </p>
    </>
  );
}

function Pick({ label, value, of, pick }: { label: Key; value: string; of: Key[]; pick(value: string): void }) {
  const { say } = useWords();
  return (
    <label class="field">
      <span>{say(label)}</span>
      <select value={value} onChange={(e) => pick(e.currentTarget.value)}>
        {of.map((v) => (
          <option key={v} value={v}>
            {say(v)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({ label, on, turn }: { label: Key; on: boolean; turn(on: boolean): void }) {
  const { say } = useWords();
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(e) => turn(e.currentTarget.checked)} />
      <span>{say(label)}</span>
    </label>
  );
}

function Limits({ settings, put }: { settings: Settings; put(some: Partial<Settings>): Promise<boolean> }) {
  const { say, lang } = useWords();
  const catalogue = useGet<{ exercises: Exercise[] }>(`/api/exercises?lang=${lang}`);
  const [of, setOf] = useState("");
  const [round, setRound] = useState(0);
  return (
    <section class="card" aria-labelledby="h-limits">
      <h2 id="h-limits">{say("limits")}</h2>
      <p>{say("limits-about")}</p>
      <Await of={catalogue}>
        {({ exercises }) => {
          const exercise = exercises.find((e) => e.id === of) ?? exercises[0];
          if (!exercise) return null;
          const own = settings.limits[exercise.id] ?? {};
          const change = async (name: string, text: string): Promise<void> => {
            const next = { ...own };
            if (text === "") delete next[name];
            else next[name] = Number(text);
            if (!(await put({ limits: { ...settings.limits, [exercise.id]: next } }))) setRound((n) => n + 1);
          };
          return (
            <>
              <label class="field">
                <span>{say("exercise")}</span>
                <select value={exercise.id} onChange={(e) => setOf(e.currentTarget.value)}>
                  {exercises.map((e) => (
                    <option key={e.id} value={e.id}>
                      {e.title}
                    </option>
                  ))}
                </select>
              </label>
              <div class="scroll" tabIndex={0} role="region" aria-labelledby="h-limits">
                <table class="limits">
                  <thead>
                    <tr>
                      <th scope="col">{say("limit")}</th>
                      <th scope="col" class="num">{say("default")}</th>
                      <th scope="col">{say("own")}</th>
                      <th scope="col">{say("why")}</th>
                    </tr>
                  </thead>
                  <tbody key={`${exercise.id}${round}`}>
                    {exercise.limits.map((limit) => (
                      <tr key={limit.name}>
                        <th scope="row">
                          <code>{limit.name}</code>
                        </th>
                        <td class="num">
                          {limit.default} {limit.unit}
                        </td>
                        <td>
                          <input
                            type="number"
                            step="any"
                            aria-label={`${say("own")}: ${limit.name}`}
                            defaultValue={own[limit.name] === undefined ? "" : String(own[limit.name])}
                            onChange={(e) => void change(limit.name, e.currentTarget.value)}
                          />
                        </td>
                        <td class="soft">{limit.why}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          );
        }}
      </Await>
    </section>
  );
}

function Devices({ forgotten, lan }: { forgotten(): void; lan: boolean }) {
  const { say, lang } = useWords();
  const devices = useGet<{ devices: Device[] }>("/api/devices");
  const [asked, ask] = useState(false);
  const offer = useGet<{ code: string; link: string; qr: string }>(asked ? "/api/pair/offer" : null);
  const forget = async (device: Device): Promise<void> => {
    try {
      await send("DELETE", device.this ? "/api/pair" : `/api/devices/${device.id}`);
    } catch (e) {
      if (!(e instanceof ApiError)) throw e;
    }
    if (device.this) forgotten();
    else devices.reload();
  };
  return (
    <section class="card" aria-labelledby="h-devices">
      <h2 id="h-devices">{say("devices")}</h2>
      <Await of={devices}>
        {({ devices }) => (
          <ul class="devices">
            {devices.map((d) => (
              <li key={d.id}>
                <span>
                  <strong>{d.name}</strong> {d.this ? <span class="badge">{say("device")}</span> : null}
                  <span class="soft"> {dayAndTime(d.paired_at, lang)}</span>
                </span>
                <button type="button" class="plain" onClick={() => void forget(d)}>
                  {d.this ? say("forget") : say("remove-device", { name: d.name })}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Await>
      {lan ? (
        asked ? (
          <Await of={offer}>
            {(o) => (
              <div class="offer">
                <p>{say("pair-another-about")}</p>
                <img class="qr" alt={o.link} src={`data:image/svg+xml,${encodeURIComponent(o.qr)}`} />
                <p class="code">{o.code}</p>
              </div>
            )}
          </Await>
        ) : (
          <button type="button" class="plain" onClick={() => ask(true)}>
            {say("pair-another")}
          </button>
        )
      ) : null}
    </section>
  );
}
