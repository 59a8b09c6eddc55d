// The form: what Python says goes into the store and from there into the views; what people do goes
// into the outbox and from there to Python.
import { h, refill, newId } from "./dom.js";
import { wordsOf } from "./wording.js";
import { createOutbox } from "./outbox.js";
import { createStore } from "./store.js";
import { createAlive } from "./alive.js";
import { createLine } from "./line.js";
import { createActions } from "./actions.js";
import { createReceiver } from "./receiver.js";
import { createPanels } from "./panels.js";
import { createPeopleList } from "./details.js";
import { createCommands } from "./commands.js";
import { openStorage, storePerson, storedPerson } from "./storage.js";
import { listen } from "./keys.js";
import { listenToDrops } from "./drops.js";
import { createSeen } from "./seen.js";
import { followTheme } from "./theme.js";

// What the end of an address names; what is no right address names nothing.
function itemIn(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}

function render({ model, el }) {
  const client = `c${Math.random().toString(36).slice(2, 10)}`;
  const storage = openStorage();
  const store = createStore();
  const root = h("div", { class: "orr-form", tabindex: "-1" });
  const still = document.head.appendChild(h("style", {}, ".orr-still{display:none!important}"));
  el.append(root);
  const form = { store, parts: null, outbox: null, who: null, suggested: null, asked: false, trouble: null, ctx: null, seen: null, know, begin, draw };
  const line = createLine(model, client, () => form.who ?? "");
  const peopleList = createPeopleList(newId("people"));
  let drawn = null;
  let ended = false;

  const alive = createAlive({
    now: () => performance.now(),
    visible: () => document.visibilityState === "visible",
    say: () => line.transmit(store.known ? { kind: "here" } : { kind: "hello" }),
    changed(is) {
      if (is) form.outbox?.again();
      form.parts?.bar.status();
    },
  });

  const ctx = form.ctx = {
    client, store, root,
    say: (key) => key,
    alive: alive.alive,
    who: () => form.who ?? "",
    peopleList: peopleList.id,
    people: (owners) => refill(peopleList, owners.map((one) => h("option", { value: one }))),
    get outbox() {
      return form.outbox;
    },
    troubled: () => form.trouble,
    fresh: () => form.seen?.changed() ?? [],
  };
  Object.assign(ctx, createActions(form, line));
  ctx.act = createCommands(ctx, () => form.parts);
  const receive = createReceiver(form, line, client);

  function know(person) {
    form.who = person;
    storePerson(storage, person);
    form.parts.top.name(person);
    form.parts.people.update();
    form.outbox.ready(true);
  }

  function begin(all, anew) {
    const first = !form.outbox;
    if (first) {
      form.who = all.by ?? storedPerson(storage);
      form.suggested = all.suggested;
      form.seen = createSeen(storage, `orr-seen|${all.home}|${all.workload}`, store, () => form.who ?? "");
      form.outbox = createOutbox({
        send: line.transmit, storage, prefix: `orr|${all.home}|${all.workload}`, client, now: () => performance.now(),
        later: (work, delay) => setTimeout(work, delay), cancel: clearTimeout, changed,
      });
    }
    if (anew) {
      const held = heldFocus();
      ctx.say = wordsOf(all.words);
      root.lang = all.language;
      rebuild();
      restoreFocus(held);
    } else form.parts.patched(store.order, store.top); // what somebody is about to click stays where it is
    form.parts.top.name(form.who);
    if (first) form.outbox.ready(Boolean(form.who));
    (first ? form.outbox.restore() : form.outbox.entries()).forEach(adopt);
    form.seen.begin();
    if (first) {
      follow(all.at ?? asked());
      askOnce();
    }
  }

  // To the item that the address ends with, or that whoever opened the form named.
  function follow(named) {
    const name = typeof named === "string" ? named : itemIn(location.hash);
    if (store.items?.[name]) ctx.jump(name);
  }

  // JupyterLab cuts the end off the address before any notebook is there; the browser still knows it.
  function asked() {
    const came = new URL(performance.getEntriesByType("navigation")[0]?.name ?? location.href).hash;
    const hash = location.hash || (window.orrLed === came ? "" : came);
    window.orrLed = came;
    return itemIn(hash);
  }

  function changed() {
    form.parts?.bar.status();
    if (form.outbox.status().unsaved) askOnce();
  }

  // Nobody is asked who looks elsewhere as the form comes, but once there is something to save.
  function askOnce() {
    if (!form.who && !form.asked && document.hasFocus()) ctx.askWho();
  }

  // The same form in other words, or of other checklists: what was open, filtered and seen stays so.
  function rebuild() {
    const opened = form.parts?.list.views.open() ?? [];
    const before = form.parts?.list.bar;
    form.parts = createPanels(ctx, client, form.parts?.tab() ?? "items");
    form.parts.put(root, peopleList);
    for (const name of opened) form.parts.list.views.get(name)?.open(true);
    if (before) {
      form.parts.list.bar.group(before.grouping());
      form.parts.list.bar.set(before.filter());
    }
    theme();
  }

  function adopt(entry) {
    const { list, premortem } = form.parts;
    if (entry.key.startsWith("answer:")) list.update([entry.key.slice("answer:".length)]);
    if (entry.key.startsWith("scenario:") && entry.message.edit.scenario && !premortem.taken(entry.key)) premortem.adopt(entry);
    premortem.update();
  }

  function heldFocus() {
    const at = document.activeElement;
    return root.contains(at) ? (at.closest("[data-item]")?.dataset.item ?? at.tagName) : null;
  }

  function restoreFocus(held) {
    if (!held) return;
    if (form.parts.list.views.has(held)) form.parts.list.go(held);
    else if (held === "SELECT") form.parts.top.element.querySelector("select").focus();
    else root.focus();
  }

  function draw(message) {
    drawn = message;
    form.parts?.draw(message, root.classList.contains("dark"));
  }

  const theme = followTheme(root, () => drawn && draw(drawn));
  const onMessage = (message) => {
    if (ended) return;
    alive.receive();
    receive(message);
  };
  const doubt = () => alive.doubt();
  const leave = () => {
    form.outbox?.flush();
    form.seen?.keep();
  };
  const look = () => (document.visibilityState === "visible" ? alive.doubt() : leave());
  const unlisten = listen(root, (meaning, target) => ctx.act.key(meaning, target));
  listenToDrops(root, (name, files) => form.parts.list.drop(name, files));
  const timer = setInterval(() => {
    alive.look();
    if (form.outbox) form.parts?.bar.status();
  }, 500);
  model.on("msg:custom", onMessage);
  model.on("comm_live_update", doubt);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", doubt);
  window.addEventListener("pagehide", leave);
  window.addEventListener("hashchange", follow);
  alive.look();

  return () => {
    leave();
    ended = true;
    clearInterval(timer);
    unlisten();
    theme(true);
    still.remove();
    model.off("msg:custom", onMessage);
    model.off("comm_live_update", doubt);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", doubt);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("hashchange", follow);
  };
}

export default { render };
