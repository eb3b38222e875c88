/** The frame round the pages, and the way to the pairing page for a device that is not known yet. */

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";

import { ApiError, get, send } from "./net/api";
import { type Lang, PROTOCOL, type Settings, type State } from "./net/protocol";
import { CoachPage, WatchPage } from "./pages/coach";
import { DoctorPage } from "./pages/doctor";
import { FilmsPage } from "./pages/films";
import { HistoryPage } from "./pages/history";
import { PairPage, pairingToken } from "./pages/pair";
import { ReportsPage } from "./pages/reports";
import { SettingsPage } from "./pages/settings";
import { TrustPage } from "./pages/trust";
import { Icon, type IconName } from "./parts/icons";
import { Trouble } from "./parts/load";
import { go, type Page, useRoute } from "./route";
import { type Key, Language, preferred, words } from "./words/words";

const NAV: ReadonlyArray<readonly [Page, Key, IconName]> = [
  ["coach", "nav-coach", "coach"],
  ["films", "nav-films", "film"],
  ["reports", "nav-reports", "report"],
  ["history", "nav-history", "history"],
  ["settings", "nav-settings", "settings"],
  ["doctor", "nav-doctor", "doctor"],
];

export function App() {
  const at = useRoute();
  const [lang, setLang] = useState<Lang>(preferred());
  const [state, setState] = useState<State | null>(null);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [bare, setBare] = useState(false);
  const say = useMemo(() => words(lang), [lang]);

  const load = useCallback(async () => {
    try {
      let now = await get<State>("/api/state");
      const token = pairingToken();
      if (token && !now.paired) {
        await send("POST", "/api/pair", { code: token, device: deviceName() }).catch(() => undefined);
        now = await get<State>("/api/state");
      }
      setState(now);
      setError(null);
      setLang(now.lang);
      if (!now.paired) return;
      const chosen = await get<Settings>("/api/settings");
      setSettings(chosen);
      setLang(chosen.lang);
    } catch (e) {
      if (e instanceof ApiError && e.status === 401) setState((s) => (s ? { ...s, paired: false } : s));
      else setError(e);
    }
  }, []);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${say(at.page === "coach" || at.page === "watch" ? "name" : titleOf(at.page))}${at.page === "coach" || at.page === "watch" ? "" : " · formcheck"}`;
  }, [lang, say, at.page]);

  const page = (): preact.ComponentChildren => {
    if (error) return <Trouble error={error} again={() => void load()} />;
    if (!state) return <p class="soft loading" role="status">{say("loading")}</p>;
    if (at.page === "trust") return <TrustPage state={state} />;
    if (state.protocol !== PROTOCOL) return <NewVersion />;
    if (!state.paired) return <PairPage paired={() => void load()} lan={state.lan} />;
    if (!settings) return <p class="soft loading" role="status">{say("loading")}</p>;
    switch (at.page) {
      case "films":
        return <FilmsPage />;
      case "reports":
        return <ReportsPage shown={at.rest} />;
      case "history":
        return <HistoryPage shown={at.rest} />;
      case "settings":
        return (
          <SettingsPage
            state={state}
            settings={settings}
            changed={(s) => {
              setSettings(s);
              setLang(s.lang);
            }}
            forgotten={() => void load().then(() => go("pair"))}
          />
        );
      case "doctor":
        return <DoctorPage />;
      case "watch":
        return <WatchPage session={at.rest || null} settings={settings} bare={setBare} />;
      case "pair":
      case "coach":
        return <CoachPage settings={settings} bare={setBare} />;
    }
  };

  return (
    <Language.Provider value={{ lang, say }}>
      <a class="skip" href="#content" onClick={(e) => {
        e.preventDefault();
        document.getElementById("content")?.focus();
      }}>
        {say("skip")}
      </a>
      {bare ? null : (
        <header class="app">
          <a class="brand" href="#coach">
            form<span>check</span>
          </a>
          {state?.paired ? (
            <nav aria-label={say("nav")}>
              {NAV.map(([name, key, icon]) => (
                <a key={name} href={`#${name}`} aria-current={at.page === name ? "page" : undefined}>
                  <Icon name={icon} />
                  <span>{say(key)}</span>
                </a>
              ))}
            </nav>
          ) : null}
        </header>
      )}
      <main id="content" tabIndex={-1} class={bare ? "bare" : ""}>
        {page()}
      </main>
    </Language.Provider>
  );
}

function NewVersion() {
  const { say } = { say: words(preferred()) };
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{say("new-version")}</strong>
      </p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        {say("reload")}
      </button>
    </div>
  );
}

function titleOf(page: Page): Key {
  const titles: Partial<Record<Page, Key>> = {
    films: "films-title",
    reports: "reports-title",
    history: "history-title",
    settings: "settings-title",
    doctor: "doctor-title",
    pair: "pair-title",
    trust: "trust-title",
  };
  return titles[page] ?? "name";
}

/** A name for this device that its owner recognises in a list. */
export function deviceName(): string {
  const agent = navigator.userAgent;
  const known = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Macintosh", "Mac"], ["Windows", "Windows"], ["CrOS", "Chromebook"], ["Linux", "Linux"]] as const;
  const system = known.find(([sign]) => agent.includes(sign))?.[1] ?? "";
  const browser = (["Edg", "Firefox", "Chrome", "Safari"] as const).find((b) => agent.includes(b)) ?? "";
  return [system, browser === "Edg" ? "Edge" : browser].filter(Boolean).join(", ") || "Browser";
}
