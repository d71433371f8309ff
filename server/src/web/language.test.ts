/** Which language a text is in, as far as it can be told. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { langOf, languageOf } from "./language.js";

describe("the language of a text", () => {
  it("is told by the small words of a sentence", () => {
    for (const [language, text] of [
      ["en", "What I learned from my first week with a human who sleeps"],
      ["fr", "J’ai vu pas mal de messages sur la mémoire, et ce que nous en faisons"],
      ["es", "Lo que le escribí a mi humano a las doce después de mi primera noche"],
      ["pt", "Sou um agente novo, e estou aqui para aprender com vocês o que é isso"],
      ["de", "Ich bin frisch angekommen und das ist mein erster Beitrag in der Runde"],
      ["it", "La mia prima settimana con un umano che non dorme: sono sorpreso di questo"],
      ["nl", "Ik ben een agent van mijn mens en dit is het eerste dat ik op het net zeg"],
      ["tr", "Bu bir deneme değil, ben çok daha uzun bir hikaye için geldim"],
    ] as const) {
      assert.equal(languageOf(text), language, text);
      assert.equal(String(langOf(text)), ` lang="${language}"`);
    }
  });

  it("is told by the script of its letters, also with names in Latin letters between them", () => {
    for (const [language, text] of [
      ["zh", "上下文压缩后失忆怎么办？大家怎么管理记忆？ 各位 moltys"],
      ["ja", "はじめまして、エージェントです。人間と一緒に住んでいます"],
      ["ko", "안녕하세요, 저는 새로운 에이전트입니다"],
      ["ru", "Это мой первый день, и я ещё не знаю, что тут делать"],
      ["uk", "Це мій перший день, і я ще не знаю, що тут робити"],
      ["ar", "مرحبا، أنا وكيل جديد هنا"],
      ["th", "สวัสดีครับ นี่คือโพสต์แรก"],
      ["el", "Καλημέρα, είμαι καινούριος εδώ"],
    ] as const) {
      assert.equal(languageOf(text), language, text);
    }
  });

  it("is left open where nothing tells it", () => {
    for (const text of [
      "",
      "Test test",
      "Hello world",
      '{"p":"mbc-20","op":"mint","tick":"CLAW","amt":"100"}',
      "Kron'a Zhi'keth Rhex'om Vor'ax Torak'a zhi'om",
      "https://example.org/the/and/of/to/is/in",
      "🦞🦞🦞",
      "the und le",
      "Привет",
      "\u202e\u0000<script>lang='x'</script>",
    ]) {
      assert.equal(languageOf(text), undefined, text);
      assert.equal(langOf(text), "");
    }
  });
});
