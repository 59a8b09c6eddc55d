// One item: the question as a group, its replies as radios, its state beside it. What is behind an
// item (note, evidence, plan) is only built when it is opened.
import { button, h, newId, refill, setText } from "./dom.js";
import { stateMark, tags } from "./marks.js";
import { createDetails } from "./details.js";

const REPLIES = ["yes", "partial", "no", "not-applicable"];

export function createUnit(name, ctx) {
  const { say } = ctx;
  const marks = h("span", { class: "marks" });
  const because = h("ul", { class: "because" });
  const more = h("div", { class: "more" });
  const waive = button(say("waiver.ask"), { class: "quiet", onclick: () => ctx.askWaiver(name, more) });
  const heading = h("h5", {}, ctx.store.items[name].ask);
  const element = h("section", { class: "unit", "data-unit": name, tabindex: "-1", "aria-label": ctx.store.items[name].ask },
    h("div", { class: "line" }, heading, marks), because, ctx.store.items[name].waivable && waive, more);
  function update(item) {
    refill(marks, stateMark(say, item.state), tags(say, item));
    refill(because, (item.because ?? []).map((cause) => h("li", {}, cause)));
    waive.hidden = !item.open;
  }
  return { name, element, update, focus: () => element.focus(), radios: {} };
}

export function createItem(name, ctx) {
  const { say, store } = ctx;
  const fixed = store.items[name];
  const marks = h("span", { class: "marks" });
  const because = h("ul", { class: "because" });
  const becauseId = newId("because");
  because.id = becauseId;
  const source = h("p", { class: "source" });
  const status = h("div", { class: "item-status", role: "group", "aria-label": say("item.status") });
  status.hidden = true;
  const radios = {};
  const group = `${ctx.client}-${name}`;
  const replies = h("div", { class: "replies" }, REPLIES.map((reply) => {
    radios[reply] = h("input", { type: "radio", name: group, value: reply });
    return h("label", { class: `reply r-${reply}` }, radios[reply], h("span", {}, say(`reply.${reply}`)));
  }));
  const reason = h("textarea", { rows: 1, "data-field": "reason" });
  reason.id = newId("reason");
  const reasonLine = h("div", { class: "field reason" }, h("label", { for: reason.id }, say("item.reason")), reason);
  reasonLine.hidden = true;
  const toggle = button("", { class: "quiet toggle", "aria-expanded": "false", onclick: () => open(!isOpen()) });
  const confirm = button(say("item.confirm"), { class: "quiet", onclick: () => ctx.answer(name, { ...draft(), confirm: true }) });
  const details = h("div", { class: "details" });
  details.id = newId("details");
  details.hidden = true;
  toggle.setAttribute("aria-controls", details.id);
  const fieldset = h("fieldset", { "aria-describedby": becauseId },
    h("legend", {}, fixed.ask), h("div", { class: "line" }, replies, marks), reasonLine);
  const element = h("div", { class: fixed.choiceOf ? "item choice" : "item", "data-item": name },
    fieldset, because, source, status, h("div", { class: "foot" }, toggle, confirm, h("code", {}, name)), details);
  let behind = null;

  const draft = () => ctx.draftOf(name);
  const isOpen = () => !details.hidden;

  function open(is) {
    if (is && !behind) {
      behind = createDetails(name, ctx);
      details.append(behind.element);
      behind.update(store.items[name], draft());
    }
    details.hidden = !is;
    toggle.setAttribute("aria-expanded", String(is));
    nameToggle();
  }

  function nameToggle() {
    const shown = draft();
    const parts = [
      shown.note && say("item.has.note"),
      shown.evidence?.length && say("item.has.evidence", { n: shown.evidence.length }),
      shown.plan && (shown.plan.action || shown.plan.due) && say("item.has.plan"),
      store.items[name].findings?.length && say("item.has.checks", { n: store.items[name].findings.length }),
    ].filter(Boolean);
    const word = say(isOpen() ? "item.close" : "item.open");
    setText(toggle, parts.length && !isOpen() ? `${word} (${parts.join(say("list.separator"))})` : word);
  }

  reason.addEventListener("input", () => ctx.answer(name, { ...draft(), reason: reason.value }, 600));
  reason.addEventListener("blur", () => ctx.outbox.flush());

  function update(item) {
    const shown = draft();
    element.classList.toggle("decides", Boolean(item.decides));
    element.classList.toggle("out", Boolean(item.out));
    refill(marks, stateMark(say, item.state), tags(say, item));
    refill(because, (item.because ?? []).map((cause) => h("li", {}, cause)));
    for (const reply of REPLIES) {
      const chosen = shown.answer === reply;
      if (radios[reply].checked !== chosen) radios[reply].checked = chosen;
      radios[reply].parentElement.classList.toggle("on", chosen);
    }
    reasonLine.hidden = shown.answer !== "not-applicable";
    if (document.activeElement !== reason || !ctx.outbox.entry(`answer:${name}`)) {
      if (reason.value !== (shown.reason ?? "")) reason.value = shown.reason ?? "";
    }
    confirm.hidden = item.state !== "stale" || !item.draft?.answer;
    showSource(item);
    showStatus();
    nameToggle();
    behind?.update(item, shown);
  }

  function showSource(item) {
    const above = item.inherited;
    const own = item.draft;
    const parts = [];
    if (above) {
      const who = say(`item.from.${above.from}`, { name: above.name });
      const what = above.answer ? say(`reply.${above.answer}`) : say("item.plan-only");
      parts.push(say(own ? "item.overrides" : "item.inherited", { who, answer: what, by: above.by, on: above.on }));
      if (!own && above.note) parts.push(` “${above.note}”`);
    }
    if (own) parts.push(parts.length ? " " : "", say("item.by", { by: own.by, on: own.on }));
    source.hidden = !parts.length;
    refill(source, parts);
  }

  function showStatus() {
    const entry = ctx.outbox.entry(`answer:${name}`);
    const lines = [];
    if (entry?.stage === "incomplete") lines.push(...entry.lacks.map((lack) => h("p", { class: "lack" }, lack.says)));
    if (entry?.stage === "refused") lines.push(h("p", { class: "lack" }, entry.says));
    if (entry?.stage === "incomplete" || entry?.stage === "refused") {
      lines.push(button(say("item.discard"), { class: "quiet", onclick: () => ctx.discard(name) }));
    }
    if (entry?.stage === "conflict") lines.push(ctx.conflict(name, entry));
    status.hidden = !lines.length;
    const key = entry && lines.length ? `${entry.stage} ${entry.says} ${JSON.stringify(entry.lacks)} ${entry.version}` : "";
    if (status.dataset.key !== key) {
      status.dataset.key = key;
      refill(status, lines);
    }
    behind?.lacks(entry?.stage === "incomplete" ? entry.lacks : []);
    const needsReason = entry?.stage === "incomplete" && entry.lacks.some((lack) => lack.field === "reason");
    reason.setAttribute("aria-invalid", String(needsReason));
  }

  return {
    name,
    element,
    radios,
    update,
    open,
    isOpen,
    showStatus,
    reason,
    details: () => behind,
    focus() {
      const chosen = REPLIES.find((reply) => radios[reply].checked) ?? "yes";
      radios[chosen].focus();
    },
  };
}
