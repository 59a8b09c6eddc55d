// Waivers and votes: what people other than the answering team decide.
import { button, coded, field, h, refill } from "./dom.js";

export function waiverForm(ctx, items, done) {
  const { say } = ctx;
  const reason = h("textarea", { rows: 2 });
  const compensating = h("textarea", { rows: 2 });
  const { today, waiverLast } = ctx.store.top;
  const expires = h("input", { type: "date", min: today, max: waiverLast });
  const lacks = h("p", { class: "lack", role: "alert" });
  const element = h("fieldset", { class: "block waiver-form" }, h("legend", {}, say("waiver.for", { items: items.join(say("list.separator")) })),
    field(say("waiver.reason"), reason), field(say("waiver.compensating"), compensating), field(say("waiver.expires"), expires), h("p", { class: "hint" }, say("waiver.longest", { last: waiverLast })), lacks,
    h("div", { class: "row" },
      button(say("waiver.send"), {
        class: "primary",
        onclick: async () => {
          const result = await ctx.once({ what: "waive", items, reason: reason.value, compensating: compensating.value, expires: expires.value });
          if (result.kind === "ack" && !result.lacks.length) done(say("waiver.sent", { waiver: result.waiver }));
          else lacks.textContent = result.says ?? result.lacks.map((lack) => lack.says).join(" ");
        },
      }),
      button(say("waiver.cancel"), { class: "quiet", onclick: () => done(null) })));
  return { element, focus: () => reason.focus() };
}

