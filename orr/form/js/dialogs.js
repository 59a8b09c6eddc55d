// Two questions and answers in a window of their own: who are you, and which keys are there.
import { button, field, h } from "./dom.js";

function dialog(ctx, title, content, opener) {
  const heading = h("h2", { tabindex: "-1" }, title);
  const element = h("dialog", { class: "dialog", "aria-label": title }, heading, content);
  ctx.root.append(element);
  element.addEventListener("close", () => {
    element.remove();
    opener?.isConnected && opener.focus();
  });
  element.showModal();
  return element;
}

export function whoDialog(ctx, present, done) {
  const { say } = ctx;
  const name = h("input", { type: "text", value: present ?? "", autocomplete: "username", required: true });
  const form = h("form", { method: "dialog" }, h("p", {}, say("who.says")), field(say("who.label"), name),
    h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, say("who.ok")),
      button(say("who.later"), { class: "quiet", onclick: () => shown.close() })));
  form.addEventListener("submit", () => name.value.trim() && done(name.value.trim()));
  const shown = dialog(ctx, say("who.title"), form, document.activeElement);
  name.focus();
}

const SHOWN = [
  [["j", "k"], "keys.move"], [["o"], "keys.next-open"], [["u"], "keys.next-unanswered"], [["y", "p", "n", "a"], "keys.reply"], [["←", "→"], "keys.arrows"],
  [["Enter", "e"], "keys.details"], [["i"], "keys.note"], [["w"], "keys.waiver"], [["c"], "keys.check"], [["d"], "keys.decides"],
  [["/"], "keys.search"], [["Esc"], "keys.back"], [["Ctrl+Z"], "keys.undo"], [["r", "Ctrl+Y"], "keys.redo"], [["?"], "keys.shortcuts"],
];

export function shortcutsDialog(ctx) {
  const { say } = ctx;
  const rows = SHOWN.map(([keys, what]) => h("tr", {}, h("th", { scope: "row" }, keys.map((key) => [h("kbd", {}, key), " "])), h("td", {}, say(what))));
  const shown = dialog(ctx, say("keys.title"), [h("table", { class: "keys" }, h("tbody", {}, rows)),
    h("p", { class: "hint" }, say("keys.hint")), h("div", { class: "row" }, button(say("keys.close"), { class: "primary", onclick: () => shown.close() }))], document.activeElement);
  shown.querySelector("button").focus();
}
