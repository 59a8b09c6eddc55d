// What people say to each other about an item: who sees to it, who doubts its answer, and comments.
import { button, coded, field, h, refill } from "./dom.js";

// A few words and two buttons, in place of the button that asked for them.
function asked(ctx, label, hint, send, done) {
  const { say } = ctx;
  const why = h("textarea", { rows: 2 });
  const lack = h("p", { class: "lack", role: "alert" });
  const element = h("div", { class: "block asks" }, field(label, why), hint && h("p", { class: "hint" }, hint), lack,
    h("div", { class: "row" },
      button(say("team.send"), {
        class: "primary",
        onclick: async () => {
          const result = await send(why.value);
          if (result.kind === "ack" && !result.lacks.length) done();
          else lack.textContent = result.says ?? result.lacks.map((one) => one.says).join(" ");
        },
      }),
      button(say("team.cancel"), { class: "quiet", onclick: done })));
  return { element, focus: () => why.focus() };
}

export function createTeam(name, ctx) {
  const { say, store } = ctx;
  const challenge = h("div", { class: "challenges" }); // it stands above all else that is behind the item
  const given = h("p", { class: "hint" });
  const to = h("input", { type: "text", autocomplete: "off", list: ctx.peopleList });
  const due = h("input", { type: "date" });
  const lack = h("p", { class: "lack", role: "alert" });
  const assign = async (edit) => {
    const result = await ctx.once({ what: "assign", item: name, ...edit });
    refill(lack, coded(result.kind === "ack" ? result.lacks.map((one) => one.says).join(" ") : result.says));
  };
  const back = button(say("team.nobody"), { class: "quiet", onclick: () => assign({ to: "" }) });
  const assigning = h("div", { class: "block assign" }, given,
    h("div", { class: "row" }, field(say("team.to"), to), field(say("team.due"), due),
      button(say("team.assign"), { class: "quiet", onclick: () => to.value.trim() && assign({ to: to.value, due: due.value }) }), back), lack);
  const said = h("ul", { class: "comments" });
  const text = h("textarea", { rows: 2 });
  const problem = h("p", { class: "lack", role: "alert" });
  const replying = h("p", { class: "hint replying", hidden: true });
  let replyTo = null;
  const add = button(say("team.comment.add"), {
    class: "quiet",
    onclick: async () => {
      const result = await ctx.once({ what: "comment", item: name, text: text.value, ...(replyTo ? { reply_to: replyTo } : {}) });
      const wrong = result.kind === "ack" ? result.lacks.map((one) => one.says).join(" ") : result.says;
      problem.textContent = wrong;
      if (wrong) return;
      text.value = "";
      reply(null);
    },
  });
  const element = h("div", { class: "team" }, assigning,
    h("section", { class: "block", "aria-label": say("team.comments") }, h("p", { class: "minor" }, say("team.comments")), said,
      replying, field(say("team.comment"), text), problem, h("div", { class: "row" }, add)));
  let shownChallenge = null;
  let shownComments = null;
  let shownAssigned = null;

  function reply(comment) {
    replyTo = comment?.id ?? null;
    replying.hidden = !comment;
    refill(replying, comment && [say("team.reply.to", { by: comment.by }), " ", button(say("team.cancel"), { class: "quiet", onclick: () => reply(null) })]);
    if (comment) text.focus();
  }

  function ask(what) {
    const form = asked(ctx, say(`team.${what}.why`), what === "challenge" && say("team.challenge.hint"),
      (why) => ctx.once({ what, item: name, why }), () => {
        shownChallenge = null;
        showChallenge(store.items[name]);
        (challenge.querySelector("button") ?? text).focus();
      });
    refill(challenge, form.element);
    form.focus();
  }

  function showChallenge(item) {
    const key = JSON.stringify([item.challenge, item.challengeable]);
    if (key === shownChallenge) return;
    shownChallenge = key;
    const one = item.challenge;
    refill(challenge, one
      ? h("div", { class: "block challenge" }, h("p", {}, h("strong", {}, say("team.challenged", one)), ` ${one.on}`), h("p", { class: "long" }, one.why),
        button(say("team.lift"), { class: "quiet", onclick: () => ask("lift") }))
      : item.challengeable && button(say("team.challenge"), { class: "quiet", onclick: () => ask("challenge") }));
  }

  function update(item) {
    if (!challenge.contains(document.activeElement)) showChallenge(item);
    const key = JSON.stringify(item.assigned ?? null);
    if (key !== shownAssigned) {
      shownAssigned = key;
      const one = item.assigned;
      given.hidden = !one;
      back.hidden = !one;
      if (one) given.textContent = say(one.due ? "team.assigned-due" : "team.assigned", one);
      to.value = one?.to ?? "";
      due.value = one?.due ?? "";
    }
    const comments = store.comments?.[name] ?? [];
    const now = JSON.stringify(comments);
    if (now === shownComments) return;
    shownComments = now;
    const held = said.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    refill(said, comments.map((one) => h("li", {},
      h("p", { class: "minor" }, h("strong", {}, one.by), ` ${one.at}`, one.to && ` · ${say("team.replies", { by: one.to })}`),
      h("p", { class: "long" }, one.text),
      button(say("team.reply"), { class: "quiet", "data-act": one.id, "aria-label": say("team.reply.to", { by: one.by }), onclick: () => reply(one) }))));
    if (held) [...said.querySelectorAll("[data-act]")].find((one) => one.dataset.act === held)?.focus();
  }

  return { element, challenge, update };
}
