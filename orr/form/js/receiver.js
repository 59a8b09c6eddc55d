// What Python says, and where it goes.
import { h, refill } from "./dom.js";

export function createReceiver(form, line, client) {
  const { store, ctx } = form;
  const settled = (key) => (message) => line.settle(key(message), message);

  function replied(message) {
    const entry = form.outbox.receive(message);
    if (!entry) return;
    if (message.at) store.top = { ...store.top, savedAt: message.at, undo: message.undo, redo: message.redo };
    line.settle(entry.key, message);
    const name = entry.key.startsWith("answer:") && entry.key.slice("answer:".length);
    if (name && "v" in message && message.kind === "ack") store.items[name] = { ...store.items[name], v: message.v || undefined };
    if (name) form.parts.list.update([name]);
    else form.parts.premortem.update();
    form.parts.update();
  }

  function job(message) {
    const { top, list } = form.parts;
    const { say } = ctx;
    if (message.failed) top.job(say(`job.${message.job}.failed`, { why: message.failed }));
    else if (message.ended) top.job("");
    else top.job(message.of ? say(`job.${message.job}.progress`, message) : say(`job.${message.job}`));
    for (const name of message.items ?? []) {
      list.views.get(name)?.details?.()?.checking(message.ended || message.failed ? "" : say("job.checks"));
    }
    if (message.page) {
      const address = URL.createObjectURL(new Blob([message.page], { type: "text/html" }));
      refill(top.link, h("a", { href: address, target: "_blank", rel: "noopener" }, say("job.report.ready")));
    }
  }

  const routes = {
    all(message) {
      form.begin(message, store.takeAll(message));
    },
    patch: (message) => {
      const moved = store.takePatch(message);
      form.seen.others(message.others);
      form.parts.patched(moved, message.top);
    },
    ack: replied, refused: replied, failed: replied, conflict: replied,
    files: settled((message) => `files ${message.text}`),
    heirs: settled((message) => `heirs ${message.item}`),
    dropped: settled((message) => `drop ${message.id}`),
    table: settled((message) => `table ${message.item} ${message.check}`),
    pictures: form.draw,
    job,
    trouble: (message) => ctx.trouble(message.says),
  };

  return (message) => {
    if (message.to && message.to !== client && message.to !== "all") return;
    if (message.kind === "all" || store.known) routes[message.kind]?.(message);
  };
}
