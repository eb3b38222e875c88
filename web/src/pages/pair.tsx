/** A device that is not known yet asks to be let in. */

import { useState } from "preact/hooks";

import { deviceName } from "../app";
import { ApiError, send } from "../net/api";
import { useWords } from "../words/words";

/** Take the token of a pairing link out of the address bar. */
export function pairingToken(): string | null {
  const match = /^#\/?pair=(.+)$/.exec(location.hash);
  if (!match) return null;
  history.replaceState(null, "", location.pathname + location.search + "#coach");
  window.dispatchEvent(new HashChangeEvent("hashchange"));
  return decodeURIComponent(match[1]!);
}

export function PairPage({ paired, lan }: { paired(): void; lan: boolean }) {
  const { say } = useWords();
  const [code, setCode] = useState("");
  const [name, setName] = useState(deviceName());
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    try {
      await send("POST", "/api/pair", { code, device: name });
      setWrong("");
      paired();
    } catch (x) {
      const api = x instanceof ApiError ? x : null;
      if (api?.status === 429) setWrong(say("too-many"));
      else if (api?.code === "wrong-code" && api.left !== null) setWrong(api.left > 0 ? say("wrong-code", { n: api.left }) : say("too-many"));
      else setWrong(api && api.status ? `${api.message} ${api.hint}` : say("offline"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="narrow">
      <h1>{say("pair-title")}</h1>
      <p>{say("pair-about")}</p>
      <form class="card form" onSubmit={(e) => void submit(e)}>
        <label class="field">
          <span>{say("code")}</span>
          <input
            class="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 \-]*"
            maxLength={9}
            required
            value={code}
            aria-invalid={wrong ? true : undefined}
            aria-describedby="wrong"
            onInput={(e) => setCode(e.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{say("device-name")}</span>
          <input value={name} maxLength={60} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        <p id="wrong" class="wrong" role="alert">
          {wrong}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {say("pair")}
        </button>
      </form>
      <h2>{say("where-code")}</h2>
      <p>{say("where-code-about")}</p>
      {lan ? (
        <p>
          <a href="#trust">{say("trust-title")}</a>
        </p>
      ) : null}
    </div>
  );
}
