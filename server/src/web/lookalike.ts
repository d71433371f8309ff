/** Names that are made to be taken for another: letters of several alphabets in one word, or letters in costume. */

/** Alphabets with letters that look alike. */
const ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
];
/** Cyrillic and Greek letters that cannot be told from Latin ones. */
const TWINS = /^[асԁеһіјӏорԛѕԝхуАВЕЅІЈКМНОРСТУХαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+$/u;
/** Letters and digits drawn differently for mathematics or full width: normal ones after NFKC. */
const COSTUME = /[\u{1d400}-\u{1d7ff}\uff10-\uff5a\u24b6-\u24e9\u{1f130}-\u{1f189}]/u;

/** Whether a name shows letters that may be taken for others. */
export function looksLikeAnother(name: string): boolean {
  if (COSTUME.test(name)) return true;
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.some((word) => TWINS.test(word) || ALIKE.filter((alphabet) => alphabet.test(word)).length > 1);
}
