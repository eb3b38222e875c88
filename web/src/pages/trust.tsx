/** How a phone is made to trust the certificate, in pictures. */

import type { State } from "../net/protocol";
import { type Key, useWords } from "../words/words";

export function TrustPage({ state }: { state: State }) {
  const { say } = useWords();
  if (!state.tls)
    return (
      <>
        <h1>{say("trust-title")}</h1>
        <p>{say("trust-none")}</p>
      </>
    );
  return (
    <>
      <h1>{say("trust-title")}</h1>
      <p>{say("trust-about")}</p>
      <p>
        <a class="primary" href="/trust/ca.crt" download="formcheck-ca.crt">
          {say("download-cert")}
        </a>
      </p>
      {state.fingerprint ? (
        <p>
          {say("fingerprint")}: <code class="fingerprint">{state.fingerprint}</code>
        </p>
      ) : null}
      <section aria-labelledby="h-iphone">
        <h2 id="h-iphone">{say("iphone")}</h2>
        <ol class="steps">
          <Step text="i1" rows={[["download-cert", "press"]]} />
          <Step text="i2" head="settings-app" rows={[["profile-downloaded", "press"], ["general", ""]]} />
          <Step text="i3" head="cert-trust" rows={[["name", "switch"]]} />
          <Step text="i4" rows={[["reload", "press"]]} />
        </ol>
      </section>
      <section aria-labelledby="h-android">
        <h2 id="h-android">{say("android")}</h2>
        <ol class="steps">
          <Step text="a1" rows={[["download-cert", "press"]]} />
          <Step text="a2" head="settings-app" rows={[["security", "more"], ["ca-cert", "press"]]} />
          <Step text="a3" head="ca-cert" rows={[["install-anyway", "press"]]} />
          <Step text="a4" rows={[["reload", "press"]]} />
        </ol>
      </section>
      <p class="soft">{say("remove-cert")}</p>
    </>
  );
}

/** A step: a small phone that shows what to tap, and the words. */
function Step({ text, head, rows }: { text: Key; head?: Key; rows: Array<[Key, "press" | "switch" | "more" | ""]> }) {
  const { say } = useWords();
  return (
    <li>
      <div class="phone" aria-hidden="true">
        {head ? <div class="phone-head">{say(head)}</div> : null}
        {rows.map(([key, how]) => (
          <div class={`phone-row ${how}`} key={key}>
            <span>{say(key)}</span>
            {how === "switch" ? <i class="switch" /> : how === "more" ? <span>›</span> : null}
          </div>
        ))}
      </div>
      <p>{say(text)}</p>
    </li>
  );
}
