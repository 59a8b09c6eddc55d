import assert from "node:assert/strict";
import test from "node:test";
import { createAlive, GONE_AFTER } from "../../orr/form/js/alive.js";
import { NO_FILTER, nextOf, ownersOf, shownItems } from "../../orr/form/js/filters.js";
import { createStore } from "../../orr/form/js/store.js";
import { brightness } from "../../orr/form/js/theme.js";
import { wordsOf } from "../../orr/form/js/wording.js";

const ITEMS = {
  "a/one": { ask: "Rehearsed?", checklist: "a", state: "not-met", open: true, risk: "high", blocking: true, decides: true, owner: "wei", roles: ["operations", "security"] },
  "a/two": { ask: "Written?", core: true, checklist: "a", state: "met", open: false, risk: "low", draft: { note: "In the Wiki" } },
  "b/shape": { ask: "Shape", checklist: "b", state: "unanswered", open: true, risk: "medium", decides: true, choices: ["b/x", "b/y"] },
  "b/x": { ask: "Left", checklist: "b", state: "met", open: false, choiceOf: "b/shape" },
  "b/y": { ask: "Right", checklist: "b", state: "unanswered", open: true, choiceOf: "b/shape" },
};
const ORDER = Object.keys(ITEMS);
const shown = (filter) => [...shownItems({ ...NO_FILTER, ...filter }, ORDER, ITEMS, () => null)].sort();

for (const [name, filter, left] of [
  ["nothing set", {}, ORDER],
  ["text in a question, whatever the case", { text: "REHEARSED" }, ["a/one"]],
  ["text in a note", { text: "wiki" }, ["a/two"]],
  ["every word of a text", { text: "in rehearsed" }, []],
  ["any open state", { state: "open" }, ["a/one", "b/shape", "b/x", "b/y"]],
  ["one state", { state: "met" }, ["a/two"]],
  ["risk", { risk: "low" }, ["a/two"]],
  ["blocking", { blocking: true }, ["a/one"]],
  ["only what decides", { decides: true }, ["a/one", "b/shape", "b/x", "b/y"]],
  ["checklist", { checklist: "b" }, ["b/shape", "b/x", "b/y"]],
  ["owner", { owner: "wei" }, ["a/one"]],
  ["any of the roles", { role: "security" }, ["a/one"]],
  ["only the core", { core: true }, ["a/two"]],
  ["a choice brings its whole section", { text: "left" }, ["b/shape", "b/x", "b/y"]],
]) {
  test(`a filter by ${name}`, () => assert.deepEqual(shown(filter), [...left].sort()));
}

test("the next one is found from anywhere, and there is none after the last", () => {
  const open = (name) => ITEMS[name].open;
  assert.equal(nextOf(ORDER, null, open), "a/one");
  assert.equal(nextOf(ORDER, "a/one", open), "b/shape");
  assert.equal(nextOf(ORDER, "b/y", open), null);
  assert.equal(nextOf(ORDER, "b/y", open, -1), "b/shape");
  assert.equal(nextOf(ORDER, "a/one", open, -1), null);
  assert.equal(nextOf(ORDER, null, open, -1), "b/y");
  assert.equal(nextOf(ORDER, "a/one", () => false), null);
  assert.deepEqual(ownersOf(ITEMS), ["wei"]);
});

test("a patch replaces what moves and leaves what is fixed", () => {
  const store = createStore();
  store.takeAll({
    checklists: [{ name: "a", sections: [{ unit: null, items: ["a/one"] }] }, { name: "b", sections: [{ unit: "b/shape", items: ["b/x"] }] }],
    items: { "a/one": { ask: "Rehearsed?", state: "unknown", because: ["?"] } }, moving: ["state", "because"], top: { verdict: "no-go", digest: "d" },
  });
  assert.deepEqual(store.order, ["a/one", "b/shape", "b/x"]);
  assert.deepEqual(store.takePatch({ items: { "a/one": { state: "met" } }, top: { verdict: "go" } }), ["a/one"]);
  assert.deepEqual(store.items["a/one"], { ask: "Rehearsed?", state: "met" });
  assert.deepEqual(store.top, { verdict: "go", digest: "d" });
});

for (const [name, change, anew] of [
  ["the same again", {}, false],
  ["another state, verdict or person", { items: { "a/one": { ask: "Rehearsed?", state: "met" } }, top: { verdict: "go" }, by: "wei", to: "c2" }, false],
  ["another question", { items: { "a/one": { ask: "Tried?", state: "unknown" } } }, true],
  ["another item", { items: { "a/one": { ask: "Rehearsed?" }, "a/two": { ask: "Written?" } } }, true],
  ["another order", { checklists: [{ name: "a", sections: [{ unit: "a/one", items: [] }] }] }, true],
  ["another language", { language: "zh-CN" }, true],
  ["another launch", { launch: "2026-12-02" }, true],
]) {
  test(`all is drawn anew only where what is fixed changed: ${name}`, () => {
    const all = {
      kind: "all", language: "en", launch: null, top: { verdict: "no-go" }, by: null, to: "c1", moving: ["state", "because"],
      checklists: [{ name: "a", sections: [{ unit: null, items: ["a/one"] }] }], items: { "a/one": { ask: "Rehearsed?", state: "unknown" } },
    };
    const store = createStore();
    assert.equal(store.takeAll(all), true);
    assert.equal(store.takeAll({ ...all, ...change }), anew);
    assert.equal(store.takeAll({ ...all, ...change }), false);
  });
}

test("silence is noticed while somebody looks, and not while nobody does", () => {
  let clock = 0;
  let visible = true;
  const told = [];
  let said = 0;
  const alive = createAlive({ now: () => clock, visible: () => visible, say: () => (said += 1), changed: (is) => told.push(is) });
  alive.look();
  assert.equal(said, 1);
  clock = GONE_AFTER + 1;
  alive.look();
  assert.deepEqual(told, [false]);
  alive.receive();
  assert.deepEqual(told, [false, true]);
  visible = false;
  clock += 10 * GONE_AFTER;
  alive.look();
  visible = true;
  alive.look();
  assert.equal(alive.alive(), true);
});

test("words are filled in, singular and plural", () => {
  const say = wordsOf({ "a.b": "{n} of {of}", count: { one: "one change", other: "{n} changes" } });
  assert.deepEqual([say("a.b", { n: 1, of: 2 }), say("count", { n: 1 }), say("count", { n: 3 })], ["1 of 2", "one change", "3 changes"]);
});

test("dark is told from light by a colour in any of the usual forms", () => {
  assert.ok(brightness("#111") < 0.5);
  assert.ok(brightness("#ffffff") > 0.5);
  assert.ok(brightness("rgb(20, 20, 20)") < 0.5);
  assert.equal(brightness("rgba(0, 0, 0, 0)"), null);
  assert.equal(brightness(""), null);
});
