import assert from "node:assert/strict";
import test from "node:test";
import { createOutbox, LATE_AFTER, RESEND_AFTER, RETRY_AFTER } from "../../orr/form/js/outbox.js";

function storage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key),
    key: (place) => [...kept.keys()][place], get length() { return kept.size; }, kept,
  };
}

// A clock that only moves when told to.
function stage({ shelf = storage(), client = "c", ready = true } = {}) {
  let clock = 0;
  let next = 0;
  const timers = new Map();
  const sent = [];
  const outbox = createOutbox({
    send: (message) => sent.push(message), storage: shelf, prefix: "orr|home|shop", client, now: () => clock,
    later: (work, delay) => { timers.set(++next, { at: clock + delay, work }); return next; },
    cancel: (timer) => timers.delete(timer), changed: () => {},
  });
  outbox.ready(ready);
  const pass = (time) => {
    const end = clock + time;
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= end).sort((one, two) => one[1].at - two[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      clock = Math.max(clock, due[1].at);
      due[1].work();
    }
    clock = end;
  };
  return { outbox, sent, pass, shelf };
}

const edit = (answer, base = "") => ({ edit: { what: "answer", item: "a/b", draft: { answer }, base } });
const ack = (message, more = {}) => ({ kind: "ack", id: message.id, lacks: [], v: "v1", ...more });

test("a click is sent at once and forgotten when it is acknowledged", () => {
  const { outbox, sent, shelf } = stage();
  outbox.say("answer:a/b", edit("yes"), { local: { answer: "yes" } });
  assert.equal(sent.length, 1);
  assert.equal(outbox.status().unsaved, 1);
  assert.equal(shelf.length, 1);
  outbox.receive(ack(sent[0]));
  assert.deepEqual(outbox.status(), { unsaved: 0, late: false, says: null, incomplete: 0, conflicts: 0 });
  assert.equal(shelf.length, 0);
});

test("typing is stored at once and sent after a pause", () => {
  const { outbox, sent, pass, shelf } = stage();
  for (const text of ["h", "ha", "hal"]) {
    outbox.say("answer:a/b", edit(text), { delay: 600, local: {} });
    pass(200);
  }
  assert.equal(sent.length, 0);
  assert.match([...shelf.kept.values()][0], /"hal"/);
  pass(600);
  assert.equal(sent.length, 1);
  assert.equal(sent[0].edit.draft.answer, "hal");
});

test("without an acknowledgement the same message goes out again under the same number", () => {
  const { outbox, sent, pass } = stage();
  outbox.say("answer:a/b", edit("yes"), { local: {} });
  pass(LATE_AFTER);
  assert.equal(outbox.status().late, true);
  pass(RESEND_AFTER);
  assert.equal(sent.length, 2);
  assert.equal(sent[0].id, sent[1].id);
});

test("what is changed while a message is under way is sent after it, made from what it made", () => {
  const { outbox, sent } = stage();
  outbox.say("answer:a/b", edit("yes", "v0"), { local: {} });
  outbox.say("answer:a/b", edit("no", "v0"), { local: {} });
  assert.equal(sent.length, 1);
  outbox.receive(ack(sent[0], { v: "v1" }));
  assert.equal(sent.length, 2);
  assert.deepEqual([sent[1].edit.draft.answer, sent[1].edit.base], ["no", "v1"]);
  outbox.receive(ack(sent[1], { v: "v2" }));
  assert.equal(outbox.status().unsaved, 0);
});

test("what is typed on while a scenario is being saved changes that scenario and makes no second one", () => {
  const { outbox, sent, pass } = stage();
  const typed = (scenario) => outbox.say("scenario:new", { edit: { what: "scenario", was: null, scenario: { scenario }, base: "" } }, { delay: 600, local: {} });
  typed("The ca");
  pass(600);
  typed("The cache");
  outbox.receive(ack(sent[0], { v: "v1", was: "The ca" }));
  typed("The cache is cold");
  pass(600);
  assert.deepEqual(sent.map(({ edit }) => [edit.was, edit.base, edit.scenario.scenario]), [[null, "", "The ca"], ["The ca", "v1", "The cache is cold"]]);
});

test("an acknowledgement of an older message acknowledges nothing newer", () => {
  const { outbox, sent } = stage();
  outbox.say("answer:a/b", edit("yes"), { local: {} });
  outbox.receive({ kind: "ack", id: "somebody-else", lacks: [], v: "x" });
  assert.equal(outbox.status().unsaved, 1);
  outbox.receive(ack(sent[0]));
  outbox.receive(ack(sent[0]));
  assert.equal(outbox.status().unsaved, 0);
});

test("what is not complete stays in the browser and is not sent again by itself", () => {
  const { outbox, sent, pass, shelf } = stage();
  outbox.say("answer:a/b", edit("not-applicable"), { local: {} });
  outbox.receive(ack(sent[0], { lacks: [{ field: "reason", says: "why?" }] }));
  pass(60_000);
  assert.equal(sent.length, 1);
  assert.equal(outbox.status().incomplete, 1);
  assert.equal(shelf.length, 1);
});

test("what could not be saved is tried again after a while", () => {
  const { outbox, sent, pass } = stage();
  outbox.say("answer:a/b", edit("yes"), { local: {} });
  outbox.receive({ kind: "failed", id: sent[0].id, says: "the disk is full" });
  assert.deepEqual([outbox.status().late, outbox.status().says], [true, "the disk is full"]);
  pass(RETRY_AFTER);
  assert.equal(sent.length, 2);
  assert.notEqual(sent[0].id, sent[1].id);
});

