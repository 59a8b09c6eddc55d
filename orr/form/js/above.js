// An answer that is given once: it is saved for all who inherit it only after the page said who they are.
import { button, field, h, newId, refill } from "./dom.js";

export function createAbove(name, reply, ctx, close) {
  const { say, store } = ctx;
  const item = store.items[name];
  const before = item.inherited ?? {};
  const note = h("textarea", { rows: 2, value: before.note ?? "" });
  const reason = h("textarea", { rows: 2, value: before.reason ?? "" });
  const where = h("input", { type: "text", autocomplete: "off" });
  const heirs = h("p", { class: "heirs", role: "status" }, say("above.asking"));
  const lack = h("p", { class: "lack", role: "alert" });
  const draft = () => ({
    answer: reply, note: note.value, reason: reason.value, plan: before.plan,
    evidence: [...(before.evidence ?? []), ...(where.value.trim() ? [{ where: where.value }] : [])],
  });
  const save = button(say(`above.for-${item.scope}`), {
    class: "primary",
    disabled: true,
    onclick: async () => {
      const result = await ctx.once({ what: "answer-above", item: name, draft: draft(), base: before.v ?? "" });
      if (result.kind === "ack" && !result.lacks.length) {
        close();
        ctx.notice(say("above.saved"), name);
      } else lack.textContent = result.kind === "conflict" ? say("above.conflict") : (result.says ?? result.lacks.map((one) => one.says).join(" "));
    },
  });
  const own = button(say("above.for-workload"), {
    class: "quiet",
    onclick: () => {
      close();
      ctx.answer(name, { ...draft(), evidence: where.value.trim() ? [{ where: where.value }] : [], plan: undefined });
    },
  });
  const title = h("legend", { id: newId("above") }, say("above.title", { reply: say(`reply.${reply}`) }));
  const element = h("fieldset", { class: "block above" }, title, heirs, reply === "not-applicable" && field(say("item.reason"), reason),
    field(say("above.note"), note), field(say("above.evidence"), where), lack,
    h("div", { class: "row" }, save, own, button(say("above.cancel"), { class: "quiet", onclick: close })));
  ctx.heirs(name).then((says) => {
    refill(heirs, says);
    save.disabled = false;
  });
  return { element, focus: () => (reply === "not-applicable" ? reason : note).focus() };
}
