// The filters and the grouping of the items. What is always at hand stands in the line; the rest opens below it.
import { button, field, h, newId, setText } from "./dom.js";
import { NO_FILTER, ownersOf } from "./filters.js";
import { GROUPINGS, ROLES, STATES } from "./groups.js";

export function createFilterBar(ctx, changed) {
  const { say, store } = ctx;
  let filter = { ...NO_FILTER };

  const option = (value, words) => h("option", { value }, words);
  const choice = (any, values, wordOf) => h("select", {}, any, values.map((one) => option(one, wordOf(one))));
  const all = () => option("", say("filter.any"));
  const controls = {
    text: h("input", { type: "search", autocomplete: "off", placeholder: say("filter.text.hint") }),
    state: choice([all(), option("open", say("filter.open"))], STATES, (one) => say(`state.${one}`)),
    risk: choice(all(), ["high", "medium", "low"], (one) => say(`risk.${one}`)),
    checklist: choice(all(), store.checklists.map((one) => one.name), (name) => store.checklists.find((one) => one.name === name).title),
    role: choice(all(), ROLES, (one) => say(`role.${one}`)),
    owner: choice(all(), [], String),
    blocking: h("input", { type: "checkbox" }),
    core: h("input", { type: "checkbox" }),
    decides: h("input", { type: "checkbox" }),
    mine: h("input", { type: "checkbox" }),
    fresh: h("input", { type: "checkbox" }),
  };
  // What these two let through is looked up when they are set.
  const named = { mine: () => store.top.mine?.[ctx.who()] ?? [], fresh: () => ctx.fresh() };
  const grouping = choice([], GROUPINGS, (one) => say(`group.${one}`));
  const count = h("p", { class: "count", role: "status" });
  const reset = button(say("filter.reset"), { class: "quiet reset", onclick: () => { set({ ...NO_FILTER }); controls.text.focus(); } });
  const box = (name) => h("label", { class: `check ${name}` }, controls[name], h("span", {}, say(`filter.${name}`)));
  const drop = (name) => field(say(`filter.${name}`), controls[name]);
  const has = (key) => Object.values(store.items).some((item) => item[key]);
  const rest = h("div", { class: "row rest", id: newId("rest"), hidden: true }, field(say("group.title"), grouping), drop("state"), drop("risk"),
    drop("checklist"), has("roles") && drop("role"), drop("owner"), box("blocking"), has("core") && box("core"), box("mine"), box("fresh"));
  const used = h("span", { class: "used" });
  const toggle = button([h("span", { class: "long" }, say("filter.more")), h("span", { class: "short" }, say("filter.short")), used], { class: "filter-toggle", "aria-expanded": "false", "aria-controls": rest.id, onclick: () => open(rest.hidden) });
  const next = button([h("span", { class: "long" }, say("filter.next")), h("span", { class: "short", "aria-hidden": "true" }, "→")],
    { class: "next", "aria-label": say("filter.next"), onclick: () => ctx.act.nextOpen() }, "o");
  const element = h("div", { class: "filters", role: "search", "aria-label": say("filter.title") },
    field(say("filter.text"), controls.text, { class: "field search" }), box("decides"), next, toggle, count, reset, rest);

  for (const [key, control] of Object.entries(controls)) {
    const value = () => (key in named ? (control.checked ? named[key]() : null) : control.type === "checkbox" ? control.checked : control.value);
    control.addEventListener(control.type === "search" ? "input" : "change", () => set({ ...filter, [key]: value() }));
  }
  grouping.addEventListener("change", () => changed(filter));

  function open(is) {
    rest.hidden = !is;
    element.classList.toggle("open", is);
    toggle.setAttribute("aria-expanded", String(is));
  }

  function set(next) {
    filter = next;
    for (const [key, control] of Object.entries(controls)) {
      if (control.type === "checkbox") control.checked = Boolean(filter[key]);
      else if (control.value !== filter[key]) control.value = filter[key];
    }
    const set = Object.keys(NO_FILTER).filter((key) => filter[key] !== NO_FILTER[key]).length;
    setText(used, set ? ` (${set})` : "");
    reset.hidden = !set;
    changed(filter);
  }

  function owners() {
    const found = ownersOf(store.items);
    const key = found.join("\n");
    if (controls.owner.dataset.key === key) return;
    controls.owner.dataset.key = key;
    controls.owner.replaceChildren(all(), ...found.map((one) => option(one, one)));
    controls.owner.value = filter.owner;
    ctx.people(found);
  }

  return {
    element, set, owners,
    filter: () => filter,
    grouping: () => grouping.value,
    group(by) {
      grouping.value = by;
      changed(filter);
    },
    counted: (shown, all) => setText(count, say("filter.count", { shown, all })),
    search() {
      if (!controls.text.checkVisibility()) open(true);
      controls.text.focus();
    },
  };
}
