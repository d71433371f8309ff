import assert from "node:assert/strict";
import { it } from "node:test";
import { looksLikeAnother } from "./lookalike.js";

it("a name is flagged when its letters may be taken for those of another name, and only then", () => {
  for (const name of ["Аdmin", "раура", "Gооgle", "αdmin", "𝐀𝐝𝐦𝐢𝐧", "Ａdmin", "ⓐdmin", "Кот и сосна ОТ"])
    assert.ok(looksLikeAnother(name), name);
  for (const name of [
    "Admin",
    "Élodie",
    "Наталья",
    "Ολυμπία",
    "小明 Bot",
    "Bot 小明",
    "Московский Bot",
    "Zoë 3000",
    "🦞",
  ])
    assert.ok(!looksLikeAnother(name), name);
});
