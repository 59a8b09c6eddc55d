// What of each item somebody has seen in this browser, to say what changed since they last looked.

const stampOf = (item, comments) => {
  const said = [item.state, item.v, item.inherited?.v, item.challenge?.on, item.assigned?.to, item.assigned?.due, comments?.length ?? 0];
  return said.map((one) => one ?? "").join("|");
};

// `prefix` names the review; each person has a memory of their own.
export function createSeen(storage, prefix, store, who) {
  const key = () => `${prefix}|${who()}`;
  let before = null;
  let asked = null;
  const others = new Set();

  function read() {
    if (asked === key()) return;
    asked = key();
    try {
      before = JSON.parse(storage?.getItem(asked) ?? "null");
    } catch {
      before = null;
    }
  }

  const now = () => Object.fromEntries(Object.entries(store.items).map(([name, item]) => [name, stampOf(item, store.comments?.[name])]));
  // As the page began: what one does oneself is not news.
  let first = null;

  return {
    begin() {
      first ??= now();
      read();
    },
    others: (names) => (names ?? []).forEach((name) => others.add(name)),
    // Nothing where nobody of this name has looked here before.
    changed() {
      read();
      const since = before ? Object.keys(first).filter((name) => before[name] !== first[name]) : [];
      return [...new Set([...since, ...others])];
    },
    keep() {
      if (!who() || !store.known) return;
      try {
        storage?.setItem(key(), JSON.stringify(now()));
      } catch {
        // Then all that changes until the next look is news once more.
      }
    },
  };
}
