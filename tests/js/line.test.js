import assert from "node:assert/strict";
import test from "node:test";
import { createLine, framed } from "../../orr/lab/extensions/orr-review/static/line.js";

globalThis.WebSocket ??= { OPEN: 1 };

function stage() {
  const sockets = [];
  const told = [];
  const waits = [];
  const line = createLine(() => {
    const socket = { readyState: 1, sent: [], send: (frame) => socket.sent.push(frame), close: () => (socket.readyState = 3) };
    sockets.push(socket);
    return socket;
  }, (message) => told.push(message.kind), (work, wait) => waits.push({ work, wait }));
  const say = (message) => sockets.at(-1).onmessage({ data: JSON.stringify(message) });
  const drop = () => {
    sockets.at(-1).readyState = 3;
    sockets.at(-1).onclose();
  };
  return { line, sockets, told, waits, say, drop, again: () => waits.at(-1).work() };
}

test("what is no word to the host goes to the form, and what the form says goes out as JSON", () => {
  const { line, sockets, say } = stage();
  const heard = [];
  line.model.on("msg:custom", (message) => heard.push(message));
  say({ kind: "opened" });
  say({ kind: "ack", id: "1" });
  line.model.send({ kind: "hello" });
  assert.deepEqual(heard, [{ kind: "ack", id: "1" }]);
  assert.deepEqual(sockets[0].sent, ['{"kind":"hello"}']);
});

test("a line that is lost comes back after pauses that grow, and the form is told that it is there again", () => {
  const { line, sockets, told, waits, say, drop, again } = stage();
  let live = 0;
  line.model.on("comm_live_update", () => (live += 1));
  say({ kind: "opened" });
  for (let n = 0; n < 6; n += 1) {
    drop();
    assert.throws(() => line.model.send({}), /down/);
    again();
  }
  assert.deepEqual(waits.map(({ wait }) => wait), [500, 1000, 2000, 4000, 4000, 4000]);
  say({ kind: "opened" });
  assert.equal(live, 2);
  assert.equal(sockets.length, 7);
  assert.deepEqual([...new Set(told)], ["opened", "lost"]);
  drop();
  assert.equal(waits.at(-1).wait, 500);
});

test("what is no review is asked for once, and what is faulty now and then", () => {
  const gone = stage();
  gone.say({ kind: "closed", lines: ["no"], lasting: true });
  gone.drop();
  assert.deepEqual([gone.waits.length, gone.told], [0, ["closed"]]);
  const faulty = stage();
  faulty.say({ kind: "closed", lines: ["line 3"], lasting: false });
  faulty.drop();
  assert.deepEqual([faulty.waits.map(({ wait }) => wait), faulty.told], [[10000], ["closed"]]);
});

test("a line that was ended does not come back", () => {
  const { line, sockets, waits, drop } = stage();
  line.end();
  drop();
  assert.deepEqual([waits.length, sockets[0].readyState], [0, 3]);
});

test("a file goes in one frame with its message", () => {
  const frame = framed({ name: "é" }, new Uint8Array([1, 2, 255]).buffer);
  const length = new DataView(frame.buffer).getUint32(0);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(frame.slice(4, 4 + length))), { name: "é" });
  assert.deepEqual([...frame.slice(4 + length)], [1, 2, 255]);
});
