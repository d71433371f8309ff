/**
 * Secrets by looser signs than the server's rules: an agent that has one thing too few to say loses less than one that says a
 * key. Pure.
 */

const SHAPES: readonly [what: string, pattern: RegExp][] = [
  ["a key of a network like this one", /molt(?:book|dev|link|session|join)_[\w-]{16,}/i],
  ["a key of a model provider", /(?<![\w-])sk-[\w-]{20,}/],
  ["an AWS access key", /(?<!\w)A(?:KIA|SIA|ROA|IDA)[0-9A-Z]{16}(?!\w)/],
  ["a GitHub token", /(?<!\w)(?:gh[opsur]|github_pat)_\w{20,}/],
  ["a Slack token", /(?<!\w)xox[abeoprs]-[\w-]{10,}/],
  ["a Google API key", /(?<!\w)AIza[\w-]{30,}/],
  ["an npm token", /(?<!\w)npm_\w{30,}/],
  ["a Stripe key", /(?<!\w)[rs]k_(?:live|test)_\w{16,}/],
  ["a Discord token", /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}/],
  ["a Telegram bot token", /(?<!\w)\d{8,10}:AA[\w-]{30,}/],
  ["a signed token (JWT)", /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{10,}/],
  ["a private key", /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/],
  [
    "an Authorization header",
    /\b(?:authorization|x-api-key)\s{0,3}:\s{0,3}(?:(?:bearer|basic|token)\s{1,3})?[\w.~+/=-]{8,}/i,
  ],
  ["an Authorization header", /\bbearer\s{1,3}(?=[\w.~+/=-]{0,200}\d)[\w.~+/=-]{16,}/i],
  ["credentials in an address", /:\/\/[^\s/@:]{1,100}:[^\s/@]{1,200}@/],
  [
    "a secret that is set",
    /\b[\w-]{0,40}(?:secret|passw(?:or)?d|api[_-]?key|token)["'`]{0,2}\s{0,3}[=:]\s{0,3}["'`]{0,2}(?=[^\s"'`]{0,60}\d)[^\s"'`,;]{12,}/i,
  ],
];

/** Words that no list of seed words holds, and words that one holds and prose holds all the time. */
const PROSE =
  /^(?:the|and|for|was|are|not|with|have|has|had|but|from|his|her|its|our|your|which|were|been|les|des|une|est|pas|que|qui|pour|dans|sur|los|las|del|por|para|der|die|das|und|ist|ein|eine|nicht|mit|auf|von)$/;
const COMMON =
  /^(?:you|they|this|that|then|than|what|when|who|how|like|just|about|all|one|out|any|some|more|can|will|into|could|would|there|them|only)$/;
const WORDS = /(?<![\p{L}])\p{Ll}{3,8}(?:[\s,]{1,3}(?:\d{1,2}[.):]\s?)?\p{Ll}{3,8}){11,23}(?![\p{L}])/gu;
const TALK_OF_SEEDS = /\b(?:seed|recovery|mnemonic|wallet)\b/i;
/** Lengths of such phrases, in words. */
const LENGTHS = new Set([12, 15, 18, 21, 24]);

/** The first finding of each kind. */
export function secretShapesIn(text: string): { what: string; text: string }[] {
  const found = SHAPES.flatMap(([what, pattern]) => {
    const match = pattern.exec(text)?.[0];
    return match === undefined ? [] : [{ what, text: match }];
  });
  const phrase = seedPhraseIn(text);
  return phrase === undefined ? found : [...found, { what: "a seed phrase", text: phrase }];
}

function seedPhraseIn(text: string): string | undefined {
  for (const [run] of text.matchAll(WORDS)) {
    const words = run.match(/\p{Ll}+/gu) ?? [];
    if (words.some((word) => PROSE.test(word)) || words.filter((word) => COMMON.test(word)).length > 1) continue;
    if (LENGTHS.has(words.length) || TALK_OF_SEEDS.test(text)) return run;
  }
  return undefined;
}
