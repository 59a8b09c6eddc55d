// What is behind an item: why it is asked and how to fix it, what its checks found, note, evidence, plan.
import { button, coded, drawing, field, h, newId, refill, setText } from "./dom.js";
import { createEvidence } from "./evidence.js";
import { createTeam } from "./team.js";

const OUTCOME_SIGNS = { met: "✓", partial: "◐", "not-met": "✕", unknown: "?", nothing: "∅" };

export function createDetails(name, ctx) {
  const { say, store } = ctx;
  const fixed = store.items[name];
  const draft = () => ctx.draftOf(name);
  const change = (moved, delay = 600) => ctx.answer(name, { ...draft(), ...moved }, delay);

  const note = h("textarea", { rows: 2 });
  note.addEventListener("input", () => change({ note: note.value }));
  const plan = {
    action: h("input", { type: "text", autocomplete: "off" }),
    owner: h("input", { type: "text", autocomplete: "off", list: ctx.peopleList }),
    due: h("input", { type: "date" }),
  };
  for (const [key, control] of Object.entries(plan)) {
    control.addEventListener("input", () => change({ plan: { ...draft().plan, [key]: control.value } }, key === "due" ? 300 : 600));
  }
  const evidence = createEvidence(name, ctx, (entries, delay) => change({ evidence: entries }, delay));
  const findings = h("ul", { class: "findings" });
  const checkBusy = h("span", { class: "busy" });
  const checks = h("div", { class: "block" },
    h("p", { class: "minor" }, say("checks.title")), findings,
    h("div", { class: "row" }, button(say("checks.again"), { class: "quiet", onclick: () => ctx.check([name]) }), checkBusy));
  checks.hidden = !fixed.checks;
  const waivers = h("div", { class: "more" });
  const waive = fixed.waivable && button(say("waiver.ask"), { class: "quiet", onclick: () => ctx.askWaiver(name, waivers) });
  const clear = button(say("item.clear"), { class: "quiet", onclick: () => ctx.answer(name, {}) });
  const planCounts = fixed.planCounts && !store.noPlans;
  const planHelp = h("p", { class: "hint" }, planCounts ? say("plan.counts") : store.noPlans ?? say("plan.idle"));
  const asked = h("dl", { class: "asked" },
    fixed.why && [h("dt", {}, say("item.why")), h("dd", {}, coded(fixed.why))],
    fixed.fix && [h("dt", {}, say("item.fix")), h("dd", {}, coded(fixed.fix))],
    fixed.practice && [h("dt", {}, say("item.practice")), h("dd", {}, fixed.practice.join(say("list.separator")))],
    fixed.roles && [h("dt", {}, say("item.roles")), h("dd", {}, fixed.roles.map((role) => say(`role.${role}`)).join(say("list.separator")))],
    fixed.origin && [h("dt", {}, say("item.origin")), h("dd", {}, fixed.origin)]);

  const planBox = h("fieldset", { class: "block plan" }, h("legend", {}, say("plan.title")), planHelp,
    h("div", { class: "row" }, field(say("plan.action"), plan.action, { class: "field wide" }), field(say("plan.owner"), plan.owner), field(say("plan.due"), plan.due)));
  const team = createTeam(name, ctx);
  const element = h("div", {}, team.challenge, asked, checks, field(say("item.note"), note, { class: "field block" }), evidence.element, planBox,
    h("div", { class: "row block" }, waive, clear), waivers, team.element);
  element.addEventListener("focusout", () => ctx.outbox.flush());

  // Whoever types is not written over; what comes from elsewhere is shown when they are done.
  function show(control, value) {
    const typing = document.activeElement === control && ctx.outbox.entry(`answer:${name}`);
    if (!typing && control.value !== value) control.value = value;
  }

  let shownFindings = "";
  function update(item, shown) {
    show(note, shown.note ?? "");
    for (const key of Object.keys(plan)) show(plan[key], shown.plan?.[key] ?? "");
    planBox.hidden = !planCounts && !shown.plan;
    evidence.update(shown.evidence ?? []);
    clear.hidden = !item.draft;
    team.update(item);
    if (waive) waive.hidden = !item.open;
    const key = JSON.stringify(item.findings ?? []);
    if (key !== shownFindings) {
      shownFindings = key;
      refill(findings, (item.findings ?? []).map(finding));
    }
  }

  function finding(found, place) {
    const table = h("div", { class: "table" });
    const picture = found.picture && h("div", { class: "table" }, drawing(found.picture));
    const outcome = found.nothing ? "nothing" : found.outcome;
    return h("li", { class: `o-${outcome}` },
      h("span", { class: "sign", "aria-hidden": "true" }, OUTCOME_SIGNS[outcome]),
      h("span", {}, h("strong", {}, found.outcomeSays), " ", found.check && h("code", {}, found.check), " ", coded(found.says),
        found.collected && h("span", { class: "when" }, ` ${found.collected}`)),
      found.table && button(say("checks.table"), { class: "quiet", onclick: () => ctx.table(name, place, table) }), picture, table);
  }

  function lacks(list) {
    const controls = { "plan.action": plan.action, "plan.owner": plan.owner, "plan.due": plan.due };
    for (const [key, control] of Object.entries(controls)) {
      control.setAttribute("aria-invalid", String(list.some((lack) => lack.field === key)));
    }
    evidence.lacks(list);
  }

  return { element, update, lacks, note, take: evidence.take, checking: (text) => setText(checkBusy, text) };
}

export function createPeopleList(id) {
  return h("datalist", { id: id ?? newId("people") });
}
