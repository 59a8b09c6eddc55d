// What people do, and what of it goes to Python.
import { h, refill } from "./dom.js";
import { conflictBox } from "./conflict.js";
import { whoDialog } from "./dialogs.js";
import { waiverForm } from "./people.js";

export function createActions(form, line) {
  const { store } = form;
  const view = (name) => form.parts.list.views.get(name);

  const ctx = {
    localOf: (name) => form.outbox?.entry(`answer:${name}`)?.local ?? null,
    draftOf(name) {
      const { by, on, confirm, ...draft } = ctx.localOf(name) ?? store.items[name].draft ?? {};
      return draft;
    },
    answer(name, draft, delay = 0) {
      const edit = { what: "answer", item: name, draft, base: store.items[name].v ?? "" };
      ctx.notice("");
      form.outbox.say(`answer:${name}`, { edit }, { delay, local: draft });
      view(name).update(store.items[name]);
    },
    reply(name, reply) {
      if (store.items[name].scope && !store.items[name].draft && !ctx.localOf(name)) {
        view(name).share(reply);
        return;
      }
      ctx.answer(name, { ...ctx.draftOf(name), answer: reply });
      if (reply === "not-applicable" && !view(name).reason.value) view(name).reason.scrollIntoView({ block: "nearest" });
    },
    discard(name) {
      form.outbox.drop(`answer:${name}`);
      form.parts.list.update([name]);
      view(name).focus();
    },
    message: (edit) => ({ edit }),
    edit: (key, edit) => form.outbox.say(key, { edit }),
    once(edit) {
      const key = `once:${line.number()}`;
      const answer = line.awaited(key);
      form.outbox.say(key, { edit });
      return answer;
    },
    async step(what) {
      form.outbox.flush();
      const key = `step:${line.number()}`;
      const answer = line.awaited(key);
      form.outbox.say(key, { [what]: true }, { volatile: true });
      const message = await answer;
      ctx.trouble(message.kind === "refused" ? message.says : null);
      if (message.kind === "ack") ctx.notice(message.did.says, message.did.item);
    },
    trouble(says) {
      form.trouble = says;
      form.parts?.bar.status();
    },
    notice: (text, name) => form.parts.bar.notice(text, name),
    overview: () => form.parts.overview(),
    titleOf(key) {
      const [kind, ...rest] = key.split(":");
      return kind === "answer" ? store.items[rest.join(":")].ask : kind === "benefits" ? ctx.say("benefits.title") : form.outbox.entry(key).local.scenario;
    },
    // To where something stands that waits for somebody.
    lead({ key }) {
      if (key.startsWith("answer:")) ctx.jump(key.slice("answer:".length));
      else {
        form.parts.show("premortem");
        form.parts.premortem.focus(key);
      }
    },
    conflict: (key, entry) => conflictBox(form.ctx, key, entry.local?.text ?? entry.local, entry.theirs, (mine) => {
      form.outbox.settle(entry.key, mine);
      form.parts.list.update(store.items[key] ? [key] : []);
      form.parts.premortem.update();
      if (store.items[key]) view(key).focus();
    }),
    askWaiver(name, holder) {
      const opener = document.activeElement;
      const unit = store.items[name].choiceOf ?? name;
      const waiver = waiverForm(form.ctx, [unit], (says) => {
        refill(holder, says && h("p", { class: "hint", role: "status" }, says));
        (opener?.isConnected && !opener.hidden ? opener : view(name)).focus();
      });
      refill(holder, waiver.element);
      waiver.focus();
    },
    jump(name) {
      const known = store.items[name] ? name : store.order.find((one) => one.replace("/", "-") === name || `item-${one}` === name);
      if (!known) return;
      form.parts.show("items");
      form.parts.list.go(known);
    },
    show: (tab) => form.parts.show(tab),
    tab: (step) => form.parts.step(step),
    check: (items) => line.transmit({ kind: "check", items }),
    report: () => line.transmit({ kind: "report" }),
    pictures: () => line.transmit({ kind: "behind", pictures: true }),
    speak(language) {
      form.outbox.flush();
      line.transmit({ kind: "language", language });
    },
    askWho() {
      form.asked = true;
      whoDialog(form.ctx, form.who ?? form.suggested, form.know);
    },
    addressOf: (name) => `${location.href.split("#")[0]}#${name}`,
    copyLink(name) {
      history.replaceState(history.state, "", `#${name}`);
      navigator.clipboard?.writeText(ctx.addressOf(name)).then(() => ctx.notice(ctx.say("item.linked")), () => {});
    },
    heirs: async (item) => (await line.ask({ kind: "heirs", item }, `heirs ${item}`)).says,
    files: async (text) => (await line.ask({ kind: "files", text }, `files ${text}`)).files,
    async drop(item, file) {
      const id = `d${line.number()}`;
      const content = await file.arrayBuffer();
      return line.ask({ kind: "drop", id, item, name: file.name }, `drop ${id}`, [content]);
    },
    async table(item, check, holder) {
      const { columns, rows } = await line.ask({ kind: "table", item, check }, `table ${item} ${check}`);
      refill(holder, h("table", {}, h("thead", {}, h("tr", {}, columns.map((one) => h("th", { scope: "col" }, one)))),
        h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
    },
  };
  return ctx;
}
