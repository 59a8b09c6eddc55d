// The form: what Python says goes into the store and from there into the views; what people do goes
// into the outbox and from there to Python.
import { h, refill, newId } from "./dom.js";
import { wordsOf } from "./wording.js";
import { createOutbox } from "./outbox.js";
import { createStore } from "./store.js";
import { createAlive } from "./alive.js";
import { createTop } from "./top.js";
import { createList } from "./list.js";
import { createPeople, waiverForm } from "./people.js";
import { createPremortem } from "./premortem.js";
import { conflictBox } from "./conflict.js";
import { whoDialog } from "./dialogs.js";
import { showFragment } from "./pictures.js";
import { createPeopleList } from "./details.js";
import { createCommands } from "./commands.js";
import { listen } from "./keys.js";
import { followTheme } from "./theme.js";

const TABS = ["items", "path", "people", "premortem"];

function safeStorage() {
  try {
    window.localStorage.getItem("orr");
    return window.localStorage;
  } catch {
    return null;
  }
}

function render({ model, el }) {
  const client = `c${Math.random().toString(36).slice(2, 10)}`;
  const storage = safeStorage();
  const store = createStore();
  const root = h("div", { class: "orr-form", tabindex: "-1" });
  el.append(root);
  const still = document.head.appendChild(h("style", {}, ".orr-still{display:none!important}"));
  const waiting = new Map();
  let parts = null;
  let outbox = null;
  let who = null;
  let number = 0;
  let tab = "items";
  let ended = false;

  const transmit = (message, buffers) => {
    try {
      model.send({ client, who: who ?? "", ...message }, undefined, buffers);
    } catch {
      // The line is dead; the outbox will try again, and the page says so.
    }
  };

  const alive = createAlive({
    now: () => performance.now(),
    visible: () => document.visibilityState === "visible",
    say: () => transmit(store.known ? { kind: "here" } : { kind: "hello" }),
    changed: (is) => {
      if (is) outbox?.again();
      parts?.top.status();
    },
  });

  const ctx = {
    client, store, root, outbox: null, trouble: null, peopleList: newId("people"),
    say: (key) => key,
    alive: alive.alive,
    who: () => who ?? "",
    message: (edit) => ({ edit }),
    localOf: (name) => outbox?.entry(`answer:${name}`)?.local ?? null,
    draftOf(name) {
      const { by, on, confirm, ...draft } = ctx.localOf(name) ?? store.items[name].draft ?? {};
      return draft;
    },
    answer(name, draft, delay = 0) {
      const edit = { what: "answer", item: name, draft, base: store.items[name].v ?? "" };
      outbox.say(`answer:${name}`, { edit }, { delay, local: draft });
      parts.list.views.get(name).update(store.items[name]);
      parts.top.status();
    },
    reply(name, reply) {
      ctx.answer(name, { ...ctx.draftOf(name), answer: reply });
      const view = parts.list.views.get(name);
      if (reply === "not-applicable" && !view.reason.value) view.reason.scrollIntoView({ block: "nearest" });
    },
    discard(name) {
      outbox.drop(`answer:${name}`);
      parts.list.update([name]);
      parts.list.views.get(name).focus();
    },
    edit: (key, edit) => outbox.say(key, { edit }),
    once(edit) {
      number += 1;
      const key = `once:${number}`;
      const answer = new Promise((settle) => waiting.set(key, settle));
      outbox.say(key, { edit });
      return answer;
    },
    step(what) {
      outbox.flush();
      number += 1;
      const key = `step:${number}`;
      waiting.set(key, (message) => {
        ctx.trouble = message.kind === "refused" ? message.says : null;
        parts.top.status();
      });
      outbox.say(key, { [what]: true }, { volatile: true });
    },
    conflict: (key, entry) => conflictBox(ctx, key, entry.local?.text ?? entry.local, entry.theirs, (mine) => {
      outbox.settle(entry.key, mine);
      parts.list.update(store.items[key] ? [key] : []);
      parts.premortem.update();
      if (store.items[key]) parts.list.views.get(key).focus();
    }),
    askWaiver(name, holder) {
      const opener = document.activeElement;
      const unit = store.items[name].choiceOf ?? name;
      const form = waiverForm(ctx, [unit], (says) => {
        refill(holder, says && h("p", { class: "hint", role: "status" }, says));
        (opener?.isConnected && !opener.hidden ? opener : parts.list.views.get(name)).focus();
      });
      refill(holder, form.element);
      form.focus();
    },
    jump(name) {
      const known = store.items[name] ? name : Object.keys(store.items).find((one) => one.replace("/", "-") === name || `item-${one}` === name);
      if (!known) return;
      show("items");
      parts.list.go(known);
    },
    check: (items) => transmit({ kind: "check", items }),
    report: () => transmit({ kind: "report" }),
    speak: (language) => {
      outbox.flush();
      transmit({ kind: "language", language });
    },
    askWho(again) {
      whoDialog(ctx, again ? who : null, know);
    },
    people: (owners) => refill(peopleList, owners.map((one) => h("option", { value: one }))),
    files: (text) => ask({ kind: "files", text }, `files ${text}`).then((message) => message.files),
    async drop(item, file) {
      number += 1;
      const content = await file.arrayBuffer();
      return ask({ kind: "drop", id: `d${number}`, item, name: file.name }, `drop d${number}`, [content]);
    },
    async table(item, check, holder) {
      const { columns, rows } = await ask({ kind: "table", item, check }, `table ${item} ${check}`);
      refill(holder, h("table", {}, h("thead", {}, h("tr", {}, columns.map((one) => h("th", { scope: "col" }, one)))),
        h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
    },
    show: (name) => show(name),
  };
  const peopleList = createPeopleList(ctx.peopleList);
  ctx.act = createCommands(ctx, () => parts);

  function ask(message, key, buffers) {
    return new Promise((settle) => {
      waiting.set(key, settle);
      transmit(message, buffers);
    });
  }

  function know(person) {
    who = person;
    try {
      storage?.setItem("orr:who", person);
    } catch {
      // Asked again the next time.
    }
    parts.top.name(who);
    parts.people.update();
    outbox.ready(true);
  }

  function begin(all) {
    const first = !outbox;
    if (first) {
      outbox = ctx.outbox = createOutbox({
        send: transmit, storage, prefix: `orr|${all.home}|${all.workload}`, client, now: () => performance.now(),
        later: (work, delay) => setTimeout(work, delay), cancel: clearTimeout, changed: () => parts?.top.status(),
      });
      who = all.by ?? storageGet("orr:who");
    }
    const held = heldFocus();
    ctx.say = wordsOf(all.words);
    root.lang = all.language;
    build();
    parts.top.name(who);
    if (first) {
      outbox.ready(Boolean(who));
      for (const entry of outbox.restore()) adopt(entry);
      if (!who && document.hasFocus()) ctx.askWho(false);
    }
    for (const entry of outbox.entries()) if (!first) adopt(entry);
    parts.top.update();
    show(tab);
    restoreFocus(held);
  }

  function storageGet(key) {
    try {
      return storage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  function adopt(entry) {
    if (entry.key.startsWith("answer:")) parts.list.update([entry.key.slice("answer:".length)]);
    if (entry.key.startsWith("scenario:") && entry.message.edit.scenario && !parts.premortem.taken(entry.key)) parts.premortem.adopt(entry);
    parts.premortem.update();
  }

  function heldFocus() {
    const at = document.activeElement?.closest?.("[data-item]")?.dataset.item;
    return root.contains(document.activeElement) ? (at ?? document.activeElement.tagName) : null;
  }

  function restoreFocus(held) {
    if (!held) return;
    if (parts.list.views.has(held)) parts.list.go(held);
    else if (held === "SELECT") parts.top.element.querySelector("select").focus();
    else root.focus();
  }

  function build() {
    const { say } = ctx;
    const opened = parts ? [...parts.list.views.values()].filter((view) => view.isOpen?.()).map((view) => view.name) : [];
    const filter = parts?.list.filter();
    parts = { top: createTop(ctx), people: createPeople(ctx), premortem: createPremortem(ctx) };
    parts.list = createList(ctx);
    parts.path = h("div", { class: "page" });
    parts.path.append(...["path", "readiness", "forecast"].map((name) => h("div", { class: "fragment", "data-part": name })));
    const panels = { items: parts.list.element, path: parts.path, people: parts.people.element, premortem: parts.premortem.element };
    parts.tabs = Object.fromEntries(TABS.map((name) => [name, h("button", {
      type: "button", role: "tab", id: `${client}-tab-${name}`, "aria-controls": `${client}-panel-${name}`, onclick: () => show(name),
    }, say(`tab.${name}`))]));
    parts.panels = Object.fromEntries(TABS.map((name) => [name, h("div", {
      role: "tabpanel", id: `${client}-panel-${name}`, "aria-labelledby": `${client}-tab-${name}`, tabindex: name === "items" ? undefined : "0", class: "panel",
    }, panels[name])]));
    const tablist = h("div", { role: "tablist", class: "tabs", "aria-label": say("tab.title") }, Object.values(parts.tabs));
    refill(root, parts.top.element, tablist, Object.values(parts.panels), peopleList);
    if (root.clientWidth && root.clientWidth < 620) parts.top.collapse();
    parts.people.update();
    parts.premortem.update();
    for (const name of opened) parts.list.views.get(name)?.open(true);
    if (filter && JSON.stringify(filter) !== JSON.stringify(parts.list.filter())) parts.list.set(filter);
    for (const choose of themed) choose();
  }

  function show(name) {
    tab = name;
    for (const one of TABS) {
      parts.tabs[one].setAttribute("aria-selected", String(one === name));
      parts.tabs[one].tabIndex = one === name ? 0 : -1;
      parts.panels[one].hidden = one !== name;
    }
    if (name === "path" || name === "premortem") transmit({ kind: "behind", pictures: true });
  }
  ctx.tab = (step) => {
    const name = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    show(name);
    parts.tabs[name].focus();
  };

  let drawn = null;
  function draw(message) {
    drawn = message;
    if (!parts) return;
    const dark = root.classList.contains("dark");
    for (const holder of parts.path.children) showFragment(holder, message.style, message[holder.dataset.part], dark, ctx.jump);
    showFragment(parts.premortem.grid, message.style, message.grid ?? "", dark, ctx.jump);
  }

  function job(message) {
    const { say } = ctx;
    if (message.failed) parts.top.job(say(`job.${message.job}.failed`, { why: message.failed }));
    else if (message.ended) parts.top.job("");
    else parts.top.job(message.of ? say(`job.${message.job}.progress`, message) : say(`job.${message.job}`));
    for (const name of message.items ?? []) {
      parts.list.views.get(name)?.details?.()?.checking(message.ended || message.failed ? "" : say("job.checks"));
    }
    if (message.page) {
      const address = URL.createObjectURL(new Blob([message.page], { type: "text/html" }));
      const link = h("a", { href: address, target: "_blank", rel: "noopener" }, say("job.report.ready"));
      refill(parts.top.link, link);
    }
  }

  const hearing = {
    all: (message) => {
      store.takeAll(message);
      begin(message);
    },
    patch: (message) => {
      const moved = store.takePatch(message);
      parts.list.update(moved);
      parts.top.update();
      if (message.top?.digest !== undefined || message.top?.waivers) parts.people.update();
      if (message.top?.scenarios) parts.premortem.update();
      if (message.top?.digest !== undefined && (tab === "path" || (tab === "premortem" && message.items === undefined)) && message.top.digest !== drawnDigest) {
        drawnDigest = message.top.digest;
        transmit({ kind: "behind", pictures: true });
      }
    },
    reply: (message) => {
      const entry = outbox.hear(message);
      if (!entry) return;
      if (message.at) store.top = { ...store.top, savedAt: message.at, undo: message.undo, redo: message.redo };
      waiting.get(entry.key)?.(message);
      waiting.delete(entry.key);
      const name = entry.key.startsWith("answer:") && entry.key.slice("answer:".length);
      if (name && "v" in message && message.kind === "ack") store.items[name] = { ...store.items[name], v: message.v || undefined };
      if (name) parts.list.update([name]);
      else parts.premortem.update();
      parts.top.update();
    },
    answer: (key) => (message) => {
      waiting.get(key(message))?.(message);
      waiting.delete(key(message));
    },
  };
  let drawnDigest = null;
  const routes = {
    all: hearing.all, patch: hearing.patch, ack: hearing.reply, refused: hearing.reply, failed: hearing.reply, conflict: hearing.reply,
    files: hearing.answer((message) => `files ${message.text}`),
    dropped: hearing.answer((message) => `drop ${message.id}`),
    table: hearing.answer((message) => `table ${message.item} ${message.check}`),
    pictures: draw, job, beat: () => {},
    trouble: (message) => {
      ctx.trouble = message.says;
      parts.top.status();
    },
  };

  function hear(message) {
    if (ended) return;
    alive.hear();
    if (message.to && message.to !== client && message.to !== "all") return;
    if (message.kind !== "all" && !store.known) return;
    routes[message.kind]?.(message);
  }

  const themed = [];
  themed.push(followTheme(root, () => drawn && draw(drawn)));
  model.on("msg:custom", hear);
  const doubt = () => alive.doubt();
  model.on("comm_live_update", doubt);
  const unlisten = listen(root, (meaning, target) => ctx.act.key(meaning, target));
  const timer = setInterval(() => {
    alive.look();
    if (outbox) parts?.top.status();
  }, 500);
  const leave = () => outbox?.flush();
  const look = () => (document.visibilityState === "visible" ? alive.doubt() : leave());
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", doubt);
  window.addEventListener("pagehide", leave);
  alive.look();

  return () => {
    leave();
    ended = true;
    clearInterval(timer);
    unlisten();
    themed.forEach((stop) => stop(true));
    still.remove();
    model.off("msg:custom", hear);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", doubt);
    window.removeEventListener("pagehide", leave);
  };
}

export default { render };
