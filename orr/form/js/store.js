// What Python said last. Patches are laid over it; nothing is worked out here.

export function createStore() {
  const store = { items: {}, top: {}, order: [], moving: [], problem: [], known: false };

  store.takeAll = (all) => {
    Object.assign(store, all, { known: true });
    store.top = { ...store.top, ...all.top };
    store.order = all.checklists.flatMap((checklist) =>
      checklist.sections.flatMap((section) => (section.unit ? [section.unit, ...section.items] : section.items)));
  };

  // Returns the names of the items that moved.
  store.takePatch = (patch) => {
    for (const [name, moved] of Object.entries(patch.items ?? {})) {
      const item = { ...store.items[name] };
      for (const key of store.moving) delete item[key];
      store.items[name] = Object.assign(item, moved);
    }
    if (patch.top) store.top = { ...store.top, ...patch.top };
    if (patch.problem) store.problem = patch.problem;
    return Object.keys(patch.items ?? {});
  };

  return store;
}
