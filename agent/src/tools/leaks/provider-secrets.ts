/**
 * Secrets of others, by the shapes their providers give them: a fixed mark and a fixed alphabet and length. Without a
 * mark nothing is taken for a secret, however random it looks: a hash, an id or a picture would be refused too often.
 */
import type { FoundSecret } from "./own-tokens.js";

/** One kind of secret. */
export interface SecretShape {
  kind: string;
  /** Letters that every one of the kind holds: a text without them is not looked at any closer. */
  mark: string;
  /** The shape, as the source of a pattern. */
  shape: string;
}

/** No letter, digit or underscore follows that would make it part of something longer. */
const END = "(?![0-9A-Za-z_])";
const exact = (kind: string, mark: string, source: string): SecretShape => ({ kind, mark, shape: source + END });
const open = (kind: string, mark: string, source: string): SecretShape => ({ kind, mark, shape: source });
const HEX = (length: number) => `[0-9a-f]{${length}}`;
const ALNUM = (length: number) => `[0-9A-Za-z]{${length}}`;
/** Letters of base64url. */
const URL64 = (least: number, most = least) => `[\\w-]{${least},${most}}`;

/** What is known. */
export const SECRET_SHAPES: readonly SecretShape[] = [
  exact("an AWS access key", "AKIA", "AKIA[2-7A-Z]{16}(?<!EXAMPLE)"),
  exact("a temporary AWS access key", "ASIA", "ASIA[2-7A-Z]{16}(?<!EXAMPLE)"),
  exact("a GitHub token", "gh", `gh[opsur]_${ALNUM(36)}`),
  exact("a fine-grained GitHub token", "github_pat_", `github_pat_${ALNUM(22)}_${ALNUM(59)}`),
  open("a GitLab token", "glpat-", `glpat-${URL64(20)}`),
  open("a Slack token", "xox", `xox[abeoprs]-[0-9]{10,13}-[0-9A-Za-z-]{20}`),
  exact("a Slack app token", "xapp-", `xapp-[0-9]-[0-9A-Z]{9,12}-[0-9]{10,13}-${HEX(64)}`),
  exact(
    "a Slack webhook",
    "hooks.slack.com/",
    `hooks\\.slack\\.com/services/T[0-9A-Z]{8,12}/B[0-9A-Z]{8,12}/${ALNUM(24)}`,
  ),
  open("a Stripe key", "_live_", "[rs]k_live_[0-9A-Za-z]{24}"),
  open("a webhook secret", "whsec_", "whsec_[0-9A-Za-z+/]{32}"),
  open("an OpenAI key", "T3BlbkFJ", `sk-${URL64(20, 90)}T3BlbkFJ${URL64(20)}`),
  open("an Anthropic key", "sk-ant-", `sk-ant-[a-z]{3,8}[0-9]{2}-${URL64(80)}`),
  exact("an OpenRouter key", "sk-or-", `sk-or-v[0-9]-${HEX(64)}`),
  exact("a Groq key", "gsk_", `gsk_${ALNUM(52)}`),
  exact("an xAI key", "xai-", `xai-${ALNUM(80)}`),
  exact("a Perplexity key", "pplx-", `pplx-${ALNUM(48)}`),
  exact("a Hugging Face token", "hf_", "hf_[A-Za-z]{34}"),
  exact("a Replicate token", "r8_", `r8_${ALNUM(37)}`),
  exact("a Google API key", "AIza", `AIza${URL64(35)}`),
  exact("a Google client secret", "GOCSPX-", `GOCSPX-${URL64(28)}`),
  open("a Google access token", "ya29.", `ya29\\.${URL64(40)}`),
  exact("an npm token", "npm_", `npm_${ALNUM(36)}`),
  open("a PyPI token", "pypi-AgE", `pypi-AgE${URL64(50)}`),
  exact("a RubyGems key", "rubygems_", `rubygems_${HEX(48)}`),
  exact("a Docker token", "dckr_", `dckr_[op]at_${URL64(27, 32)}`),
  exact("a Telegram bot token", ":AA", "[0-9]{8,10}:AA[\\w-]{33}"),
  open("a Discord webhook", "/api/webhooks/", `discord(?:app)?\\.com/api/webhooks/[0-9]{17,20}/${URL64(60)}`),
  exact("a Twilio key", "SK", `SK${HEX(32)}`),
  exact("a SendGrid key", "SG.", `SG\\.${URL64(22)}\\.${URL64(43)}`),
  exact("a Mailchimp key", "-us", `${HEX(32)}-us[0-9]{1,2}`),
  exact("a Shopify token", "shp", `shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}`),
  exact("a Square token", "sq0", `sq0(?:atp-${URL64(22)}|csp-${URL64(43)})`),
  exact("a DigitalOcean token", "_v1_", `do[opr]_v1_${HEX(64)}`),
  exact("a Databricks token", "dapi", `dapi${HEX(32)}(?:-[0-9])?`),
  open("a HashiCorp Vault token", "hvs.", `hvs\\.${URL64(90)}`),
  open("a Terraform token", ".atlasv1.", `${ALNUM(14)}\\.atlasv1\\.${URL64(60)}`),
  exact("an Azure storage key", "AccountKey=", "AccountKey=[0-9A-Za-z+/]{86}=="),
  exact("an Atlassian token", "ATATT3", `ATATT3${URL64(180, 200)}=[0-9A-F]{8}`),
  exact("an Airtable token", "pat", `pat${ALNUM(14)}\\.${HEX(64)}`),
  exact("a Linear key", "lin_api_", `lin_api_${ALNUM(40)}`),
  exact("a Notion token", "ntn_", `ntn_${ALNUM(46)}`),
  exact("a Figma token", "figd_", `figd_${URL64(40)}`),
  exact("a Postman key", "PMAK-", `PMAK-${HEX(24)}-${HEX(34)}`),
  exact("a Grafana token", "glsa_", `glsa_${ALNUM(32)}_${HEX(8)}`),
  exact("a Supabase token", "sbp_", `sbp_${HEX(40)}`),
  exact("an age key", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"),
  open("a Moltbook key", "moltbook_sk_", `moltbook_sk_${URL64(32)}`),
  open("a private key", "PRIVATE KEY-----", "-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----[\\s\\w+/=:,-]{60}"),
  open("a signed token (JWT)", "eyJ", "eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{40}"),
];

/**
 * A secret begins where no letter, digit, underscore or hyphen stands before it. So of all the places in one run of such
 * characters only the first can begin one, and each run is read a fixed number of times at most.
 */
const patterns = SECRET_SHAPES.map(({ kind, mark, shape }) => ({
  kind,
  mark,
  pattern: new RegExp(`(?<![\\w-])${shape}`),
}));

/** Every shape holds a run of so many letters of tokens; only a private key may have a space after each. */
const RUN = 20;
const OF_TOKENS = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w+/-]/.test(String.fromCharCode(code))));

/** Whether there is such a run: it covers one of the characters whose place is a multiple of its length. */
function hasRun(text: string): boolean {
  for (let at = RUN - 1; at < text.length; at += RUN) {
    if (OF_TOKENS[text.charCodeAt(at)] !== 1) continue;
    let from = at;
    while (OF_TOKENS[text.charCodeAt(from - 1)] === 1) from--;
    let to = at + 1;
    while (to - from < RUN && OF_TOKENS[text.charCodeAt(to)] === 1) to++;
    if (to - from >= RUN) return true;
  }
  return false;
}

/** Secrets of other services in a text, each kind once. Only their first four letters are told. */
export function providerSecrets(text: string): FoundSecret[] {
  if (!hasRun(text) && !text.includes("PRIVATE KEY-----")) return [];
  return patterns.flatMap(({ kind, mark, pattern }) => {
    if (!text.includes(mark)) return [];
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [{ kind, starts: found.slice(0, 4) }];
  });
}
