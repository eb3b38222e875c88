import { expect, test } from "vitest";

import { contain, onBox } from "../src/draw/place";
import { lines } from "../src/draw/skeleton";
import { route } from "../src/route";
import { words } from "../src/words/words";

test("a picture is shown whole, in the middle, and mirrored where it is a mirror", () => {
  const fit = contain(640, 360, 1000, 1000);
  expect(fit.x).toBe(0);
  expect(fit.y).toBeCloseTo(218.75);
  expect(onBox(fit, 64, 36, false)[0]).toBeCloseTo(100);
  expect(onBox(fit, 64, 36, true)[0]).toBeCloseTo(900);
});

test("what was judged is drawn over what was not, the worst last, each bone once", () => {
  const drawn = lines([[23, 11, "bad"], [23, 25, "good"]]);
  expect(drawn.at(-1)).toEqual([23, 11, "bad"]);
  expect(drawn.at(-2)).toEqual([23, 25, "good"]);
  expect(drawn.filter(([a, b]) => a + b === 34 && Math.min(a, b) === 11)).toHaveLength(1);
  expect(drawn).toHaveLength(20);
});

test("an address names a page; what is not known is the coach", () => {
  expect(route("#history")).toEqual({ page: "history", rest: "" });
  expect(route("#watch/kq3v")).toEqual({ page: "watch", rest: "kq3v" });
  expect(route("#constructor")).toEqual({ page: "coach", rest: "" });
});

test("values are filled in, in both languages", () => {
  expect(words("en")("wrong-code", { n: 4 })).toBe("That is not the code. Tries left: 4.");
  expect(words("pl")("of", { n: 4 })).toBe("z 4");
});
