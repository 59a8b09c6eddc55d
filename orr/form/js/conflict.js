// Both sides of a thing that two people changed, and the question which one holds.
import { button, h } from "./dom.js";

export function conflictBox(ctx, key, mine, theirs, settle) {
  const { say } = ctx;
  const side = (title, what, choose) => h("div", { class: "side" }, h("p", { class: "minor" }, title), h("dl", {}, lines(say, what)), choose);
  return h("div", { class: "conflict", role: "group", "aria-label": say("conflict.title") }, h("p", {}, say("conflict.says")),
    h("div", { class: "sides" },
      side(say("conflict.mine"), mine, button(say("conflict.keep-mine"), { class: "primary", onclick: () => settle(true) })),
      side(say("conflict.theirs"), theirs, button(say("conflict.keep-theirs"), { onclick: () => settle(false) }))));
}

function lines(say, what) {
  if (typeof what === "string" || !what) return h("dd", {}, what || say("conflict.nothing"));
  const rows = Object.entries(what).filter(([key, value]) => value && key !== "confirm" && key !== "v" && (!Array.isArray(value) || value.length));
  if (!rows.length) return h("dd", {}, say("conflict.nothing"));
  return rows.map(([key, value]) => [h("dt", {}, say.has(`field.${key}`) ? say(`field.${key}`) : key), h("dd", {}, shown(say, key, value))]);
}

function shown(say, key, value) {
  if (key === "answer") return say(`reply.${value}`);
  if (Array.isArray(value)) return value.map((entry) => entry.title ?? entry.where).join(say("list.separator"));
  if (typeof value === "object") return Object.values(value).filter(Boolean).join(" · ");
  return say.has(`level.${value}`) ? say(`level.${value}`) : String(value);
}
