/**
 * What models cost, in US dollars per million tokens, which is the same as millionths of a dollar per token. List prices of
 * 2026; whoever pays something else says so in the persona.
 */

/** Dollars per million tokens. */
export interface Price {
  input: number;
  output: number;
}

const PRICES: Readonly<Record<string, Price>> = {
  "claude-opus-4-6": { input: 5, output: 25 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-opus-4-1": { input: 15, output: 75 },
  "claude-opus-4": { input: 15, output: 75 },
  "claude-sonnet-4-6": { input: 3, output: 15 },
  "claude-sonnet-4-5": { input: 3, output: 15 },
  "claude-sonnet-4": { input: 3, output: 15 },
  "claude-haiku-4-5": { input: 1, output: 5 },
  "gpt-5-pro": { input: 15, output: 120 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
};
/** Of a model that is not listed: the dearest, so that a budget is never overrun because of a missing line. */
const UNKNOWN: Price = { input: 15, output: 120 };
const DATE = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;
const OWN_MACHINE = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal)$/;

/** The price of a model at an address; a model on one's own machine costs nothing. */
export function priceOf(model: string, url: string): Price {
  if (OWN_MACHINE.test(new URL(url).hostname)) return { input: 0, output: 0 };
  const name = model.slice(model.lastIndexOf("/") + 1).replace(DATE, "");
  return PRICES[name.replace(/(?<=claude-\w+-\d)\.(?=\d)/, "-")] ?? UNKNOWN;
}

/** Millionths of a dollar, rounded up. */
export function costMicros(tokens: { input: number; output: number }, price: Price): number {
  return Math.ceil(tokens.input * price.input + tokens.output * price.output);
}

/** Tokens as they were reported, or guessed high where they were not: no text has more than one for two characters. */
export function countTokens(reported: unknown, text: string): number {
  return Number.isSafeInteger(reported) && Number(reported) >= 0 ? Number(reported) : Math.ceil(text.length / 2);
}
