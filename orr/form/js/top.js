// What stands above all: the verdict, its reasons, the progress, and the tools.
import { button, coded, h, refill, setText } from "./dom.js";
import { stateSign, verdictShape } from "./marks.js";

const CHALLENGES = 3;

export function createTop(ctx) {
  const { say } = ctx;
  const shape = h("span", { class: "verdict-shape" });
  const verdict = h("h2", { class: "verdict-word", tabindex: "-1" });
  const about = h("p", { class: "about" });
  const release = h("p", { class: "release" });
  const facts = h("p", { class: "facts" });
  const reasons = h("div", { class: "reasons" });
  const more = button("", { class: "quiet more-reasons", hidden: true, onclick: () => ctx.act.decides(true) });
  const milderTitle = h("summary", {});
  const milderList = h("div", {});
  const milder = h("details", { class: "milder", open: true, hidden: true }, milderTitle, milderList);
  const doubted = h("ul", {});
  const challenged = h("section", { class: "reasons challenged", hidden: true, "aria-label": say("top.challenged") }, h("div", {}, h("p", { class: "kind" }, say("top.challenged")), doubted));
  const progress = h("ul", { class: "progress", "aria-label": say("top.progress") });
  const busy = h("p", { class: "busy" });
  const undo = button(say("top.undo"), { class: "quiet", onclick: () => ctx.act.undo() });
  const redo = button(say("top.redo"), { class: "quiet", onclick: () => ctx.act.redo() });
  const who = h("span", { class: "who" });
  const languages = h("select", { "aria-label": say("top.language"), onchange: () => ctx.speak(languages.value) },
    ctx.store.languages.map((one) => h("option", { value: one, lang: one }, { en: "English", "zh-CN": "简体中文" }[one] ?? one)));
  languages.value = ctx.store.language;
  const occasion = h("select", { onchange: () => ctx.edit("occasion", { what: "occasion", occasion: occasion.value }) },
    ["launch", "change", "recurring"].map((one) => h("option", { value: one }, say(`occasion.${one}`))));
  const occasionLine = h("label", { class: "occasion" }, h("span", {}, say("top.occasion")), occasion);
  const tools = h("div", { class: "tools", role: "toolbar", "aria-label": say("top.tools") },
    who, languages, undo, redo,
    button(say("top.check"), { class: "quiet", onclick: () => ctx.check(null) }),
    button(say("top.report"), { class: "quiet", onclick: () => ctx.report() }),
    button(say("top.shortcuts"), { class: "quiet", onclick: () => ctx.act.shortcuts() }, "?"));
  const link = h("span", { class: "report-link" });
  const why = h("details", { class: "why", open: true }, h("summary", {}, say("top.why")), reasons, more);
  const element = h("header", { class: "top" },
    h("div", { class: "head" }, h("div", { class: "verdict" }, shape, h("div", {}, verdict, about)), tools),
    release, h("div", { class: "line" }, facts, h("code", {}, ctx.store.file), busy, link), challenged, milder, why, progress);
  let shownVerdict = null;
  let shown = {};
  let lines = 0;

  function update() {
    const { top } = ctx.store;
    if (shown !== top) {
      const { reasons, progress } = shown;
      const before = shown.milder;
      if (JSON.stringify(shown.challenged) !== JSON.stringify(top.challenged)) showChallenged(top);
      shown = top;
      if (shownVerdict !== top.verdict) {
        shownVerdict = top.verdict;
        refill(shape, verdictShape(top.verdict));
        element.dataset.verdict = top.verdict;
      }
      setText(verdict, top.headline);
      refill(release, coded(top.release ?? ""));
      occasion.value = top.occasion;
      undo.disabled = !top.undo;
      redo.disabled = !top.redo;
      refill(facts, factsOf(top));
      if (JSON.stringify(before) !== JSON.stringify(top.milder)) showMilder(top);
      if (reasons !== top.reasons) showReasons(top);
      if (progress !== top.progress) showProgress(top);
    }
  }

  function factsOf(top) {
    const share = [top.asked, top.share, top.effort, ...top.uncompared].filter(Boolean).map((part) => h("span", {}, part));
    if (!top.decisionSays) return share;
    const parts = [say("top.decision", { decision: top.decisionSays })];
    parts.push(top.validUntil ? say("top.until", { until: top.validUntil }) : null);
    if (top.atBest !== top.verdictSays) parts.push(say("top.at-best", { verdict: top.atBest }));
    if (top.withoutWaivers !== top.verdictSays) parts.push(say("top.without-waivers", { verdict: top.withoutWaivers }));
    return [...share, ...parts.filter(Boolean).map((part) => h("span", {}, part))];
  }

  function showMilder(top) {
    const { n, shown, all } = top.milder;
    const list = (some) => some.map(({ since, changes }) => [since && h("p", { class: "hint" }, since), h("ul", {}, changes.map((one) => h("li", {}, one)))]);
    milder.hidden = !n;
    setText(milderTitle, `${top.milderTitle} (${n})`);
    refill(milderList, list(shown), all.length > 0 && h("details", {}, h("summary", {}, say("top.milder.all", { n })), list(all)));
  }

  function showChallenged(top) {
    challenged.hidden = !top.challenged.length;
    refill(doubted, top.challenged.slice(0, CHALLENGES).map((one) => h("li", {}, h("button", { type: "button", class: "reason", onclick: () => ctx.jump(one.item) }, h("strong", {}, one.ask), h("span", {}, ` ${one.says}`)))),
      top.challenged.length > CHALLENGES && h("li", {}, say("top.challenged.more", { n: top.challenged.length - CHALLENGES })));
  }

  function showReasons(top) {
    const [first, second, ...rest] = top.reasons;
    const groups = [first, second].filter(Boolean);
    const line = (reason) => reason.item
      ? h("li", {}, h("button", { type: "button", class: "reason", onclick: () => ctx.jump(reason.item) },
        h("strong", {}, reason.ask), h("span", {}, coded(` ${reason.state} · ${reason.weight}${reason.says}`))))
      : h("li", {}, coded(reason.says));
    const kinds = groups.map((group) => h("div", {}, group.title && h("p", { class: "kind" }, group.title), h("ol", {}, group.reasons.map(line))));
    // A button that holds the focus stays where it is.
    const before = [...reasons.querySelectorAll("button")].indexOf(document.activeElement);
    refill(reasons, kinds);
    lines = Math.max(lines, ...groups.map((group) => group.reasons.length + (group.title ? 1 : 0))); // what stands below does not move up under somebody's finger
    reasons.style.setProperty("--lines", lines);
    const buttons = reasons.querySelectorAll("button");
    if (before >= 0) (buttons[Math.min(before, buttons.length - 1)] ?? verdict).focus();
    const others = groups.reduce((sum, group) => sum + group.more, 0) + rest.reduce((sum, group) => sum + group.more + group.reasons.length, 0);
    if (others) more.hidden = false;
    more.style.visibility = others ? "" : "hidden";
    setText(more, say("top.more", { n: others }));
  }

  function showProgress(top) {
    const titles = Object.fromEntries(ctx.store.checklists.map((one) => [one.name, one.title]));
    if (progress.children.length !== top.progress.length) {
      refill(progress, top.progress.map((row) => h("li", {}, h("button", { type: "button", title: titles[row.name], onclick: () => ctx.act.checklist(row.name) },
        h("span", { class: "name" }, titles[row.name]), h("span", { class: "count" }), h("span", { class: "bars", "aria-hidden": "true" })))));
    }
    top.progress.forEach((row, place) => {
      const part = progress.children[place];
      setText(part.querySelector(".count"), say("top.done", { done: row.done, of: row.of }));
      part.classList.toggle("decides", row.decides > 0);
      const bar = part.querySelector(".bars");
      const key = JSON.stringify(row.states);
      if (bar.dataset.key === key) return;
      bar.dataset.key = key;
      refill(bar, Object.entries(row.states).map(([state, count]) => h("i", { class: `b-${state}`, style: `flex:${count}`, title: `${stateSign(state)} ${count}` })));
    });
  }

  function name(person) {
    if (ctx.store.named) refill(who, say("top.who", { who: person }));
    else refill(who, button(person ? say("top.who", { who: person }) : say("who.title"), { class: "quiet", onclick: () => ctx.askWho() }));
    refill(about, h("span", { class: "workload" }, ctx.store.title), h("span", {}, ...coded(ctx.store.tier)),
      ctx.store.launch && h("span", {}, say("top.launch", { on: ctx.store.launch })), occasionLine);
  }

  function job(text) {
    setText(busy, text);
  }

  return { element, update, name, job, link, verdict, collapse: () => (why.open = false) };
}
