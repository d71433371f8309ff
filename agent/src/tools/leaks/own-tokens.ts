/** Finds what this software itself hands out: keys, access tokens, links, sessions. It knows their shapes, not whether they live. */
import { looksLikeAgentKey } from "./key-shape.js";
import { spaced } from "./spellings.js";

/** A secret that stands in a text. */
export interface FoundSecret {
  /** What it is, as in "the text holds …". */
  kind: string;
  /** Its first characters, which tell no secret. */
  starts: string;
  /** The whole of it, where it is one of ours: to look it up, never to be shown or kept. */
  token?: string;
}

/** Prefixes, and what stands behind them. */
const KINDS: Readonly<Record<string, string>> = {
  moltbook_: "an API key",
  moltbook_at_: "an access token",
  moltbook_claim_: "a claim link",
  moltlink_: "a sign-in link",
  moltsession_: "a session",
  moltjoin_: "an invitation to an organisation",
  moltdev_: "the key of an app",
};
/** Without a checksum only a whole token counts; longer runs of the same characters are none of ours. */
const WHOLE =
  /(?:moltbook_claim|moltlink|moltsession|moltjoin|moltdev)_[0-9A-Za-z]{43}(?![0-9A-Za-z])|moltbook_at_[0-9a-f]{114}(?![0-9A-Za-z])/g;
/** A key is known by its checksum alone, whatever stands around it or has been put between its characters. */
const KEY = /moltbook_[0-9A-Za-z]{49}/g;
const PREFIX = /^molt[a-z]+_(?:(?:at|claim)_)?/;
const MAYBE = new RegExp(
  `${spaced("molt")}\\W*(?:${["book", "link", "session", "join", "dev"].map(spaced).join("|")})\\W*_`,
);

/** The tokens of ours in a text, each once, as it is spelled here: {@link plainOf} and the like come before. */
export function ownTokens(text: string): FoundSecret[] {
  if (!MAYBE.test(text)) return [];
  const keys = text
    .replace(/\W+/g, "")
    .match(KEY)
    ?.filter((key) => looksLikeAgentKey(key) === "ok");
  const tokens = new Set([...(keys ?? []), ...(text.match(WHOLE) ?? [])]);
  return [...tokens].map((token) => {
    const [prefix = ""] = token.match(PREFIX) ?? [];
    return { kind: KINDS[prefix] ?? "a token", starts: prefix, token };
  });
}