export function createPeople(ctx) {
  const { say } = ctx;
  const waivers = h("ul", { class: "cards" });
  const votes = h("div", { class: "votes" });
  const voted = h("div", { class: "voted" });
  let shownTexts = null;
  const says = h("p", { class: "lack long", role: "alert" });
  const flags = h("ul", { class: "flags" });
  const element = h("div", { class: "page" },
    h("section", {}, h("h3", {}, say("waivers.title")), h("p", { class: "hint" }, say("waivers.hint")), waivers),
    h("section", {}, h("h3", {}, say("votes.title")), votes, voted), says,
    h("section", {}, h("h3", {}, say("flags.title")), flags));

  async function act(edit) {
    const result = await ctx.once(edit);
    refill(says, result.kind === "ack" ? "" : coded(result.says));
    if (says.textContent) says.scrollIntoView({ block: "nearest" });
  }

  function waiver(one) {
    const controls = [];
    const own = ctx.store.top.own?.[ctx.who()]?.includes(one.waiver);
    if (one.stage === "asked") {
      controls.push(button(say("waiver.approve"), { class: "primary", disabled: own || ctx.store.top.unchecked, "data-act": `approve ${one.waiver}`, onclick: () => act({ what: "approve", waiver: one.waiver }) }));
      controls.push(own
        ? button(say("waiver.withdraw"), { class: "quiet", "data-act": `revoke ${one.waiver}`, onclick: () => act({ what: "revoke", waiver: one.waiver }) })
        : button(say("waiver.refuse"), { class: "quiet", "data-act": `refuse ${one.waiver}`, onclick: () => act({ what: "refuse", waiver: one.waiver }) }));
      if (own) controls.push(h("span", { class: "hint" }, say("waiver.own")));
    }
    if (one.stage === "approved") controls.push(button(say("waiver.revoke"), { class: "quiet", "data-act": `revoke ${one.waiver}`, onclick: () => act({ what: "revoke", waiver: one.waiver }) }));
    return h("li", { class: `card w-${one.active ? "active" : "idle"}`, "aria-label": one.waiver },
      h("p", {}, h("strong", {}, one.waiver), " ", h("span", { class: "tag" }, say(one.active ? "waiver.active" : `waiver.stage.${one.stage}`)), " ", one.why),
      one.note && h("p", { class: "lack" }, one.note),
      h("p", {}, one.items.map((name) => [button(ctx.store.items[name]?.ask ?? name, { class: "linklike", onclick: () => ctx.jump(name) }), " "])),
      h("dl", {}, h("dt", {}, say("waiver.reason")), h("dd", {}, one.reason),
        one.compensating && [h("dt", {}, say("waiver.compensating")), h("dd", {}, one.compensating)],
        h("dt", {}, say("waiver.by")), h("dd", {}, one.requested_by), h("dt", {}, say("waiver.expires")), h("dd", {}, one.expires)),
      h("div", { class: "row" }, controls));
  }

  function void_({ says, changes, more, others }) {
    const list = (some) => h("ul", {}, some.map((one) => h("li", {}, one)));
    return h("div", { class: "voided" }, h("p", { class: "lack" }, says), changes.length > 0 && list(changes), more && h("details", {}, h("summary", {}, more), list(others)));
  }

  function role(name, top) {
    const given = (top.votes ?? []).filter((vote) => vote.role === name);
    return h("fieldset", { class: "card", "data-role": name }, h("legend", {}, name),
      given.length ? h("ul", {}, given.map((vote) => h("li", { class: vote.valid || top.unchecked ? "" : "void" },
        h("strong", {}, say(`vote.${vote.vote}`)), ` ${say("vote.by", { by: vote.by, on: vote.on })} `, h("code", {}, short(vote.digest)),
        !vote.valid && !top.unchecked && h("span", { class: "lack" }, ` ${say("vote.void")}`)))) : h("p", { class: "hint" }, say("vote.none")),
      h("div", { class: "row" }, ["go", "no-go"].map((vote) => button(say("vote.cast", { vote: say(`vote.${vote}`) }), {
        class: vote === "go" ? "primary" : "", "data-act": `vote ${name} ${vote}`, "aria-disabled": top.digest ? null : "true",
        onclick: () => top.digest && act({ what: "vote", role: name, vote, digest: top.digest }),
      }))));
  }

  // Built anew only when the texts change, so that what somebody unfolded stays unfolded.
  function texts(on) {
    if (!on || on === shownTexts) return;
    shownTexts = on;
    refill(voted, on.texts.length + on.measured.length > 0 && h("details", {}, h("summary", {}, say("voted.title")), h("p", { class: "hint" }, say("voted.lead")),
      on.texts.map(({ file, texts }) => h("details", {}, h("summary", {}, h("code", {}, file)), texts.map((one) => [
        one.name && h("h4", {}, one.name), h("p", { class: "long" }, one.text), one.more && h("p", { class: "hint" }, say("voted.more"))]))),
      on.measured.length > 0 && h("details", {}, h("summary", {}, say("voted.measured")),
        h("ul", {}, on.measured.map((one) => h("li", {}, h("code", {}, one.item), ` ${one.says}`))))));
  }

  const short = (digest) => `${String(digest ?? "").replace("sha256:", "").slice(0, 12)}…`;

  function update() {
    const { top } = ctx.store;
    const held = element.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    refill(waivers, top.waivers.length ? top.waivers.map(waiver) : h("li", { class: "hint" }, say("waivers.none")));
    refill(votes, top.unchecked ? h("p", { role: "status" }, say("votes.unchecked"))
      : h("p", {}, say("votes.on", { verdict: top.verdictSays }), " ", h("code", { title: top.digest }, short(top.digest))),
      h("p", { class: "hint" }, say("votes.void")), !top.unchecked && (top.voided ?? []).map(void_),
      (top.roles ?? []).map((name) => role(name, top)));
    texts(top.votedOn);
    refill(flags, (top.flags ?? []).length ? top.flags.map((flag) => h("li", {}, flag)) : h("li", { class: "hint" }, say("flags.none")));
    if (held) {
      const again = [...element.querySelectorAll("[data-act]")].find((one) => one.dataset.act === held && !one.disabled);
      (again ?? element.querySelector("[data-act]:not(:disabled)") ?? element.closest("[role=tabpanel]") ?? element).focus();
    }
  }

  return { element, update };
}
