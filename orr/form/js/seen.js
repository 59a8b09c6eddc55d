// What of each item somebody has seen in this browser, to say what changed since they last looked.

const stampOf = (item, comments) => {
  const said = [item.state, item.v, item.inherited?.v, item.challenge?.on, item.assigned?.to, item.assigned?.due, comments?.length ?? 0];
  return said.map((one) => one ?? "").join("|");
};

// Whoever comes back within this time, as after the page is loaded again, still looks: what was news stays news.
const SAME_LOOK = 10 * 60_000;

// `prefix` names the review; each person has a memory of their own.
export function createSeen(storage, prefix, store, who, clock = Date.now) {
  const key = () => `${prefix}|${who()}`;
  let before = null;
  let asked = null;
  const others = new Set();

  function read() {
    if (asked === key()) return;
    asked = key();
    try {
      const kept = JSON.parse(storage?.getItem(asked) ?? "null");
      before = (kept && clock() - kept.at < SAME_LOOK ? kept.read : kept?.all) ?? null;
    } catch {
      before = null;
    }
  }

  const now = () => Object.fromEntries(Object.entries(store.items).map(([name, item]) => [name, stampOf(item, store.comments?.[name])]));
  // As the page began: what one does oneself is not news.
  let first = null;

  // Nothing where nobody of this name has looked here before.
  function changed() {
    read();
    const since = before ? Object.keys(first).filter((name) => before[name] !== first[name]) : [];
    return [...new Set([...since, ...others])];
  }

  return {
    changed,
    begin() {
      first ??= now();
      read();
    },
    others: (names) => (names ?? []).forEach((name) => others.add(name)),
    keep() {
      if (!who() || !store.known) return;
      const all = now();
      const news = Object.fromEntries(changed().map((name) => [name, before?.[name] ?? ""]));
      try {
        storage?.setItem(key(), JSON.stringify({ at: clock(), all, read: { ...all, ...news } }));
      } catch {
        // Then all that changes until the next look is news once more.
      }
    },
  };
}
