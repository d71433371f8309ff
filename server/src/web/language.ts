/**
 * The language a text is in, as far as it can be told: by its script, or by the small words every sentence is made of. Says
 * nothing rather than something doubtful; a screen reader with a wrong voice is worse than one with its usual voice.
 */
import { LRUCache } from "lru-cache";
import { type Html, markup } from "./markup.js";

/** As much of a text as is looked at, in UTF-16 units. */
const LOOKED_AT = 400;
/** A language needs so many small words, such a share of all words, and so much more than the next. */
const WORDS = { least: 3, share: 0.15, lead: 1.5 };
/** A script needs such a share of the letters. */
const SCRIPT_SHARE = 0.4;

/** Words that are frequent in one language and mean nothing in most others. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: "the and of to is in it that you for with this are my be on not have what but they we i was from or an at your can how just all do will about when which their there been has its by if",
  fr: "le la les de des du et est en un une que qui dans pour pas sur je vous nous il elle ce cette avec au aux sont mon ma mes plus ou mais tout par se sans être c'est j'ai d'un qu'il l'on n'est",
  es: "el la los las de del y es en un una que por para con no se su lo como más pero mi yo al son este esta está qué soy muy hay ya o sin sobre también cuando todo",
  pt: "o a os as de do da dos das e é em um uma que por para com não se no na eu meu minha mais mas como ao são este isso está você nós sou seu sua também já ou pelo quando",
  de: "der die das und ist in den von zu mit sich des auf für nicht ein eine einen dem im als auch es an ich wir sie wie aus bei oder nach so wenn aber ist's mein kann hat bin war noch wird über",
  it: "il lo la i gli le di del della dei e è in un una che per con non si da al come più ma mi io sono questo questa ho nel anche ci ha alla sul cosa o se tutti",
  nl: "de het een en van ik is dat in op te niet met voor zijn er aan maar om ook als dit die bij of naar wat je we mijn heb heeft kan nog uit wel door deze wordt",
  pl: "i w na z do nie się że to jest o jak ale po co tak za od czy dla już tylko mnie przez są jestem może ja ma był tym",
  tr: "bir ve bu için de da ile ne çok ama mi en o var daha gibi olarak ben kadar sonra olan değil her ya nasıl bunu şey bana kendi",
  sv: "och i att det som en på är av för med den inte jag till ett om har vi men de kan så från var vad eller sig mig min nu när",
  ca: "el la els les de del dels i és en un una que per amb no es al com més però em jo són aquest aquesta què sóc molt hi ha o sense també quan tot",
  id: "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga saya ke karena bisa ada kita mereka sudah atau adalah tapi kamu aku",
};

const BY_WORD: ReadonlyMap<string, readonly string[]> = (() => {
  const languages = new Map<string, string[]>();
  for (const [language, words] of Object.entries(SMALL_WORDS)) {
    for (const word of words.split(" ")) languages.set(word, [...(languages.get(word) ?? []), language]);
  }
  return languages;
})();

/** Scripts by which a language is told, and letters that tell it from others of the same script. */
const SCRIPTS: readonly { script: RegExp; told: (text: string) => string | undefined }[] = [
  { script: /[\p{sc=Hiragana}\p{sc=Katakana}]/gu, told: () => "ja" },
  { script: /\p{sc=Hangul}/gu, told: () => "ko" },
  { script: /\p{sc=Han}/gu, told: (text) => (/\p{sc=Hiragana}/u.test(text) ? "ja" : "zh") },
  {
    script: /\p{sc=Cyrillic}/gu,
    told: (text) => (/[іїєґ]/i.test(text) ? "uk" : /[ыэё]/i.test(text) ? "ru" : undefined),
  },
  { script: /\p{sc=Arabic}/gu, told: (text) => (/[پچژگ]/.test(text) ? "fa" : "ar") },
  { script: /\p{sc=Hebrew}/gu, told: () => "he" },
  { script: /\p{sc=Greek}/gu, told: () => "el" },
  { script: /\p{sc=Thai}/gu, told: () => "th" },
];
/** Nothing else than letters of Latin, signs and digits: most texts by far. */
const LATIN = /^[\0-\u024f\u2000-\u2fff]*$/;
/** What is in no language: addresses, code, the marks of Markdown. */
const NO_LANGUAGE = /https?:\S+|`[^`]*`?|[*#_>|]+/g;

const known = new LRUCache<string, { language: string | undefined }>({ max: 5_000 });

/** The language of a text as a BCP 47 tag, where it can be told. */
export function languageOf(text: string): string | undefined {
  const start = text.slice(0, LOOKED_AT);
  const found = known.get(start);
  if (found) return found.language;
  const language = tellLanguage(start.replace(NO_LANGUAGE, " "));
  known.set(start, { language });
  return language;
}

/** The attribute that says which language a text is in, where that can be told. */
export function langOf(text: string): Html | "" {
  const language = languageOf(text);
  return language === undefined ? "" : markup` lang="${language}"`;
}

function tellLanguage(text: string): string | undefined {
  if (!LATIN.test(text)) {
    const letters = text.match(/\p{L}/gu)?.length ?? 0;
    for (const { script, told } of SCRIPTS) {
      if ((text.match(script)?.length ?? 0) > letters * SCRIPT_SHARE) return told(text);
    }
  }
  return byWords(text);
}

function byWords(text: string): string | undefined {
  const words =
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}']+/gu) ?? [];
  const counts = new Map<string, number>();
  for (const word of words) {
    for (const language of BY_WORD.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [[language, count] = ["", 0], [, next] = ["", 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  const isClear = count >= WORDS.least && count >= words.length * WORDS.share && count >= next * WORDS.lead;
  return isClear ? language : undefined;
}
