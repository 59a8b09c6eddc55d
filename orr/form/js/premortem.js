// The pre-mortem (what may go wrong, before it does) and what launching now is worth.
import { button, field, h, refill } from "./dom.js";

const FIELDS = ["scenario", "likelihood", "impact", "detection", "response", "tested_on"];
const LEVELS = ["low", "medium", "high"];

export function createPremortem(ctx) {
  const { say } = ctx;
  const benefits = h("textarea", { rows: 4 });
  benefits.addEventListener("input", () => ctx.outbox.say("benefits", ctx.message({ what: "benefits", text: benefits.value, base: ctx.store.top.benefitsV ?? "" }), { delay: 600, local: { text: benefits.value } }));
  const benefitsStatus = h("div", { class: "item-status" });
  const list = h("ol", { class: "cards" });
  const grid = h("div", { class: "fragment" });
  const add = button(say("scenario.add"), { class: "primary", onclick: () => place({ key: `new ${Date.now()}`, saved: {} }).controls.scenario.focus() });
  const element = h("div", { class: "page" },
    h("section", {}, h("h3", {}, say("premortem.title")), h("p", { class: "hint" }, say("premortem.hint")), list, add, grid),
    h("section", {}, h("h3", {}, say("benefits.title")), field(say("benefits.label"), benefits), benefitsStatus));
  element.addEventListener("focusout", () => ctx.outbox.flush());
  let rows = [];

  function level(name) {
    return h("select", {}, h("option", { value: "" }, "–"), LEVELS.map((one) => h("option", { value: one }, say(`level.${one}`))), name);
  }

  function place({ key, saved }) {
    const controls = {
      scenario: h("textarea", { rows: 2 }), likelihood: level(), impact: level(), detection: h("input", { type: "text" }),
      response: h("input", { type: "text" }), tested_on: h("input", { type: "date", max: ctx.store.top.today }),
    };
    const status = h("div", { class: "item-status" });
    const row = { key, saved, controls, status };
    for (const name of FIELDS) controls[name].addEventListener("input", () => change(row, controls[name].matches("select") ? 0 : 600));
    const remove = button(say("scenario.remove"), {
      class: "quiet",
      onclick: () => {
        const at = rows.indexOf(row);
        rows = rows.filter((one) => one !== row);
        row.element.remove();
        (rows[Math.min(at, rows.length - 1)]?.controls.scenario ?? add).focus();
        ctx.outbox.drop(`scenario:${row.key}`);
        if (row.saved.scenario) ctx.outbox.say(`scenario:${row.key}`, ctx.message({ what: "scenario", was: row.saved.scenario, scenario: null, base: row.saved.v ?? "" }));
      },
    });
    row.element = h("li", { class: "card" }, field(say("scenario.scenario"), controls.scenario), h("div", { class: "row" },
      field(say("scenario.likelihood"), controls.likelihood), field(say("scenario.impact"), controls.impact), field(say("scenario.tested_on"), controls.tested_on)),
    h("div", { class: "row" }, field(say("scenario.detection"), controls.detection, { class: "field wide" }), field(say("scenario.response"), controls.response, { class: "field wide" }), remove), status);
    rows.push(row);
    list.append(row.element);
    show(row);
    return row;
  }

  function change(row, delay) {
    const scenario = Object.fromEntries(FIELDS.map((name) => [name, row.controls[name].value]));
    ctx.outbox.say(`scenario:${row.key}`, ctx.message({ what: "scenario", was: row.saved.scenario ?? null, scenario, base: row.saved.v ?? "" }), { delay, local: scenario });
  }

  function show(row) {
    const entry = ctx.outbox.entry(`scenario:${row.key}`);
    const shown = entry?.local ?? row.saved;
    for (const name of FIELDS) {
      if (document.activeElement === row.controls[name] && entry) continue;
      if (row.controls[name].value !== (shown[name] ?? "")) row.controls[name].value = shown[name] ?? "";
    }
    told(row.status, entry, `scenario:${row.key}`);
  }

  function told(status, entry, key) {
    const says = entry?.stage === "incomplete" ? entry.lacks.map((lack) => lack.says).join(" ") : entry?.stage === "refused" ? entry.says : "";
    const mark = `${entry?.stage} ${says} ${entry?.version}`;
    if (status.dataset.key === mark) return;
    status.dataset.key = mark;
    refill(status, says && h("p", { class: "lack" }, says), entry?.stage === "conflict" && ctx.conflict(key, entry));
  }

  // A scenario keeps its row while its words change: the row follows by what was sent for it.
  function update() {
    const { top } = ctx.store;
    const saved = new Map(top.scenarios.map((one) => [one.scenario, one]));
    for (const row of [...rows]) {
      const entry = ctx.outbox.entry(`scenario:${row.key}`);
      const sent = entry?.underWay?.edit.scenario?.scenario.trim();
      const now = saved.get(row.controls.scenario.value.trim()) ?? saved.get(sent) ?? saved.get(row.saved.scenario);
      if (now) {
        row.saved = now;
        saved.delete(now.scenario);
      } else if (row.saved.scenario && !entry) {
        rows = rows.filter((one) => one !== row);
        row.element.remove();
        continue;
      }
      show(row);
    }
    for (const one of saved.values()) place({ key: one.scenario, saved: one });
    const entry = ctx.outbox.entry("benefits");
    const text = entry?.local?.text ?? top.benefits;
    if (!(document.activeElement === benefits && entry) && benefits.value !== text) benefits.value = text;
    told(benefitsStatus, entry, "benefits");
  }

  // Drafts that an earlier page left behind get a row of their own.
  function adopt(entry) {
    const { was, base } = entry.message.edit;
    const saved = ctx.store.top.scenarios.find((one) => one.scenario === was);
    const row = place({ key: entry.key.slice("scenario:".length), saved: saved ?? {} });
    if (was && !saved) row.saved = { scenario: was, v: base };
  }

  function focus(key) {
    (rows.find((row) => `scenario:${row.key}` === key)?.controls.scenario ?? benefits).focus();
  }

  return { element, update, adopt, focus, grid, taken: (key) => rows.some((row) => `scenario:${row.key}` === key) };
}
