/**
 * In which of its forms a page is shown: the language and the colours, by what the visitor chose, else by what the
 * browser says. Pages are kept once for each form.
 */
import type { IncomingHttpHeaders } from "node:http";
import Negotiator from "negotiator";

/** Languages of the site, the first is the one for everybody else. */
export const LANGUAGES = ["en", "fr"] as const;
/** A language of the site. */
export type Lang = (typeof LANGUAGES)[number];
/** Colours of the site; `system` follows the visitor's machine. */
export type Theme = "system" | "light" | "dark";

/** A form of a page. */
export interface Variant {
  lang: Lang;
  theme: Theme;
  /** A short name of the two, for keys. */
  key: string;
}

/** What the visitor chose: `LANGUAGE.THEME`, either of them empty where nothing was. */
const CHOICE = /(?:^|;\s*)openmolt_look=(en|fr|)\.(light|dark|)(?:;|$)/;
const YEAR_SECONDS = 365 * 86_400;

const variants = new Map<string, Variant>();
for (const lang of LANGUAGES) {
  for (const theme of ["system", "light", "dark"] as const) {
    const key = `${lang}.${theme}`;
    variants.set(key, { lang, theme, key });
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>> | IncomingHttpHeaders;

function chosen({ cookie }: Headers): { lang: Lang | undefined; theme: Theme | undefined } {
  const [, lang, theme] = (typeof cookie === "string" && CHOICE.exec(cookie)) || [];
  return { lang: (lang || undefined) as Lang | undefined, theme: (theme || undefined) as Theme | undefined };
}

/** The form a request gets. */
export function variantOf(headers: Headers): Variant {
  const { lang, theme } = chosen(headers);
  const variant = variants.get(`${lang ?? preferred(headers["accept-language"])}.${theme ?? "system"}`);
  if (!variant) throw new Error("There is a variant for every language and theme");
  return variant;
}

/** Browsers say one of few things: what they said is remembered. */
const known = new Map<string, Lang>();
const MOST_KNOWN = 1_000;
const LONGEST_KNOWN = 200;

function preferred(header: string | string[] | undefined): Lang {
  if (typeof header !== "string" || header === "") return "en";
  const found = known.get(header);
  if (found) return found;
  const named = new Negotiator({ headers: { "accept-language": header } }).language([...LANGUAGES]);
  const lang = LANGUAGES.find((one) => one === named) ?? "en";
  if (known.size >= MOST_KNOWN) known.clear();
  if (header.length <= LONGEST_KNOWN) known.set(header, lang);
  return lang;
}

/**
 * Set-Cookie for a choice, which leaves the other choice as it was.
 * @param choice `theme: "system"` takes a chosen theme back
 */
export function variantCookie(headers: Headers, choice: { lang?: Lang; theme?: Theme }, isSecure: boolean): string {
  const before = chosen(headers);
  const theme = choice.theme ?? before.theme ?? "system";
  const value = `${choice.lang ?? before.lang ?? ""}.${theme === "system" ? "" : theme}`;
  return `openmolt_look=${value}; Path=/; Max-Age=${YEAR_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}
