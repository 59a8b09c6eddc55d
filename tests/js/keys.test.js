import assert from "node:assert/strict";
import test from "node:test";
import { isOurs, meaningOf } from "../../orr/form/js/keys.js";

const control = (name, type = "", role = null) => ({
  type, matches: (selector) => selector.split(", ").some((one) => one === name || one === `${name}[type="${type}"]`), getAttribute: () => role,
});
const RADIO = control("input", "radio");
const TEXT = control("input", "text");
const AREA = control("textarea");

test("every plain key is ours, JupyterLab's own shortcuts are not", () => {
  for (const key of ["a", "x", "d", "0", "ArrowDown", " ", "Enter", "Escape", "Z"]) assert.equal(isOurs({ key }), true, key);
  assert.equal(isOurs({ key: "Enter", shiftKey: true }), true);
  for (const key of ["s", "k", "p", "b"]) assert.equal(isOurs({ key, ctrlKey: true }), false, key);
  for (const key of ["Enter", "z", "a", "x"]) assert.equal(isOurs({ key, ctrlKey: true }), true, key);
  assert.equal(isOurs({ key: "F5" }), false);
});

test("letters answer on a radio and write in a text", () => {
  assert.deepEqual(meaningOf({ key: "y" }, RADIO), { reply: "yes" });
  assert.deepEqual(meaningOf({ key: "a" }, RADIO), { reply: "not-applicable" });
  for (const key of ["y", "j", "?", "Enter"]) assert.equal(meaningOf({ key }, AREA), null, key);
  assert.equal(meaningOf({ key: "y" }, TEXT), null);
});

test("undo is the form's on a radio and the browser's in a text", () => {
  assert.deepEqual(meaningOf({ key: "z", ctrlKey: true }, RADIO), { command: "undo" });
  assert.deepEqual(meaningOf({ key: "Z", ctrlKey: true, shiftKey: true }, RADIO), { command: "redo" });
  assert.equal(meaningOf({ key: "z", ctrlKey: true }, AREA), null);
});

test("a key that composes Chinese means nothing yet", () => {
  assert.equal(meaningOf({ key: "Escape", isComposing: true }, AREA), null);
});

test("arrows move between tabs", () => {
  assert.deepEqual(meaningOf({ key: "ArrowRight" }, control("button", "button", "tab")), { command: "tab", step: 1 });
  assert.equal(meaningOf({ key: "ArrowRight" }, RADIO), null);
});
