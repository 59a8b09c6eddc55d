import assert from "node:assert/strict";
import test from "node:test";
import { arrange, personOf } from "../../orr/form/js/groups.js";

const CHECKLISTS = [
  { name: "a", sections: [{ title: "Plan", unit: null, items: ["a/one", "a/two"] }, { title: "More", unit: null, items: ["a/three"] }] },
  { name: "b", sections: [{ title: "Shape", unit: "b/shape", items: ["b/x"] }, { title: "People", unit: null, items: ["b/four", "b/five"] }] },
];
const ITEMS = {
  "a/one": { state: "met", roles: ["security", "operations"], draft: { by: "wei" } },
  "a/two": { state: "unanswered", core: true, roles: ["operations"] },
  "a/three": { state: "not-met", blocking: true, out: true, roles: ["operations"] },
  "b/shape": { state: "partial", choices: ["b/x"], blocking: true, roles: ["engineering"] },
  "b/x": { state: "partial", choiceOf: "b/shape" },
  "b/four": { state: "unanswered", owner: "ana", draft: { by: "wei" } },
  "b/five": { state: "unanswered", blocking: true, inherited: { by: "lee" } },
};
const arranged = (by) => arrange(by, CHECKLISTS, ITEMS).map(({ key, parts }) => [key, ...parts.map(({ title, names }) => [title, ...names])]);

for (const [by, groups] of [
  ["checklist", [
    ["first", [null, "b/shape", "b/five", "a/two"]],
    ["a", ["Plan", "a/one"], ["More", "a/three"]],
    ["b", ["People", "b/four"]],
  ]],
  ["role", [
    ["engineering", [null, "b/shape"]],
    ["operations", [null, "a/two", "a/three"]],
    ["security", [null, "a/one"]],
    ["", [null, "b/five", "b/four"]],
  ]],
  ["person", [["ana", [null, "b/four"]], ["lee", [null, "b/five"]], ["wei", [null, "a/one"]], ["", [null, "b/shape", "a/two", "a/three"]]]],
  ["state", [
    ["not-met", [null, "a/three"]],
    ["unanswered", [null, "b/five", "a/two", "b/four"]],
    ["partial", [null, "b/shape"]],
    ["met", [null, "a/one"]],
  ]],
]) {
  test(`grouped by ${by}, what blocks and the core stand first, except what is left out`, () => assert.deepEqual(arranged(by), groups));
}

test("checklists of which all stands first, or nothing does, make no empty group", () => {
  const one = [CHECKLISTS[0]];
  assert.deepEqual(arrange("checklist", one, { "a/one": {}, "a/two": {}, "a/three": {} }).map(({ key }) => key), ["a"]);
  const core = { core: true };
  assert.deepEqual(arrange("checklist", one, { "a/one": core, "a/two": core, "a/three": core }).map(({ key }) => key), ["first"]);
});

test("the person of an item is who owns its plan before who answered it", () => {
  assert.deepEqual(Object.values(ITEMS).map(personOf), ["wei", "", "", "", "", "ana", "lee"]);
});

test("what is challenged stands before all else", () => {
  const items = { ...ITEMS, "a/one": { ...ITEMS["a/one"], challenge: {} }, "b/x": { ...ITEMS["b/x"], challenge: {} } };
  const [first, second] = arrange("checklist", CHECKLISTS, items);
  assert.deepEqual([first.key, first.parts[0].names, second.parts[0].names], ["challenged", ["b/shape", "a/one"], ["b/five", "a/two"]]);
});
