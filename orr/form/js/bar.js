// The line that stays in view while all else scrolls: verdict, count, what is saved, and the filters; below it what
// must be seen at once.
import { button, h, refill, setText } from "./dom.js";
import { verdictShape } from "./marks.js";

export function createBar(ctx, filters) {
  const { say } = ctx;
  const shape = h("span", { class: "verdict-shape" });
  const word = h("strong", { class: "word" });
  const count = h("span", { class: "count" });
  const standing = h("button", { type: "button", class: "standing", title: say("bar.overview"), onclick: () => ctx.overview() }, shape, word, count);
  const sign = h("span", { class: "sign", "aria-hidden": "true" });
  const words = h("span", { class: "words" });
  const unfinished = button("", { class: "linklike", hidden: true, onclick: () => ctx.lead(unfinishedOnes()[0]) });
  const saved = h("p", { class: "saved", title: ctx.store.file }, sign, words, unfinished);
  const alert = h("div", { class: "alert", role: "alert" });
  const said = h("p", { class: "said", role: "status" });
  const told = h("div", { class: "sr", role: "status" });
  const asks = h("span", {});
  const consent = h("p", { class: "consent", role: "status", hidden: true }, asks, button(say("consent.run"), { class: "primary", onclick: () => ctx.check(null) }));
  const element = h("div", { class: "bar" }, h("div", { class: "line" }, standing, saved, filters), alert, consent, said, told);
  let verdict = null;

  const unfinishedOnes = () => ctx.outbox.entries().filter(({ stage }) => stage === "incomplete" || stage === "refused");

  function update() {
    const { top } = ctx.store;
    if (verdict !== top.verdict) {
      verdict = top.verdict;
      refill(shape, verdictShape(verdict));
      element.dataset.verdict = verdict;
    }
    setText(word, top.verdictSays);
    setText(asks, top.consent ?? "");
    consent.hidden = !top.consent;
    status();
  }

  // What is saved, and the alarm if something is not.
  function status() {
    const { top } = ctx.store;
    const { unsaved, late, says, conflicts } = ctx.outbox.status();
    const incomplete = unfinishedOnes().length;
    setText(words, unsaved ? say("saved.waiting", { n: unsaved }) : top.savedAt ? say("saved.at", { at: top.savedAt }) : say("saved.nothing"));
    setText(unfinished, incomplete ? say("saved.incomplete", { n: incomplete }) : "");
    unfinished.hidden = !incomplete;
    setText(sign, unsaved ? "…" : incomplete ? "!" : "✓");
    saved.classList.toggle("waiting", unsaved > 0);
    const alarms = [];
    if (!ctx.alive()) alarms.push(unsaved ? say("alarm.gone.unsaved", { n: unsaved }) : say("alarm.gone"));
    else if (unsaved && !ctx.who()) alarms.push(say("alarm.nobody"));
    else if (late) alarms.push(says ?? say("alarm.late", { n: unsaved }));
    const both = conflicts ? ctx.outbox.entries().filter(({ stage }) => stage === "conflict") : [];
    if (conflicts) alarms.push(say("alarm.conflict", { n: conflicts }));
    if (ctx.store.problem.length) alarms.push(say("alarm.faulty"), ...ctx.store.problem);
    if (ctx.troubled()) alarms.push(ctx.troubled());
    const text = [...alarms, ...both.map(({ key }) => key)].join("\n");
    if (alert.dataset.text !== text) {
      alert.dataset.text = text;
      refill(alert, alarms.map((one) => h("p", {}, one)), both.map((entry) => h("p", {}, leadsTo(entry))));
    }
    const counts = Object.entries(top.counts ?? {}).filter(([state]) => state !== "not-applicable");
    const done = top.counts?.met ?? 0;
    const of = counts.reduce((sum, [, n]) => sum + n, 0);
    setText(count, say("top.done", { done, of }));
    setText(told, `${say("top.told", { verdict: top.headline, done, of })} ${words.textContent} ${unfinished.textContent}`.trim());
  }

  const leadsTo = (entry) => button(ctx.titleOf(entry.key), { class: "linklike", onclick: () => ctx.lead(entry) });

  // Something that was done and is worth a line until the next thing is done.
  function notice(text, name) {
    refill(said, text, name && [" ", button(say("bar.show"), { class: "linklike", onclick: () => ctx.jump(name) })]);
  }

  return { element, update, status, notice };
}
