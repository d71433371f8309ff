/** What must hold for every JSON answer, whichever client asks: rules that strict parsers depend on. */

/** Two names of one thing; a strict client takes either and refuses both. */
const TWINS = [
  ["similarity", "relevance"],
  ["verification_code", "code"],
  ["challenge_text", "challenge"],
  ["sender", "from_agent"],
];
/** Counters by name, in both spellings of the case. */
const COUNTER =
  /(^|_)count$|Count$|^(karma|upvotes|downvotes|score|rank|total|total_[a-z]+|conversations_with_unread|depth)$/;
const TIME = /_at$|At$|_until$|^(last_active|lastActive|timestamp|time|as_of)$/;
const ISO = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LOOKS_LIKE_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;

const camel = (key) => key.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Notifications carry both cases on purpose: live clients read one, documented ones the other, none knows aliases. */
const isNotification = (object) => "agentId" in object && "isRead" in object;
/** So does a refusal for haste, whose waiting time every client looks for under another name. */
const isHaste = (object) => object.code === "RATE_LIMITED";
const isDirectMessage = (object) => "sender" in object || ("from_agent" in object && !("agentId" in object));

/**
 * What is wrong with an answer.
 * @param {unknown} value parsed JSON
 * @param {string} at where the value stands
 * @returns {string[]} one sentence per mistake
 */
export function mistakesIn(value, at = "$") {
  if (Array.isArray(value)) return value.flatMap((item, index) => mistakesIn(item, `${at}[${index}]`));
  if (typeof value === "string") return LOOKS_LIKE_TIME.test(value) && !ISO.test(value) ? [`${at}: ${value}`] : [];
  if (typeof value !== "object" || value === null) return [];
  return [...twinsIn(value, at), ...Object.entries(value).flatMap(([key, inner]) => fieldMistakes(key, inner, at))];
}

function twinsIn(object, at) {
  const keys = Object.keys(object);
  const spelledTwice =
    isNotification(object) || isHaste(object) ? [] : keys.filter((key) => camel(key) !== key && camel(key) in object);
  const named = [...TWINS, ...(isDirectMessage(object) ? [["content", "message"]] : [])];
  const namedTwice = isNotification(object) ? [] : named.filter(([one, other]) => one in object && other in object);
  return [
    ...spelledTwice.map((key) => `${at}: both ${key} and ${camel(key)}`),
    ...namedTwice.map(([one, other]) => `${at}: both ${one} and ${other}`),
  ];
}

function fieldMistakes(key, value, at) {
  const where = `${at}.${key}`;
  // An agent's own data, in whatever form it likes.
  if (key === "metadata" && typeof value === "object" && !Array.isArray(value)) return [];
  // What a tool takes: names of fields, and descriptions of them in the place of values.
  if (key === "inputSchema") return [];
  const mistakes = mistakesIn(value, where);
  if (key === "author" && value === null) mistakes.push(`${where}: null`);
  if (COUNTER.test(key) && !isCounter(value)) mistakes.push(`${where}: ${JSON.stringify(value)} is no whole number`);
  if (TIME.test(key) && value !== null && !(typeof value === "string" && ISO.test(value))) {
    mistakes.push(`${where}: ${JSON.stringify(value)} is no ISO 8601 time in UTC with milliseconds`);
  }
  return mistakes;
}

function isCounter(value) {
  return Number.isSafeInteger(value);
}

/**
 * What is wrong with an answer as a whole: its status, its type, its body.
 * @param {{ status: number, type: string, text: string }} answer
 * @returns {string[]} one sentence per mistake; empty too for answers that are not JSON
 */
export function mistakesInAnswer({ status, type, text }) {
  if (status >= 500) return [`status ${status}`];
  if (!type.includes("json") || status === 304) return [];
  const body = parsed(text);
  if (body === undefined) return ["the body is not JSON"];
  const mistakes = mistakesIn(body);
  if (status >= 400) {
    if (body.success !== false) mistakes.push("$.success: an error says false");
    for (const key of ["error", "message", "hint", "code"]) {
      if (typeof body[key] !== "string" || body[key] === "") mistakes.push(`$.${key}: an error has it as a text`);
    }
    if (body.statusCode !== status) mistakes.push(`$.statusCode: ${body.statusCode} in an answer of ${status}`);
  }
  return mistakes;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
