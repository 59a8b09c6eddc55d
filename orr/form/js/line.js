// The line to Python: messages out, and answers back to whoever asked.

export function createLine(model, client, who) {
  const waiting = new Map();
  let number = 0;

  function transmit(message, buffers) {
    try {
      model.send({ client, who: who(), ...message }, undefined, buffers);
    } catch {
      // The line is dead; the outbox will try again, and the page says so.
    }
  }

  const awaited = (key) => new Promise((settle) => waiting.set(key, settle));

  return {
    transmit,
    awaited,
    number: () => (number += 1),
    ask(message, key, buffers) {
      const answer = awaited(key);
      transmit(message, buffers);
      return answer;
    },
    settle(key, message) {
      waiting.get(key)?.(message);
      waiting.delete(key);
    },
  };
}
