// The line of a form to the server: what the form takes for the model of a widget, over a WebSocket.

const PAUSES = [500, 1000, 2000, 4000];
const LASTING_PAUSE = 10000;

// A message and a file in one frame: the length of the message in four bytes, the message, the file.
export function framed(message, file) {
  const text = new TextEncoder().encode(JSON.stringify(message));
  const frame = new Uint8Array(4 + text.length + file.byteLength);
  new DataView(frame.buffer).setUint32(0, text.length);
  frame.set(text, 4);
  frame.set(new Uint8Array(file), 4 + text.length);
  return frame;
}

// `connect` makes a WebSocket; `told` is called with what is for the host of the form: `opened`, `closed`, `lost`.
export function createLine(connect, told, later = setTimeout) {
  const callbacks = { "msg:custom": new Set(), comm_live_update: new Set() };
  let socket = null;
  let tries = 0;
  let pause = null;
  let over = false;

  const emit = (name, ...what) => [...callbacks[name]].forEach((one) => one(...what));

  function open() {
    pause = null;
    const mine = socket = connect();
    mine.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.kind === "opened") {
        tries = 0;
        told(message);
        emit("comm_live_update");
      } else if (message.kind === "closed") {
        if (message.lasting) end();
        else pause = LASTING_PAUSE;
        told(message);
      } else emit("msg:custom", message, []);
    };
    mine.onclose = () => {
      if (over || mine !== socket) return;
      const wait = pause ?? PAUSES[Math.min(tries, PAUSES.length - 1)];
      if (pause === null) told({ kind: "lost" });
      tries += 1;
      later(() => over || open(), wait);
    };
  }

  function end() {
    over = true;
    socket.close();
  }

  open();
  return {
    end,
    model: {
      send(message, _callbacks, buffers) {
        if (socket.readyState !== WebSocket.OPEN) throw new Error("the line is down"); // the form sends it again
        socket.send(buffers?.length ? framed(message, buffers[0]) : JSON.stringify(message));
      },
      on: (name, callback) => callbacks[name]?.add(callback),
      off: (name, callback) => callbacks[name]?.delete(callback),
    },
  };
}
