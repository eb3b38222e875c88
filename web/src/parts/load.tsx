/** What a page asks the server for, and what stands there until it has come or did not. */

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";

import { ApiError, get } from "../net/api";
import { useWords } from "../words/words";

export type Loaded<T> = { value: T | null; error: unknown; reload(): void; set(value: T): void };

/** Ask for something; not at all where the path is null. */
export function useGet<T>(path: string | null): Loaded<T> {
  const [value, set] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    let wanted = true;
    get<T>(path).then(
      (v) => {
        if (!wanted) return;
        set(v);
        setError(null);
      },
      (e: unknown) => wanted && setError(e),
    );
    return () => {
      wanted = false;
    };
  }, [path, round]);
  return { value, error, set, reload: useCallback(() => setRound((n) => n + 1), []) };
}

/** Tell what went wrong, in words. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { say } = useWords();
  const api = error instanceof ApiError && error.status > 0 ? error : null;
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{api ? api.message || say("unknown-error") : say("offline")}</strong>
        {api?.hint ? <> {api.hint}</> : null}
      </p>
      {again ? (
        <button type="button" class="plain" onClick={again}>
          {say("again")}
        </button>
      ) : null}
    </div>
  );
}

export function Await<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const { say } = useWords();
  if (of.value !== null) return <>{children(of.value)}</>;
  if (of.error) return <Trouble error={of.error} again={of.reload} />;
  return (
    <p class="soft loading" role="status">
      {say("loading")}
    </p>
  );
}
