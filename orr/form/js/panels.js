// The tabs and what is below them. Only the panel that is seen is kept up to date.
import { h, refill } from "./dom.js";
import { createTop } from "./top.js";
import { createList } from "./list.js";
import { createPeople } from "./people.js";
import { createPremortem } from "./premortem.js";
import { showFragment } from "./pictures.js";
import { keepSteady } from "./steady.js";

const TABS = ["items", "path", "people", "premortem"];
const NARROW = 620;

export function createPanels(ctx, client, tab) {
  const { say } = ctx;
  const top = createTop(ctx);
  const list = createList(ctx);
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
  let drawn = null;

  function show(name) {
    tab = name;
    for (const one of TABS) {
      tabs[one].setAttribute("aria-selected", String(one === name));
      tabs[one].tabIndex = one === name ? 0 : -1;
      panels[one].hidden = one !== name;
    }
    if (name === "people") people.update();
    if (name === "path" || name === "premortem") ctx.pictures();
  }

  return {
    top, list, people, premortem, show,
    tab: () => tab,
    step(by) {
      show(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]);
      tabs[tab].focus();
    },
    put(root, more) {
      refill(root, top.element, tablist, Object.values(panels), more);
      if (root.clientWidth && root.clientWidth < NARROW) top.collapse();
      premortem.update();
      top.update();
      show(tab);
      list.views.buildAll();
      keepSteady(top.element, list.scroller);
    },
    patched(moved, said) {
      list.update(moved);
      top.update();
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
