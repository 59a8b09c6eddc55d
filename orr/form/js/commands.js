// What keys and buttons do.
import { NO_FILTER } from "./filters.js";
import { shortcutsDialog } from "./dialogs.js";

export function createCommands(ctx, partsOf) {
  const list = () => partsOf().list;
  // The item that the focus is in; where it is in nothing else that could be meant, the one that somebody was at last.
  function itemAt(target) {
    const held = target?.closest?.("[data-item]")?.dataset.item;
    const elsewhere = target?.closest?.("a, button, input, select, summary, textarea, .bar, .page");
    return held ?? (elsewhere ? null : list().current());
  }
  const viewAt = (target) => list().views.get(itemAt(target)) ?? null;

  function move(target, step, wanted, none) {
    ctx.show("items");
    const name = list().next(itemAt(target), step, wanted);
    if (name) list().go(name);
    ctx.notice(name || !none ? "" : ctx.say(none));
    return true;
  }

  const act = {
    next: (target) => move(target, 1),
    previous: (target) => move(target, -1),
    nextOpen: (target = null) => move(target, 1, (item) => item.open, "bar.last-open"),
    nextUnanswered: (target) => move(target, 1, (item) => item.state === "unanswered", "bar.last-unanswered"),
    details(target) {
      const view = viewAt(target);
      if (!view) return false;
      view.open(!view.isOpen());
      const { bottom } = view.element.getBoundingClientRect();
      const outside = bottom > view.element.closest(".scroll").getBoundingClientRect().bottom;
      if (view.isOpen() && outside) view.element.scrollIntoView({ block: "start", behavior: "instant" });
      return true;
    },
    note(target) {
      const view = viewAt(target);
      if (!view) return false;
      view.open(true);
      view.details().note.focus();
      return true;
    },
    check(target) {
      const name = itemAt(target);
      if (name && ctx.store.items[name].checks) ctx.check([name]);
      return true;
    },
    waiver(target) {
      const view = viewAt(target);
      if (!view || !ctx.store.items[view.name].open) return true;
      view.open(true);
      const opener = [...view.element.querySelectorAll(".details button")].find((one) => one.textContent === ctx.say("waiver.ask"));
      opener?.click();
      return true;
    },
    decides(only) {
      const { decides } = list().bar.filter();
      const wanted = only === true ? true : !decides;
      ctx.show("items");
      list().bar.set({ ...NO_FILTER, decides: wanted });
      if (only === true && list().first()) list().go(list().first());
      return true;
    },
    checklist(name) {
      ctx.show("items");
      const same = list().bar.filter().checklist === name;
      list().bar.set({ ...NO_FILTER, checklist: same ? "" : name });
      return true;
    },
    search() {
      ctx.show("items");
      list().bar.search();
      return true;
    },
    shortcuts() {
      shortcutsDialog(ctx);
      return true;
    },
    undo: () => (ctx.step("undo"), true),
    redo: () => (ctx.step("redo"), true),
    back(target) {
      if (ctx.root.querySelector("dialog[open]")) return false;
      const view = viewAt(target);
      if (view) view.focus();
      else if (target.matches?.('input[type="search"]') && list().first()) list().go(list().first());
      return Boolean(view);
    },
    key(meaning, target) {
      if (ctx.root.querySelector("dialog[open]")) return false;
      if (meaning.command === "tab") return (ctx.tab(meaning.step), true);
      if (!partsOf()) return false;
      if (meaning.reply) {
        const view = viewAt(target);
        if (!view?.radios[meaning.reply]) return false;
        ctx.reply(view.name, meaning.reply);
        if (meaning.reply === "not-applicable" && !view.reason.value) view.reason.focus();
        else view.radios[meaning.reply].focus();
        return true;
      }
      return act[meaning.command](target);
    },
  };
  return act;
}
