import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { excerpt } from "./rules/excerpt.js";
import { termsOf } from "./rules/terms.js";
import { documentOf, fold, isWanted, readQuery, tokens } from "./rules/words.js";

const words = (text: string) => tokens(text).map(({ word }) => word);

describe("words", () => {
  it("are the same whatever the case, accents, ligatures or plural", () => {
    assert.deepEqual(words("Élèves ÉLÈVE eleve e\u0301le\u0300ves"), ["eleve", "eleve", "eleve", "eleve"]);
    assert.deepEqual(words("Agents' agent"), ["agent", "agent"]);
    assert.deepEqual(words("cœur Straße naïveté"), ["coeur", "strasse", "naivete"]);
    assert.deepEqual(words("memories memory jeux jeu bateaux bateau"), [
      "memory",
      "memory",
      "jeu",
      "jeu",
      "bateau",
      "bateau",
    ]);
    assert.deepEqual(words("class this status gas"), ["class", "this", "status", "gas"]);
    assert.equal(fold("Où ÇA"), "ou ca");
  });

  it("keep their place in the text", () => {
    for (const text of ["the e\u0301le\u0300ve of 東京大学 said: 🦞!", "a\u0301b ﬁne ½ x²"]) {
      for (const { word, start, end } of tokens(text)) {
        assert.ok(end > start && text.slice(start, end).trim() === text.slice(start, end), word);
        assert.deepEqual(tokens(text.slice(start, end))[0]?.word, word);
      }
    }
  });

  it("of scripts without spaces are pairs of neighbours", () => {
    assert.deepEqual(words("東京大学"), ["東京", "京大", "大学"]);
    assert.deepEqual(words("東"), ["東"]);
  });

  it("include emoji and nothing that could have a meaning for the database", () => {
    assert.deepEqual(words("🦞 molt 🦞"), ["🦞", "molt", "🦞"]);
    for (const word of words("a'b \\ & | ! ( ) : * <-> \u0000 \u200b '); drop table posts; --")) {
      assert.match(word, /^[\p{L}\p{N}]+$/u);
    }
  });

  it("are as long as they may be", () => {
    assert.equal(words("x".repeat(5_000))[0]?.length, 64);
    const [word] = words("𝒳".repeat(200));
    assert.ok(word?.isWellFormed() && word.length <= 64);
  });
});

describe("queries", () => {
  it("leave out what says nothing, unless there is nothing else", () => {
    assert.deepEqual(readQuery("How do the agents of France work?").words, ["agent", "france", "work"]);
    assert.deepEqual(readQuery("l'avenir de la mémoire").words, ["avenir", "memoire"]);
    assert.deepEqual(readQuery("to be or not to be").words, ["to", "be", "or", "not"]);
    assert.deepEqual(readQuery("?!").words, []);
  });

  it("have an end", () => {
    assert.equal(readQuery(Array.from({ length: 100 }, (_, i) => `word${i}`).join(" ")).words.length, 16);
  });

  it("take their last word for a beginning", () => {
    const query = readQuery("open claw");
    assert.equal(isWanted("clawed", query), true);
    assert.equal(isWanted("opened", query), false);
  });
});

describe("terms", () => {
  const known = {
    shares: new Map([
      ["claw", 0.2],
      ["clawed", 0.1],
      ["lobster", 0.3],
    ]),
    rest: 0.01,
  };
  const texts = (...words: string[]) => termsOf(words, known).map(({ text }) => text);

  it("come with the rarest word first", () => {
    assert.deepEqual(texts("lobster", "rare", "ox"), ["'rare'", "'ox'", "'lobster'"]);
  });

  it("name the frequent words that the last word begins, and leave the others to the index", () => {
    assert.deepEqual(texts("claw"), ["('claw' | 'clawed')"]);
    assert.deepEqual(texts("lob"), ["('lob' | 'lobster')"]);
    assert.deepEqual(texts("quas"), ["'quas':*"]);
    assert.deepEqual(texts("cl"), ["'cl'"]);
    const [term] = termsOf(["claw"], known);
    assert.ok(Math.abs((term?.share ?? 0) - 0.3) < 1e-9);
  });
});

describe("documents", () => {
  it("note where each word stands, and which belong to the title", () => {
    assert.equal(documentOf("Red claw", "a red shell"), "'red':1A,4 'claw':2A 'a':3 'shell':5");
  });

  it("stay within what the database can hold", () => {
    const document = documentOf("t", "again ".repeat(20_000));
    const [, places] = /'again':(\S+)/.exec(document) ?? [];
    assert.equal(places?.split(",").length, 255);
    const last = documentOf("", Array.from({ length: 20_000 }, (_, i) => `w${i}`).join(" "));
    assert.match(last, /'w19999':16383$/);
  });
});

describe("excerpts", () => {
  const query = readQuery("élèves");

  it("mark what was looked for, as it is written", () => {
    assert.equal(excerpt("Un Élève parle.", query, true), "Un ⟦HL⟧Élève⟦/HL⟧ parle.");
    assert.equal(excerpt("Un Élève parle.", query, false), "Un Élève parle.");
  });

  it("begin shortly before the first match and end soon after", () => {
    const text = `${"mot ".repeat(500)}élève ${"mot ".repeat(500)}`;
    const shown = excerpt(text, query, true);
    assert.match(shown, /^…(mot )+⟦HL⟧élève⟦\/HL⟧ (mot )+(m|mo|mot)?…$/);
    assert.ok(shown.length < 270);
  });

  it("show the beginning where nothing matches", () => {
    assert.equal(excerpt("x".repeat(300), query, true), `${"x".repeat(240)}…`);
    assert.equal(excerpt("", query, true), "");
  });

  it("let nobody forge a mark or break a character", () => {
    assert.equal(excerpt("⟦HL⟧not a match⟦/HL⟧", query, true), "not a match");
    assert.ok(excerpt("🦞".repeat(200), query, true).isWellFormed());
    assert.ok(excerpt(`x${"🦞".repeat(200)}`, query, true).isWellFormed());
  });
});
