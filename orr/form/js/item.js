// One item: the question as a group, its replies as radios, its state beside it. What only some items
// show (a reason, a source, what is wrong) and what is behind one is built when it is needed.
import { button, coded, h, newId, refill, setText } from "./dom.js";
import { createMarks } from "./marks.js";
import { createAbove } from "./above.js";
import { createDetails } from "./details.js";

const REPLIES = ["yes", "partial", "no", "not-applicable"];

// What all items have in common, made once and copied.
export function createMould(say) {
  const made = [
    h("fieldset", {}, h("legend", {}), h("div", { class: "line" },
      h("div", { class: "replies" }, REPLIES.map((reply) =>
        h("label", { class: `reply r-${reply}` }, h("input", { type: "radio", value: reply }), h("span", {}, say(`reply.${reply}`))))),
      h("span", { class: "marks" }))),
    h("ul", { class: "because" }),
    h("div", { class: "foot" }, button(say("item.open"), { class: "quiet toggle", "aria-expanded": "false" }), h("a", { class: "itemlink" }, h("code", {})))];
  const mould = document.createDocumentFragment();
  mould.append(...made);
  return { copy: () => mould.cloneNode(true), marks: createMarks(say) };
}

export function createItem(name, ctx, mould, element) {
  const { say, store } = ctx;
  const fixed = store.items[name];
  const [fieldset, because, foot] = mould.copy().children;
  const [legend, line] = fieldset.children;
  const [replies, marks] = line.children;
  const [toggle, anchor] = foot.children;
  const radios = {};
  [...replies.children].forEach((label, place) => {
    radios[REPLIES[place]] = label.firstElementChild;
    label.firstElementChild.name = `${ctx.client}-${name}`;
  });
  because.id = newId("because");
  fieldset.setAttribute("aria-describedby", because.id);
  refill(legend, coded(fixed.ask));
  anchor.firstChild.textContent = name;
  anchor.href = ctx.addressOf(name);
  anchor.title = say("item.link");
  anchor.addEventListener("click", (event) => {
    event.preventDefault(); // JupyterLab would take it for a heading of the notebook
    ctx.copyLink(name);
  });
  element.append(fieldset, because, foot);
  const parts = {};
  let behind = null;

  const draft = () => ctx.draftOf(name);
  const isOpen = () => Boolean(parts.details) && !parts.details.hidden;
  const part = (key, make) => (parts[key] ??= make());

  const reason = () => part("reason", () => {
    const control = h("textarea", { rows: 1, "data-field": "reason", id: newId("reason") });
    control.addEventListener("input", () => ctx.answer(name, { ...draft(), reason: control.value }, 600));
    control.addEventListener("blur", () => ctx.outbox.flush());
    fieldset.append(h("div", { class: "field reason" }, h("label", { for: control.id }, say("item.reason")), control));
    return control;
  });
  const confirm = () => part("confirm", () => {
    const made = button(say("item.confirm"), { class: "quiet", onclick: () => ctx.answer(name, { ...draft(), confirm: true }) });
    toggle.after(made);
    return made;
  });
  const agree = () => part("agree", () => {
    const says = h("span", { class: "lack", role: "alert" });
    const made = h("span", {}, button(say("item.agree"), { class: "quiet", "data-act": "agree", onclick: async () => {
      const result = await ctx.once({ what: "agree", item: name });
      refill(says, result.kind === "ack" ? "" : coded(result.says));
      if (says.textContent) says.scrollIntoView({ block: "nearest" });
    } }), says);
    toggle.after(made);
    return made;
  });
  const source = () => part("source", () => {
    because.after(h("p", { class: "source" }));
    return because.nextElementSibling;
  });
  const status = () => part("status", () => {
    foot.before(h("div", { class: "item-status", role: "group", "aria-label": say("item.status") }));
    return foot.previousElementSibling;
  });

  // What the team or the organization answers is saved once it is said for whom.
  function share(answer) {
    const close = () => {
      parts.above?.remove();
      parts.above = null;
      update(store.items[name]);
      (radios[answer] ?? toggle).focus();
    };
    parts.above?.remove();
    const above = createAbove(name, answer, ctx, close);
    parts.above = above.element;
    foot.before(above.element);
    for (const reply of REPLIES) radios[reply].checked = reply === answer;
    above.focus();
  }

  function open(is) {
    const details = part("details", () => h("div", { class: "details", id: newId("details") }));
    if (is && !behind) {
      behind = createDetails(name, ctx);
      details.append(behind.element);
      element.append(details);
      toggle.setAttribute("aria-controls", details.id);
      behind.update(store.items[name], draft());
    }
    details.hidden = !is;
    toggle.setAttribute("aria-expanded", String(is));
    nameToggle(draft());
  }

  function nameToggle(shown) {
    const has = isOpen() ? [] : [
      shown.note && say("item.has.note"),
      shown.evidence?.length && say("item.has.evidence", { n: shown.evidence.length }),
      shown.plan && (shown.plan.action || shown.plan.due) && say("item.has.plan"),
      store.comments?.[name]?.length && say("item.has.comments", { n: store.comments[name].length }),
      store.items[name].findings?.length && say("item.has.checks", { n: store.items[name].findings.length }),
    ].filter(Boolean);
    const word = say(isOpen() ? "item.close" : "item.open");
    setText(toggle, has.length ? `${word} (${has.join(say("list.separator"))})` : word);
  }

  function update(item) {
    const shown = draft();
    element.classList.toggle("decides", Boolean(item.decides));
    element.classList.toggle("out", Boolean(item.out));
    mould.marks(marks, item);
    because.replaceChildren(...(item.because ?? []).map((cause) => h("li", {}, coded(cause))));
    for (const reply of parts.above ? [] : REPLIES) {
      const chosen = shown.answer === reply;
      if (radios[reply].checked !== chosen) radios[reply].checked = chosen;
      radios[reply].parentElement.classList.toggle("on", chosen);
    }
    showReason(shown);
    const stale = item.state === "stale" && item.draft?.answer;
    if (stale || parts.confirm) confirm().hidden = !stale;
    if (item.unapproved || parts.agree) agree().hidden = !item.unapproved;
    showSource(item);
    showStatus();
    nameToggle(shown);
    behind?.update(item, shown);
  }

  function showReason(shown) {
    const needed = shown.answer === "not-applicable";
    if (!needed && !parts.reason) return;
    reason().parentElement.hidden = !needed;
    const typing = document.activeElement === reason() && ctx.outbox.entry(`answer:${name}`);
    if (!typing && reason().value !== (shown.reason ?? "")) reason().value = shown.reason ?? "";
  }

  function showSource(item) {
    const above = item.inherited;
    const own = item.draft;
    const says = [];
    if (above) {
      const who = say(`item.from.${above.from}`, { name: above.name });
      const what = above.answer ? say(`reply.${above.answer}`) : say("item.plan-only");
      says.push(say(own ? "item.overrides" : "item.inherited", { who, answer: what, by: above.by, on: above.on }));
      if (!own && above.note) says.push(` “${above.note}”`);
    }
    const told = own && item.because?.some((cause) => cause.includes(own.by) && cause.includes(own.on));
    if (own && !told) says.push(says.length ? " " : "", say("item.by", { by: own.by, on: own.on }));
    if (!says.length && !parts.source) return;
    source().hidden = !says.length;
    refill(source(), says);
  }

  function showStatus() {
    const entry = ctx.outbox.entry(`answer:${name}`);
    const incomplete = entry?.stage === "incomplete";
    behind?.lacks(incomplete ? entry.lacks : []);
    parts.reason?.setAttribute("aria-invalid", String(incomplete && entry.lacks.some((lack) => lack.field === "reason")));
    const wrong = incomplete ? entry.lacks.map((lack) => lack.says) : entry?.stage === "refused" ? [entry.says] : [];
    const asks = entry?.stage === "conflict";
    if (!wrong.length && !asks && !parts.status) return;
    status().hidden = !wrong.length && !asks;
    const key = status().hidden ? "" : `${entry.stage} ${wrong.join("\n")} ${entry.version}`;
    if (status().dataset.key === key) return;
    status().dataset.key = key;
    refill(status(), wrong.map((says) => h("p", { class: "lack" }, coded(says))), asks && ctx.conflict(name, entry),
      wrong.length > 0 && button(say("item.discard"), { class: "quiet", onclick: () => ctx.discard(name) }));
  }

  return {
    name,
    element,
    radios,
    update,
    open,
    share,
    isOpen,
    get reason() {
      return reason();
    },
    details: () => behind,
    focus() {
      const chosen = REPLIES.find((reply) => radios[reply].checked) ?? "yes";
      radios[chosen].focus();
    },
  };
}