test("both sides are kept until one is chosen, and typing goes on meanwhile", () => {
  const { outbox, sent, pass, shelf } = stage();
  outbox.say("answer:a/b", edit("yes", "v0"), { local: { answer: "yes" } });
  outbox.receive({ kind: "conflict", id: sent[0].id, theirs: { answer: "no" }, v: "v7" });
  outbox.say("answer:a/b", edit("partial", "v7"), { local: { answer: "partial" } });
  pass(60_000);
  assert.equal(sent.length, 1);
  assert.equal(shelf.length, 1);
  outbox.settle("answer:a/b", true);
  assert.deepEqual([sent[1].edit.draft.answer, sent[1].edit.base], ["partial", "v7"]);
});

test("taking the other side sends nothing", () => {
  const { outbox, sent, shelf } = stage();
  outbox.say("answer:a/b", edit("yes", "v0"), { local: {} });
  outbox.receive({ kind: "conflict", id: sent[0].id, theirs: {}, v: "v7" });
  outbox.settle("answer:a/b", false);
  assert.deepEqual([sent.length, shelf.length, outbox.status().conflicts], [1, 0, 0]);
});

test("a page finds what an earlier page of the same review left behind, and no other review's", () => {
  const shelf = storage();
  const before = stage({ shelf, client: "old" });
  before.outbox.say("answer:a/b", edit("yes", "v0"), { delay: 600, local: { answer: "yes" } });
  shelf.setItem("orr|home|other|old|answer:x/y", JSON.stringify({ key: "answer:x/y", message: edit("no") }));
  const after = stage({ shelf, client: "new" });
  const taken = after.outbox.restore();
  assert.deepEqual(taken.map((entry) => entry.key), ["answer:a/b"]);
  assert.deepEqual([after.sent[0].edit.draft.answer, after.sent[0].edit.base], ["yes", "v0"]);
  after.outbox.receive(ack(after.sent[0]));
  assert.deepEqual([...shelf.kept.keys()], ["orr|home|other|old|answer:x/y"]);
});

test("what is typed while the kernel is silent waits until what was sent before is answered", () => {
  const { outbox, sent, pass } = stage();
  outbox.say("answer:a/b", edit("yes", "v0"), { local: {} });
  outbox.say("answer:a/b", edit("no", "v0"), { local: {} });
  pass(3 * RESEND_AFTER);
  assert.equal(new Set(sent.map((message) => message.id)).size, 1);
  assert.deepEqual([...new Set(sent.map((message) => message.edit.draft.answer))], ["yes"]);
  const times = sent.length;
  outbox.receive(ack(sent[0], { v: "v1" }));
  assert.deepEqual(sent.slice(times).map(({ edit }) => [edit.draft.answer, edit.base]), [["no", "v1"]]);
});

for (const known of [true, false]) {
  test(`a later page sends again what was under way, and then what came after it${known ? "" : ", once the person is known"}`, () => {
    const shelf = storage();
    const before = stage({ shelf, client: "old" });
    before.outbox.say("answer:a/b", edit("yes", "v0"), { local: {} });
    before.outbox.say("answer:a/b", edit("no", "v0"), { delay: 600, local: { answer: "no" } });
    const after = stage({ shelf, client: "new", ready: known });
    const [entry] = after.outbox.restore();
    assert.deepEqual(entry.local, { answer: "no" });
    after.outbox.ready(true);
    assert.deepEqual(after.sent.map(({ id, edit }) => [id, edit.draft.answer, edit.base]), [["new-1", "yes", "v0"]]);
    after.outbox.receive(ack(after.sent[0], { v: "v1" }));
    assert.deepEqual([after.sent[1].edit.draft.answer, after.sent[1].edit.base], ["no", "v1"]);
    after.outbox.receive(ack(after.sent[1], { v: "v2" }));
    assert.deepEqual([after.sent.length, shelf.length, after.outbox.status().unsaved], [2, 0, 0]);
  });
}

test("what was under way when the page went and had nothing after it goes out once", () => {
  const shelf = storage();
  stage({ shelf, client: "old" }).outbox.say("answer:a/b", edit("yes", "v0"), { local: {} });
  const after = stage({ shelf, client: "new" });
  after.outbox.restore();
  after.outbox.receive(ack(after.sent[0]));
  assert.deepEqual([after.sent.length, shelf.length], [1, 0]);
});

test("nothing goes out before the person is known", () => {
  const { outbox, sent, pass } = stage({ ready: false });
  outbox.say("answer:a/b", edit("yes"), { local: {} });
  pass(10_000);
  assert.equal(sent.length, 0);
  outbox.ready(true);
  assert.equal(sent.length, 1);
});

test("undo is not kept for a later page", () => {
  const { outbox, shelf } = stage();
  outbox.say("step:1", { undo: true }, { volatile: true });
  assert.equal(shelf.length, 0);
});

test("a refused command is told and forgotten", () => {
  const { outbox, sent } = stage();
  outbox.say("once:1", { edit: { what: "approve", waiver: "W-1" } });
  const entry = outbox.receive({ kind: "refused", id: sent[0].id, says: "your own" });
  assert.equal(entry.says, "your own");
  assert.equal(outbox.entries().length, 0);
});
