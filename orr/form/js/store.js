// What Python said last. Patches are laid over it; nothing is worked out here.

export function createStore() {
  const store = { items: {}, top: {}, order: [], moving: [], problem: [], known: false };

  let fixed = null;

  // Returns whether anything is other than it was of what no patch moves: then all is drawn anew.
  store.takeAll = (all) => {
    const { by, to, top, problem, items, at, comments, ...said } = all;
    const asked = Object.values(items).map((item) => ({ ...item, ...Object.fromEntries(all.moving.map((key) => [key, undefined])) }));
    const before = fixed;
    fixed = JSON.stringify([said, Object.keys(items), asked]);
    Object.assign(store, all, { known: true });
    store.top = { ...store.top, ...all.top };
    store.order = all.checklists.flatMap((checklist) =>
      checklist.sections.flatMap((section) => (section.unit ? [section.unit, ...section.items] : section.items)));
    return fixed !== before;
  };

  // Returns the names of the items that moved.
  store.takePatch = (patch) => {
    for (const [name, moved] of Object.entries(patch.items ?? {})) {
      const item = { ...store.items[name] };
      for (const key of store.moving) delete item[key];
      store.items[name] = Object.assign(item, moved);
    }
    const said = patch.comments ? Object.keys({ ...store.comments, ...patch.comments }) : [];
    if (patch.comments) store.comments = patch.comments;
    if (patch.top) store.top = { ...store.top, ...patch.top };
    if (patch.problem) store.problem = patch.problem;
    return [...new Set([...Object.keys(patch.items ?? {}), ...said.filter((name) => store.items[name])])];
  };

  return store;
}
