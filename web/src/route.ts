/** Which page is shown: it stands behind the # of the address. */

import { useEffect, useState } from "preact/hooks";

export const PAGES = ["coach", "films", "reports", "history", "settings", "doctor", "pair", "trust", "watch"] as const;
export type Page = (typeof PAGES)[number];

export interface Route {
  page: Page;
  rest: string;
}

/** Return what an address stands for; what is not known is the coach's page. */
export function route(hash: string): Route {
  const [name = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const page = PAGES.find((p) => p === name);
  return { page: page ?? "coach", rest: page ? rest.join("/") : "" };
}

export function go(page: Page, rest = ""): void {
  location.hash = rest ? `${page}/${rest}` : page;
}

export function useRoute(): Route {
  const [now, set] = useState(() => route(location.hash));
  useEffect(() => {
    const changed = (): void => set(route(location.hash));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return now;
}
