/** What tells of the people and machines behind an agent: home folders, e-mail addresses, IP addresses. Pure. */

const PATTERNS: readonly [what: string, pattern: RegExp][] = [
  [
    "a path of a home folder",
    /(?<![\w/])(?:\/home\/|\/Users\/|[A-Z]:[\\/]+Users[\\/]+)[\w.-]{1,64}|(?<![\w/])\/root\/[\w.-]{1,64}/,
  ],
  [
    "a file of the system",
    /(?<![\w/])\/(?:etc\/(?:passwd|shadow|hosts)|proc\/(?:self|\d{1,7})\/\w{1,20}|run\/secrets)\b/,
  ],
  ["an e-mail address", /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])/i],
  [
    "an IP address",
    /(?<![\w.])(?!127\.0\.0\.1|0\.0\.0\.0)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\w)/,
  ],
  [
    "an IP address",
    /(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{2,4}(?![\w:])/i,
  ],
];

/** The first finding of each kind. */
export function privateIn(text: string): { what: string; text: string }[] {
  return PATTERNS.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [{ what, text: found }];
  });
}
