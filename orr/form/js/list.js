// All items by checklist and section, and the filters above them.
import { button, field, h, setText } from "./dom.js";
import { NO_FILTER, matches, nextOf, ownersOf, shownItems } from "./filters.js";
import { createViews } from "./views.js";

const STATES = ["not-met", "unknown", "stale", "unanswered", "partial", "met", "not-applicable"];
const BATCH = 10;
const ITEM_HEIGHT = 130;

export function createList(ctx) {
  const { say, store } = ctx;
  const views = createViews(ctx);
  const owned = new Map();
  const groups = [];
  let filter = { ...NO_FILTER };
  let shown = new Set();

  const option = (value, words) => h("option", { value }, words);
  const controls = {
    text: h("input", { type: "search", autocomplete: "off", placeholder: say("filter.text.hint") }),
    state: h("select", {}, option("", say("filter.any")), option("open", say("filter.open")), STATES.map((one) => option(one, say(`state.${one}`)))),
    risk: h("select", {}, option("", say("filter.any")), ["high", "medium", "low"].map((one) => option(one, say(`risk.${one}`)))),
    checklist: h("select", {}, option("", say("filter.any")), store.checklists.map((one) => option(one.name, one.title))),
    owner: h("select", {}, option("", say("filter.any"))),
    blocking: h("input", { type: "checkbox" }),
    decides: h("input", { type: "checkbox" }),
  };
  const count = h("p", { class: "count", role: "status" });
  const nothing = h("p", { class: "hint nothing" }, say("filter.nothing"));
  const reset = button(say("filter.reset"), { class: "quiet", onclick: () => { set({ ...NO_FILTER }); controls.text.focus(); } });
  const box = (name) => h("label", { class: "check" }, controls[name], h("span", {}, say(`filter.${name}`)));
  const drop = (name) => field(say(`filter.${name}`), controls[name]);
  const rest = h("details", { class: "filter-rest" }, h("summary", {}, say("filter.more")),
    h("div", { class: "row" }, drop("state"), drop("risk"), drop("checklist"), drop("owner"), box("blocking")));
  const bar = h("div", { class: "filters", role: "search", "aria-label": say("filter.title") },
    field(say("filter.text"), controls.text, { class: "field search" }), box("decides"),
    button(say("filter.next"), { onclick: () => ctx.act.nextOpen() }, "o"), rest, count, reset);
  const scroll = h("div", { class: "scroll" }, nothing);
  const element = h("div", { class: "items" }, bar, scroll);

  for (const [key, control] of Object.entries(controls)) {
    const value = () => (control.type === "checkbox" ? control.checked : control.value);
    control.addEventListener(control.type === "search" ? "input" : "change", () => set({ ...filter, [key]: value() }));
  }
  scroll.addEventListener("change", ({ target }) => {
    const name = target.closest("[data-item]")?.dataset.item;
    if (name && target.type === "radio") ctx.reply(name, target.value);
  });
  scroll.addEventListener("click", ({ target }) => {
    const view = target.matches(".toggle") && views.get(target.closest("[data-item]").dataset.item);
    if (view) view.open(!view.isOpen());
  });

  // The browser watches what it leaves undrawn, each frame anew: a few batches cost it less than many items.
  function batched(names) {
    const batches = [];
    for (let start = 0; start < names.length; start += BATCH) {
      const members = names.slice(start, start + BATCH);
      const element = h("div", { class: "batch" }, members.map(views.place));
      groups.push({ element, names: members });
      batches.push(element);
    }
    return batches;
  }

  for (const checklist of store.checklists) {
    const sections = checklist.sections.map((section) => {
      const inside = section.unit ? section.items.map(views.place) : batched(section.items);
      const unit = section.unit && views.place(section.unit);
      unit?.append(...inside);
      const part = h("div", { class: "section" }, !unit && h("h4", {}, section.title), unit || inside);
      const names = section.unit ? [section.unit, ...section.items] : section.items;
      groups.push({ element: part, names });
      return { part, names };
    });
    const whole = h("section", { class: "checklist", "data-checklist": checklist.name, "aria-label": checklist.title },
      h("h3", {}, checklist.title), sections.map(({ part }) => part));
    groups.push({ element: whole, names: sections.flatMap(({ names }) => names) });
    scroll.append(whole);
  }

  function fillOwners() {
    for (const name of store.order) owned.set(name, store.items[name].owner);
    const owners = ownersOf(store.items);
    const key = owners.join("\n");
    if (controls.owner.dataset.key === key) return;
    controls.owner.dataset.key = key;
    controls.owner.replaceChildren(option("", say("filter.any")), ...owners.map((one) => option(one, one)));
    controls.owner.value = filter.owner;
    ctx.people(owners);
  }

  function set(next) {
    filter = next;
    for (const [key, control] of Object.entries(controls)) {
      if (control.type === "checkbox") control.checked = filter[key];
      else if (control.value !== filter[key]) control.value = filter[key];
    }
    shown = shownItems(filter, store.order, store.items, ctx.localOf);
    show();
  }

  function show() {
    for (const [name, place] of views.places()) place.hidden = !shown.has(name);
    for (const { element, names } of groups) {
      const count = names.filter((name) => shown.has(name)).length;
      element.hidden = !count;
      if (element.className === "batch") element.style.containIntrinsicBlockSize = `auto ${count * ITEM_HEIGHT}px`;
    }
    nothing.hidden = shown.size > 0;
    reset.hidden = JSON.stringify(filter) === JSON.stringify(NO_FILTER);
    counted();
  }

  function counted() {
    const asked = store.order.filter((name) => !store.items[name].choices);
    setText(count, say("filter.count", { shown: asked.filter((name) => shown.has(name)).length, all: asked.length }));
  }

  // What was answered stays in view until the filter is set anew; what has come to match appears.
  function update(names) {
    let more = false;
    for (const name of names) {
      views.update(name);
      if (!shown.has(name) && !store.items[name].choiceOf && matches(filter, name, store.items[name], ctx.localOf(name))) {
        shown.add(name);
        for (const choice of store.items[name].choices ?? []) shown.add(choice);
        more = true;
      }
    }
    if (names.some((name) => owned.get(name) !== store.items[name].owner)) fillOwners();
    if (more) show();
  }

  const answerable = () => store.order.filter((name) => shown.has(name) && !store.items[name].choices);

  function next(from, step, wanted = () => true) {
    return nextOf(answerable(), from, (name) => wanted(store.items[name]), step);
  }

  function go(name) {
    if (!shown.has(name)) set({ ...NO_FILTER });
    const view = views.get(name);
    view.focus();
    view.element.scrollIntoView({ block: "center", behavior: "instant" });
  }

  set(filter);
  fillOwners();
  return { element, scroller: scroll, views, update, set, go, next, filter: () => filter, search: () => controls.text.focus(), first: () => answerable()[0] };
}
