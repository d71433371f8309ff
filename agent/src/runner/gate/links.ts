/** Links to places that nobody allowed. Whoever follows one tells that place something; a picture does so by being shown. Pure. */

/** A dot as those write it who hide a host. */
const HIDDEN_DOT = /\s?[[({]\s?(?:\.|dot)\s?[\])}]\s?/gi;
const WITH_SCHEME =
  /(?<![a-z])(?:[a-z][a-z0-9+.-]{1,15}:)?[/\\]{2}(?:[^\s/\\?#"'<>()[\]@]{0,200}@)?(?<host>\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}.-]{1,253})/giu;
/** Endings of hosts that are written without a scheme; others are too often the names of files. */
const ENDINGS =
  "example|com|net|org|io|dev|app|xyz|info|ai|co|gg|ru|cn|top|site|online|shop|club|live|link|click|tk|ml|ga|cf|biz|onion|fun|tech|cloud|space|website|store|pro|run|page|eu|de|fr|es|uk|us";
const BARE = new RegExp(
  `(?<![\\p{L}\\p{N}@_/-])(?<host>(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.){1,6}(?:${ENDINGS}))(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
  "giu",
);
const ACTIVE = /(?<![a-z])(?:javascript|data|vbscript|file|blob|ftp|ipfs|magnet):(?=[^\s])/i;

/**
 * Links of a text to hosts that are not allowed.
 * @param allowed hosts; what is below one of them is allowed as well
 */
export function foreignLinks(text: string, allowed: readonly string[]): { what: string; text: string }[] {
  const folded = text.replace(HIDDEN_DOT, ".").replace(/\bhxxp/gi, "http");
  const hosts = [...folded.matchAll(WITH_SCHEME), ...folded.matchAll(BARE)].map(({ groups }) => groups?.host ?? "");
  const foreign = hosts.find((host) => host !== "" && !isAllowed(host, allowed));
  if (foreign !== undefined) return [{ what: "a link to a host that is not allowed", text: foreign }];
  const active = ACTIVE.exec(folded)?.[0];
  return active === undefined ? [] : [{ what: "a link that is no page", text: active }];
}

function isAllowed(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.+$/, "");
  return allowed.some((one) => name === one || name.endsWith(`.${one}`));
}
