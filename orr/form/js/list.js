// All items, arranged and filtered.
import { h } from "./dom.js";
import { createFilterBar } from "./filterbar.js";
import { NO_FILTER, matches, nextOf, shownItems } from "./filters.js";
import { arrange } from "./groups.js";
import { createViews } from "./views.js";

const BATCH = 10;
const ITEM_HEIGHT = 130;
const MOVING_GROUPS = new Set(["person", "state"]);

export function createList(ctx) {
  const { say, store } = ctx;
  const views = createViews(ctx);
  const owned = new Map();
  let groups = [];
  let order = [];
  let shown = new Set();
  let current = null;
  let arranged = null;
  const nothing = h("p", { class: "hint nothing" }, say("filter.nothing"));
  const body = h("div", { class: "list" });
  const element = h("div", { class: "items" }, nothing, body);
  const bar = createFilterBar(ctx, refilter);
  const itemOf = (target) => target.closest("[data-item]")?.dataset.item;

  element.addEventListener("change", ({ target }) => {
    const name = itemOf(target);
    if (name && target.type === "radio") ctx.reply(name, target.value);
  });
  element.addEventListener("click", ({ target }) => {
    const view = views.get(itemOf(target));
    if (!view) return;
    if (target.matches(".toggle")) view.open(!view.isOpen());
    else if (!target.closest("a, button, input, label, select, textarea, summary") && getSelection().isCollapsed) view.focus();
  });
  element.addEventListener("focusin", ({ target }) => itemOf(target) && mark(itemOf(target)));

  function mark(name) {
    if (current) views.place(current).classList.remove("current");
    if (current) views.place(current).removeAttribute("aria-current");
    current = name;
    views.place(name).classList.add("current");
    views.place(name).setAttribute("aria-current", "true");
  }

  const titles = Object.fromEntries(store.checklists.map((one) => [one.name, one.title]));
  const titleOf = {
    checklist: (key) => ({ first: say("group.first"), challenged: say("top.challenged") })[key] ?? titles[key],
    role: (key) => (key ? say(`role.${key}`) : say("group.no-role")),
    person: (key) => key || say("group.nobody"),
    state: (key) => { const word = say(`state.${key}`); return word[0].toUpperCase() + word.slice(1); },
  };
  const withChoices = (name) => [name, ...(store.items[name].choices ?? [])];

  // What moves with the answers is arranged when it is asked for, and stays in its place until it is asked for again.
  function layOut() {
    const by = bar.grouping();
    const held = element.contains(document.activeElement) ? document.activeElement : null;
    groups = [];
    const wholes = arrange(by, store.checklists, store.items).map(({ key, parts }) => {
      const title = titleOf[by](key);
      const sections = parts.map((part) => {
        const element = h("div", { class: "section" }, part.title && h("h4", {}, part.title), batched(part.names));
        const names = part.names.flatMap(withChoices);
        groups.push({ element, names });
        return { element, names };
      });
      const element = h("section", { class: "group", "data-group": key, "aria-label": title }, h("h3", {}, title), sections.map((one) => one.element));
      const names = sections.flatMap((one) => one.names);
      groups.push({ element, names });
      return { element, names };
    });
    order = wholes.flatMap(({ names }) => names);
    body.replaceChildren(...wholes.map((one) => one.element));
    held?.focus({ preventScroll: true });
  }

  // The browser watches what it leaves undrawn, each frame anew: a few batches cost it less than many items.
  function batched(names) {
    const batches = [];
    for (let start = 0; start < names.length; start += BATCH) {
      const members = names.slice(start, start + BATCH);
      const element = h("div", { class: "batch" }, members.map(placed));
      groups.push({ element, names: members.flatMap(withChoices) });
      batches.push(element);
    }
    return batches;
  }

  function placed(name) {
    const place = views.place(name);
    place.append(...(store.items[name].choices ?? []).map(views.place));
    return place;
  }

  function refilter(filter) {
    shown = shownItems(filter, store.order, store.items, ctx.localOf);
    if (arranged !== bar.grouping() || MOVING_GROUPS.has(arranged)) layOut();
    arranged = bar.grouping();
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
    const asked = order.filter((name) => !store.items[name].choices);
    bar.counted(asked.filter((name) => shown.has(name)).length, asked.length);
  }

  // What was answered stays in view until the filter is set anew; what has come to match appears.
  function update(names) {
    let more = false;
    for (const name of names) {
      views.update(name);
      if (!shown.has(name) && !store.items[name].choiceOf && matches(bar.filter(), name, store.items[name], ctx.localOf(name))) {
        for (const one of withChoices(name)) shown.add(one);
        more = true;
      }
    }
    if (names.some((name) => owned.get(name) !== store.items[name].owner)) listOwners();
    if (more) show();
  }

  function listOwners() {
    for (const name of store.order) owned.set(name, store.items[name].owner);
    bar.owners();
  }

  const answerable = () => order.filter((name) => shown.has(name) && !store.items[name].choices);

  function next(from, step, wanted = () => true) {
    return nextOf(answerable(), from ?? current, (name) => wanted(store.items[name]), step);
  }

  function go(name) {
    if (!shown.has(name)) bar.set({ ...NO_FILTER });
    const view = views.get(name);
    view.focus();
    const { element } = view;
    const tall = element.offsetHeight > element.closest(".scroll").clientHeight * 0.7;
    element.scrollIntoView({ block: tall ? "start" : "center", behavior: "instant" });
  }

  async function drop(name, files) {
    const view = views.get(name);
    mark(name);
    view.open(true);
    await view.details().take(files);
  }

  bar.set({ ...NO_FILTER });
  listOwners();
  return {
    element, bar, views, update, go, next, drop,
    current: () => current,
    first: () => answerable()[0],
  };
}
