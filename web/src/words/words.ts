/** The language of the pages. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Lang } from "../net/protocol";
import { en, type Key } from "./en";
import { pl } from "./pl";

const TABLES: Record<Lang, Record<Key, string>> = { en, pl };

export type { Key };
export type Say = (key: Key, values?: Record<string, string | number>) => string;

/** Return a text with its {names} filled in. */
export function words(lang: Lang): Say {
  const table = TABLES[lang];
  return (key, values = {}) => table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const Language = createContext<{ lang: Lang; say: Say }>({ lang: "en", say: words("en") });
export const useWords = (): { lang: Lang; say: Say } => useContext(Language);

/** The language of the browser, as far as there is one of ours. */
export function preferred(): Lang {
  return navigator.languages.some((l) => l.toLowerCase().startsWith("pl")) ? "pl" : "en";
}

export const day = (iso: string, lang: Lang): string =>
  new Date(iso).toLocaleDateString(lang, { weekday: "short", day: "numeric", month: "short" });
export function dayAndTime(iso: string, lang: Lang): string {
  const then = new Date(iso);
  const year = then.getFullYear() === new Date().getFullYear() ? {} : ({ year: "numeric" } as const);
  return then.toLocaleString(lang, { day: "numeric", month: "short", ...year, hour: "2-digit", minute: "2-digit" });
}
