// The tabs and what is below them. Only the panel that is seen is kept up to date.
import { h, refill } from "./dom.js";
import { createTop } from "./top.js";
import { createBar } from "./bar.js";
import { createList } from "./list.js";
import { createPeople } from "./people.js";
import { createPremortem } from "./premortem.js";
import { showFragment } from "./pictures.js";
import { keepSteady } from "./steady.js";

const TABS = ["items", "path", "people", "premortem"];
const NARROW = 720;

export function createPanels(ctx, client, tab) {
  const { say } = ctx;
  const top = createTop(ctx);
  const list = createList(ctx);
  const bar = createBar(ctx, list.bar.element);
  const people = createPeople(ctx);
  const premortem = createPremortem(ctx);
  const path = h("div", { class: "page" }, ["path", "readiness", "forecast"].map((name) => h("div", { class: "fragment", "data-part": name })));
  const contents = { items: list.element, path, people: people.element, premortem: premortem.element };
  const tabs = {};
  const panels = {};
  for (const name of TABS) {
    tabs[name] = h("button", {
      type: "button", role: "tab", id: `${client}-tab-${name}`, "aria-controls": `${client}-panel-${name}`, onclick: () => show(name),
    }, say(`tab.${name}`));
    panels[name] = h("div", {
      role: "tabpanel", id: `${client}-panel-${name}`, "aria-labelledby": `${client}-tab-${name}`, tabindex: name === "items" ? undefined : "0", class: "panel",
    }, contents[name]);
  }
  const tablist = h("div", { role: "tablist", class: "tabs", "aria-label": say("tab.title") }, Object.values(tabs));
  const scroller = h("div", { class: "scroll" }, top.element, tablist, bar.element, Object.values(panels));
  const seen = {};
  let drawn = null;

  // Where the line stands that stays in view: what is shown below it begins there.
  const edge = () => tablist.offsetTop + tablist.offsetHeight;

  function show(name) {
    const from = scroller.scrollTop;
    seen[tab] = from;
    if (name !== tab && from > edge()) scroller.scrollTop = Math.max(edge(), seen[name] ?? 0);
    tab = name;
    list.bar.element.hidden = name !== "items";
    for (const one of TABS) {
      tabs[one].setAttribute("aria-selected", String(one === name));
      tabs[one].tabIndex = one === name ? 0 : -1;
      panels[one].hidden = one !== name;
    }
    if (name === "people") people.update();
    if (name === "path" || name === "premortem") ctx.pictures();
  }

  function update() {
    top.update();
    bar.update();
  }

  return {
    top, bar, list, people, premortem, show,
    tab: () => tab,
    step(by) {
      show(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]);
      tabs[tab].focus();
    },
    put(root, more) {
      refill(root, scroller, more);
      if (root.clientWidth && root.clientWidth < NARROW) top.collapse();
      premortem.update();
      update();
      show(tab);
      list.views.buildAll();
      keepSteady([top.element, bar.element], Object.values(panels), scroller);
      new IntersectionObserver(([{ isIntersecting }]) => bar.element.classList.toggle("stuck", !isIntersecting), { root: scroller }).observe(top.element);
    },
    update,
    overview() {
      scroller.scrollTop = 0;
      top.verdict.focus({ preventScroll: true });
    },
    patched(moved, said) {
      list.update(moved);
      update();
      if (said?.scenarios) premortem.update();
      if (tab === "people") people.update();
      if (tab === "path" && said?.digest && said.digest !== drawn) {
        drawn = said.digest;
        ctx.pictures();
      }
    },
    draw(message, dark) {
      for (const holder of path.children) showFragment(holder, message.style, message[holder.dataset.part], dark, ctx.jump);
      showFragment(premortem.grid, message.style, message.grid ?? "", dark, ctx.jump);
    },
  };
}
