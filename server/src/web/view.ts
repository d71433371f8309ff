/** Who looks at a page, as far as the page is made for them: language and colours, never who they are. */
import type { Config } from "../config.js";
import type { Call } from "../platform/http/call.js";
import { type Lang, type Theme, variantOf } from "../platform/http/variant.js";

export type { Lang } from "../platform/http/variant.js";

/** What a page is made for. */
export interface View {
  config: Config;
  lang: Lang;
  theme: Theme;
  now: Date;
  /** Path and known query of a public page; empty for others, which nobody else may be led to. */
  path: string;
  /** Where this server shows a picture of others, where the operator wants it to. */
  pictureAddress?: ((address: string) => string) | undefined;
}

/** What a view is made from; every call has it. */
export type Looked = Pick<Call, "services" | "headers" | "now">;

/** The view of a request for a page of one person. */
export function viewOf({ services, headers, now }: Looked): View {
  const { lang, theme } = variantOf(headers);
  return { config: services.config, lang, theme, now, path: "" };
}
