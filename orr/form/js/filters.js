// Which items are shown. What an item is, is Python's to say; here it is only looked up.

export const NO_FILTER = { text: "", state: "", risk: "", checklist: "", role: "", owner: "", blocking: false, core: false, decides: false, mine: null, fresh: null };

export function matches(filter, name, item, local) {
  const draft = local ?? item.draft ?? {};
  if (filter.state === "open" ? !item.open : filter.state && item.state !== filter.state) return false;
  if (filter.risk && item.risk !== filter.risk) return false;
  if (filter.checklist && item.checklist !== filter.checklist) return false;
  if (filter.blocking && !item.blocking) return false;
  if (filter.core && !item.core) return false;
  if (filter.role && !item.roles?.includes(filter.role)) return false;
  if (filter.decides && !item.decides) return false;
  if (filter.mine && !filter.mine.includes(name)) return false;
  if (filter.fresh && !filter.fresh.includes(name)) return false;
  if (filter.owner && item.owner !== filter.owner) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = [name, item.ask, draft.note, draft.reason, draft.by, draft.plan?.action, draft.plan?.owner, ...(item.because ?? [])]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

// A section with rules is one thing: it is shown with all its choices if it or one of them matches.
export function shownItems(filter, order, items, localOf) {
  const shown = new Set();
  for (const name of order) {
    const item = items[name];
    const unit = item.choiceOf ?? name;
    if (item.choiceOf && !filter.text) continue;
    if (matches(filter, name, item.choiceOf ? { ...items[unit], ask: item.ask, because: item.because } : item, localOf(name))) {
      shown.add(unit);
      for (const choice of items[unit].choices ?? []) shown.add(choice);
    }
  }
  return shown;
}

// The next name after `from` for which `wanted` holds; the last is the last. From nowhere it is the first.
export function nextOf(order, from, wanted, step = 1) {
  const start = order.indexOf(from);
  const rest = step > 0 ? order.slice(start + 1) : order.slice(0, start < 0 ? order.length : start).reverse();
  return rest.find(wanted) ?? null;
}

export function ownersOf(items) {
  return [...new Set(Object.values(items).map((item) => item.owner).filter(Boolean))].sort();
}
