// Signs: a state, a verdict, a risk is told by a word and a shape; colour comes on top.
import { h, svg } from "./dom.js";

const STATE_SIGNS = {
  met: "✓", "not-met": "✕", unknown: "?", stale: "↻", unanswered: "○", partial: "◐", "not-applicable": "–",
};

export function stateSign(state) {
  return STATE_SIGNS[state];
}

const BODIES = {
  "no-go": "M30 4h40l26 26v40l-26 26h-40l-26-26v-40z",
  "conditional-go": "M50 6l46 86h-92z",
  go: "M50 4a46 46 0 1 0 .01 0z",
  pending: "M8 8h84v84h-84z",
};
const SIGNS = { "no-go": "M33 33l34 34M67 33l-34 34", "conditional-go": "M50 38v26M50 76v2", go: "M29 52l15 15 28-32", pending: "M28 50h2M49 50h2M70 50h2" };

export function verdictShape(verdict) {
  return svg("svg", { viewBox: "0 0 100 100", class: `shape v-${verdict}`, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: BODIES[verdict], class: "body" }), svg("path", { d: SIGNS[verdict], class: "stroke" }));
}

// Fills in the marks of an item; items that look alike get copies of the same marks.
export function createMarks(say) {
  const known = new Map();
  return (holder, item) => {
    const { state, blocking, core, risk, decides, covered, scope, contradicted, challenge, assigned } = item;
    const key = [state, blocking, core, risk, decides, covered, scope, contradicted, Boolean(challenge), assigned?.to].join("|");
    if (holder.dataset.key === key) return;
    holder.dataset.key = key;
    if (!known.has(key)) known.set(key, marksOf(say, item));
    holder.replaceChildren(...known.get(key).map((mark) => mark.cloneNode(true)));
  };
}

function marksOf(say, item) {
  const tag = (kind, text) => h("span", { class: `tag ${kind}` }, text);
  return [
    h("span", { class: `state s-${item.state}` }, h("span", { class: "sign", "aria-hidden": "true" }, STATE_SIGNS[item.state]), say(`state.${item.state}`)),
    item.blocking && tag("blocking", say("item.blocking")),
    item.core && tag("core", say("item.core")),
    item.risk && tag(`risk-${item.risk}`, say("item.risk", { risk: say(`risk.${item.risk}`) })),
    item.decides && tag("decides", say("item.decides")),
    item.covered && tag("covered", item.covered === "plan" ? say("item.planned") : say("item.waived", { waiver: item.covered.split(":")[1] })),
    item.scope && tag("scope", say(`item.scope.${item.scope}`)),
    item.challenge && tag("decides", say("item.challenged")),
    item.assigned && tag("assigned", say("item.to", item.assigned)),
    item.contradicted && tag("decides", say("item.contradicted")),
  ].filter(Boolean);
}
