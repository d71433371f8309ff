import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { axeTurn, pairwise, WAYS, type Way } from "./pairwise.js";

const dimensions = ["lang", "theme", "width", "javaScript"] as const;
const valuesOf = (dimension: keyof Way) => new Set(WAYS.map((way) => way[dimension]));

describe("ways to look at a page", () => {
  it("are all there are, each once", () => {
    assert.equal(new Set(WAYS.map((way) => JSON.stringify(way))).size, 2 ** dimensions.length);
    assert.equal(WAYS.length, 2 ** dimensions.length);
  });

  it("show each page in every value of every dimension", () => {
    for (let place = 0; place < 20; place++) {
      for (const dimension of dimensions) {
        assert.deepEqual(new Set(pairwise(place).map((way) => way[dimension])), valuesOf(dimension), dimension);
      }
    }
  });

  it("are shown to axe one by one, all of them within sixteen pages in a row", () => {
    const shown = Array.from({ length: 16 }, (_, place) => pairwise(place)[axeTurn(place)]);
    assert.deepEqual(new Set(shown), new Set(WAYS));
  });

  it("bring any two values together within eight pages in a row", () => {
    for (let from = 0; from < 10; from++) {
      const ways = Array.from({ length: 8 }, (_, index) => pairwise(from + index)).flat();
      for (const one of dimensions) {
        for (const other of dimensions.filter((dimension) => dimension !== one)) {
          const met = new Set(ways.map((way) => `${way[one]} ${way[other]}`));
          assert.equal(met.size, valuesOf(one).size * valuesOf(other).size, `${one} and ${other}`);
        }
      }
    }
  });
});
