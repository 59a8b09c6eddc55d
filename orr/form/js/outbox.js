// What was said on the page and is not yet known to be on disk.
//
// Every change waits here until Python acknowledges it; until then it also lies in the browser's
// storage, where the next page finds it after a reload or a crash. Only one message about a thing is
// under way at a time, and it goes out until it is answered, from the next page too: whether it was
// heard decides from what the change after it was made (`base`, `was`).

export const RESEND_AFTER = 4000;
export const LATE_AFTER = 1500;
export const RETRY_AFTER = 3000;

// What a change was made from: a version and, of what is known by its words, those words.
const madeFrom = ({ base, was }) => (was === undefined ? { base } : { base, was });

export function createOutbox({ send, storage, prefix, client, now, later, cancel, changed }) {
  const entries = new Map();
  let number = 0;
  let ready = false;
  let timer = null;

  const stored = (key) => `${prefix}|${client}|${key}`;

  function persist(entry) {
    if (entry.volatile) return;
    const { key, message, local, underWay } = entry;
    try {
      storage?.setItem(stored(key), JSON.stringify({ key, message, local, underWay: underWay === message ? null : underWay }));
    } catch {
      // A full or forbidden storage: the page itself still holds the entry.
    }
  }

  function forget(entry) {
    entries.delete(entry.key);
    try {
      storage?.removeItem(stored(entry.key));
    } catch {
      // As above.
    }
  }

  function schedule() {
    if (timer !== null) cancel(timer);
    timer = null;
    const moments = [...entries.values()].map(nextMoment).filter((moment) => moment !== null);
    if (!moments.length) return;
    timer = later(() => {
      timer = null;
      pump();
    }, Math.max(0, Math.min(...moments) - now()));
  }

  function nextMoment(entry) {
    if (entry.stage === "waiting") return ready ? entry.due : null;
    if (entry.stage === "sent") return entry.sentAt + RESEND_AFTER;
    return null;
  }

  function pump() {
    for (const entry of entries.values()) {
      if (entry.stage === "sent" && now() - entry.sentAt >= RESEND_AFTER) dispatch(entry);
      else if (entry.stage === "waiting" && ready && entry.due <= now()) dispatch(entry);
    }
    schedule();
    changed();
  }

  function dispatch(entry) {
    if (!entry.underWay) Object.assign(entry, { underWay: entry.message, sentRevision: entry.revision });
    entry.id ??= `${client}-${(number += 1)}`;
    entry.stage = "sent";
    entry.sentAt = now();
    entry.firstSentAt ??= entry.sentAt;
    send({ kind: "edit", id: entry.id, ...entry.underWay });
  }

  // Say something about a thing. `local` is what the page needs to show it until it is saved;
  // `underWay` is what was sent of it before, and may have been heard or not.
  function say(key, message, { delay = 0, local = null, volatile = false, underWay = null } = {}) {
    let entry = entries.get(key);
    if (!entry) {
      entry = { key, revision: 0, stage: "waiting", since: now(), id: null, underWay, sentRevision: 0 };
      entries.set(key, entry);
    } else if (entry.message?.edit && message.edit && "base" in entry.message.edit) {
      message = { ...message, edit: { ...message.edit, ...madeFrom(entry.message.edit) } };
    }
    Object.assign(entry, { message, local, volatile, revision: entry.revision + 1 });
    if (entry.stage === "conflict") {
      persist(entry);
      changed();
      return;
    }
    if (entry.stage !== "sent") Object.assign(entry, { stage: "waiting", lacks: null, says: null, since: now() });
    entry.due = now() + delay;
    persist(entry);
    pump();
  }

  function under(id) {
    return [...entries.values()].find((entry) => entry.id === id);
  }

  function receive(message) {
    const entry = under(message.id);
    if (!entry || entry.stage !== "sent") return null;
    Object.assign(entry, { id: null, underWay: null, firstSentAt: null });
    if (message.kind === "ack" && "v" in message && entry.message.edit && "base" in entry.message.edit) {
      entry.message = { ...entry.message, edit: { ...entry.message.edit, ...madeFrom({ ...message, base: message.v }) } };
    }
    const newer = entry.revision !== entry.sentRevision;
    if (message.kind === "conflict") {
      Object.assign(entry, { stage: "conflict", theirs: message.theirs, version: message.v });
      persist(entry);
    } else if (message.kind === "failed") {
      Object.assign(entry, { stage: "waiting", due: now() + RETRY_AFTER, says: message.says });
      persist(entry);
    } else if (newer) {
      Object.assign(entry, { stage: "waiting", due: Math.max(entry.due, now()), since: now() });
      persist(entry);
    } else if (message.kind === "refused") {
      entry.stage = "refused";
      entry.says = message.says;
      if (!entry.local) forget(entry);
    } else if (message.lacks?.length) {
      Object.assign(entry, { stage: "incomplete", lacks: message.lacks });
      persist(entry);
      if (!entry.local) forget(entry);
    } else {
      forget(entry);
    }
    pump();
    return entry;
  }

  // Both sides changed the same thing, and the person has chosen.
  function settle(key, mine) {
    const entry = entries.get(key);
    if (!entry || entry.stage !== "conflict") return;
    if (mine) {
      entry.message = { ...entry.message, edit: { ...entry.message.edit, base: entry.version } };
      Object.assign(entry, { stage: "waiting", due: now(), since: now(), revision: entry.revision + 1, theirs: null });
      persist(entry);
    } else {
      forget(entry);
    }
    pump();
  }

  // Take over what earlier pages left behind.
  function restore() {
    const found = [];
    for (let place = 0; storage && place < storage.length; place += 1) {
      const name = storage.key(place);
      if (name.startsWith(`${prefix}|`) && !name.startsWith(`${prefix}|${client}|`)) found.push(name);
    }
    const taken = [];
    for (const name of found) {
      try {
        const { key, message, local, underWay } = JSON.parse(storage.getItem(name));
        storage.removeItem(name);
        if (entries.has(key)) continue;
        say(key, message, { local, underWay });
        taken.push(entries.get(key));
      } catch {
        // Not an entry of ours.
      }
    }
    return taken.filter(Boolean);
  }

  function status() {
    const list = [...entries.values()];
    const unsaved = list.filter((entry) => entry.stage === "waiting" || entry.stage === "sent");
    const since = (entry) => entry.firstSentAt ?? (entry.stage === "waiting" && !ready ? entry.since : now());
    return {
      unsaved: unsaved.length,
      late: unsaved.some((entry) => entry.says || now() - since(entry) >= LATE_AFTER),
      says: unsaved.find((entry) => entry.says)?.says ?? null,
      incomplete: list.filter((entry) => entry.stage === "incomplete" || entry.stage === "refused").length,
      conflicts: list.filter((entry) => entry.stage === "conflict").length,
    };
  }

  return {
    say,
    receive,
    settle,
    restore,
    status,
    entry: (key) => entries.get(key) ?? null,
    entries: () => [...entries.values()],
    drop: (key) => entries.has(key) && (forget(entries.get(key)), changed()),
    // Text that waits for a pause is sent at once.
    flush() {
      for (const entry of entries.values()) if (entry.stage === "waiting" && !entry.says) entry.due = now();
      pump();
    },
    // Nothing goes out before Python was heard and the person is known.
    ready(is) {
      ready = is;
      if (is) pump();
    },
    // After a silence: what is under way may be lost, so it is sent again under its own number.
    again() {
      for (const entry of entries.values()) if (entry.stage === "sent") dispatch(entry);
    },
  };
}
