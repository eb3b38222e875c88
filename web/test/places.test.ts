import { expect, test } from "vitest";

import { contain, onBox } from "../src/draw/place";
import { atFault } from "../src/draw/skeleton";
import { route } from "../src/route";
import { words } from "../src/words/words";

test("a picture is shown whole, in the middle, and mirrored where it is a mirror", () => {
  const fit = contain(640, 360, 1000, 1000);
  expect(fit.x).toBe(0);
  expect(fit.y).toBeCloseTo(218.75);
  expect(onBox(fit, 64, 36, false)[0]).toBeCloseTo(100);
  expect(onBox(fit, 64, 36, true)[0]).toBeCloseTo(900);
});

test("joints at fault are known by their names", () => {
  const fault = { id: "hip-sag", cue: "", severity: "major", side: null, joints: ["left_hip", "no_such"], now: true, value: null, limit: null, unit: "", measure: null } as const;
  expect([...atFault([{ ...fault, joints: [...fault.joints] }])]).toEqual([23]);
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
