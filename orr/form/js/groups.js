// The order of the items: what is challenged stands first, then what blocks, then the core, then all else as the checklists have it.
export const GROUPINGS = ["checklist", "role", "person", "state"];
export const ROLES = ["engineering", "operations", "security", "product", "data", "management"];
export const STATES = ["not-met", "unknown", "stale", "unanswered", "partial", "met", "not-applicable"];

const rank = (item) => (item.out ? 2 : item.blocking ? 0 : item.core ? 1 : 2);
const inRank = (names, items) => [...names].sort((one, other) => rank(items[one]) - rank(items[other]));

// Who is named by an item: who it is assigned to, the owner of its plan, else who answered it; nobody is "".
export function personOf(item) {
  return item.owner ?? item.draft?.by ?? item.inherited?.by ?? "";
}

// Groups in order, each as {key, parts}; a part is {title, names}, without a title where the group is one part. The group
// "first" is of all checklists, and so is "challenged". A section that is decided as one thing goes as one.
export function arrange(by, checklists, items) {
  const parts = checklists.flatMap((checklist) => checklist.sections.map((section) => ({
    key: checklist.name, title: section.unit ? null : section.title, names: section.unit ? [section.unit] : section.items })));
  const names = inRank(parts.flatMap((part) => part.names), items);
  if (by !== "checklist") return ofKeys(by, names, items);
  const doubted = (name) => [name, ...(items[name].choices ?? [])].some((one) => items[one].challenge);
  const challenged = names.filter(doubted);
  const first = new Set(names.filter((name) => rank(items[name]) < 2 && !doubted(name)));
  const rest = parts.map((part) => ({ ...part, names: part.names.filter((name) => !first.has(name) && !doubted(name)) })).filter((part) => part.names.length);
  const groups = checklists.map(({ name }) => ({ key: name, parts: rest.filter(({ key }) => key === name) }));
  return [{ key: "challenged", parts: [{ title: null, names: challenged }] }, { key: "first", parts: [{ title: null, names: [...first] }] }, ...groups].filter(({ parts }) => parts.some((part) => part.names.length));
}

function ofKeys(by, names, items) {
  const keyOf = { role: (item) => item.roles?.[0] ?? "", person: personOf, state: (item) => item.state }[by];
  const known = { role: ROLES, state: STATES, person: [...new Set(names.map((name) => personOf(items[name])))].sort() }[by];
  return [...known.filter((key) => key !== ""), ""]
    .map((key) => ({ key, parts: [{ title: null, names: names.filter((name) => keyOf(items[name]) === key) }] }))
    .filter(({ parts }) => parts[0].names.length);
}
