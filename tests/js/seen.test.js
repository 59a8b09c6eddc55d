import assert from "node:assert/strict";
import test from "node:test";
import { createSeen } from "../../orr/form/js/seen.js";

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

// Each look is an hour after the one before, unless a moment is named.
let hour = 0;
function look(storage, items, comments = {}, who = "ana", at = (hour += 1)) {
  const seen = createSeen(storage, "orr-seen|shop", { known: true, items, comments }, () => who, () => at * 3_600_000);
  seen.begin();
  return seen;
}

test("what changed is what is not as it was when the same person looked last", () => {
  const storage = memory();
  const first = look(storage, { a: { state: "met", v: "1" }, b: { state: "met", v: "1" }, c: { state: "met" } });
  assert.deepEqual(first.changed(), []); // nobody looked before
  first.keep();
  const items = { a: { state: "met", v: "2" }, b: { state: "met", v: "1" }, c: { state: "met" } };
  const again = look(storage, items, { c: [{}] });
  assert.deepEqual(again.changed(), ["a", "c"]);
  assert.deepEqual(look(storage, items, {}, "bo").changed(), []);
});

test("what somebody else changes meanwhile is news, what one does oneself is none", () => {
  const storage = memory();
  look(storage, { a: { state: "met" }, b: { state: "met" } }).keep();
  const items = { a: { state: "met" }, b: { state: "met" } };
  const seen = look(storage, items);
  items.a = { state: "not-met", v: "1" };
  seen.others(["b"]);
  assert.deepEqual(seen.changed(), ["b"]);
});

test("a page that is loaded again shows the same news, and nothing of what one did before", () => {
  const storage = memory();
  look(storage, { a: { v: "1" }, b: { v: "1" }, c: { v: "1" }, own: { v: "1" } }, {}, "ana", 100).keep();
  const items = { a: { v: "2" }, b: { v: "1" }, c: { v: "1" }, own: { v: "1" } };
  const seen = look(storage, items, {}, "ana", 101);
  items.own = { v: "2" };
  items.b = { v: "2" };
  seen.others(["b"]);
  seen.keep();
  items.c = { v: "2" };
  const again = look(storage, items, {}, "ana", 101.1);
  assert.deepEqual(again.changed(), ["a", "b", "c"]);
  again.keep();
  assert.deepEqual(look(storage, items, {}, "ana", 101.2).changed(), ["a", "b", "c"]);
  assert.deepEqual(look(storage, items, {}, "ana", 102).changed(), []);
});

test("a storage that is full, forbidden or spoilt means that nothing is known to have changed", () => {
  const broken = { getItem: () => "{", setItem: () => { throw new Error("full"); } };
  const seen = look(broken, { a: { state: "met" } });
  assert.deepEqual(seen.changed(), []);
  seen.keep();
  assert.deepEqual(look(null, { a: {} }).changed(), []);
});
