// A section with risk rules: one thing to decide, with its choices below it.
import { button, h } from "./dom.js";

export function createUnit(name, ctx, mould, element) {
  const { say } = ctx;
  const fixed = ctx.store.items[name];
  const marks = h("span", { class: "marks" });
  const because = h("ul", { class: "because" });
  const more = h("div", { class: "more" });
  const waive = fixed.waivable && button(say("waiver.ask"), { class: "quiet", onclick: () => ctx.askWaiver(name, more) });
  element.prepend(h("div", { class: "line" }, h("h4", {}, fixed.ask), marks), because, ...(waive ? [waive] : []), more);

  function update(item) {
    mould.marks(marks, item);
    because.replaceChildren(...(item.because ?? []).map((cause) => h("li", {}, cause)));
    if (waive) waive.hidden = !item.open;
  }

  return { name, element, update, focus: () => element.focus(), radios: {} };
}
