// The views of all items. Each has its place from the start; what is in it is built when it is asked
// for, and for all others while the page has nothing else to do.
import { h } from "./dom.js";
import { createItem, createMould } from "./item.js";
import { createUnit } from "./unit.js";

const AT_ONCE = 12;
const SLICE_MS = 8;

const whenIdle = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 100 }) : setTimeout(work, 0));

export function createViews(ctx) {
  const { store } = ctx;
  const mould = createMould(ctx.say);
  const places = new Map();
  const built = new Map();
  for (const name of store.order) {
    const { ask, choices, choiceOf } = store.items[name];
    places.set(name, choices
      ? h("section", { class: "unit", "data-unit": name, tabindex: "-1", "aria-label": ask })
      : h("div", { class: choiceOf ? "item choice" : "item", "data-item": name }));
  }

  function get(name) {
    if (built.has(name) || !places.has(name)) return built.get(name);
    const create = store.items[name].choices ? createUnit : createItem;
    const view = create(name, ctx, mould, places.get(name));
    built.set(name, view);
    view.update(store.items[name]);
    return view;
  }

  // In the order of the page; a page that is rebuilt meanwhile ends it.
  function buildAll() {
    const left = store.order.filter((name) => !built.has(name));
    const build = () => {
      const end = performance.now() + SLICE_MS;
      while (left.length && performance.now() < end) get(left.shift());
      if (left.length && places.get(left[0]).isConnected) whenIdle(build);
    };
    store.order.slice(0, AT_ONCE).forEach(get);
    whenIdle(build);
  }

  return {
    get,
    buildAll,
    place: (name) => places.get(name),
    places: () => places.entries(),
    has: (name) => places.has(name),
    open: () => [...built.values()].filter((view) => view.isOpen?.()).map((view) => view.name),
    // What is not built yet will be made from what is known then.
    update: (name) => built.get(name)?.update(store.items[name]),
  };
}
