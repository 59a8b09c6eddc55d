// The panel: the workloads of the workspace, with what was recorded last of each. It runs nothing.

const SIGNS = { go: "●", "conditional-go": "▲", "no-go": "■" };

function h(name, properties, ...children) {
  const { onclick, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  if (onclick) element.addEventListener("click", onclick);
  element.append(...children.filter(Boolean));
  return element;
}

export function createPanel({ Widget, ask, say, openReview, openPage, folder }) {
  return class Panel extends Widget {
    constructor() {
      super();
      this.addClass("orr-panel");
      this.node.setAttribute("role", "region");
      this.node.setAttribute("aria-label", say("panel"));
      this.look = 0;
      this.list = h("div", { className: "orr-list" });
      const again = h("button", { className: "jp-mod-styled", textContent: say("panel.refresh"), onclick: () => this.refresh() });
      this.node.append(h("div", { className: "orr-head" }, h("h2", { textContent: say("panel") }), again), this.list);
    }

    onAfterShow() {
      void this.refresh();
    }

    // Names first; how each stands follows, one after another, until somebody looks again.
    async refresh() {
      const look = (this.look += 1);
      const shown = [];
      try {
        const { workspaces, problem } = await ask("workloads", { folder: folder() });
        if (look !== this.look) return;
        const found = workspaces ?? [{ problem, workloads: [] }];
        this.list.replaceChildren(...(found.length ? found.map((one) => this.workspace(one, shown)) : [h("p", { textContent: say("panel.empty") })]));
        for (const { path, place } of shown) {
          const standing = await ask("standing", { path });
          if (look !== this.look || this.isDisposed) return;
          place.replaceChildren(...this.standing(standing));
        }
      } catch (error) {
        if (look === this.look) this.list.replaceChildren(h("p", { textContent: say("lost") }));
        console.warn(error);
      }
    }

    workspace({ folder: name, fleet, problem, workloads }, shown) {
      const title = name && h("h3", {}, name, fleet && h("button", { className: "orr-link", textContent: say("panel.fleet"), onclick: () => openPage(fleet) }));
      const faults = (problem ?? []).map((line) => h("p", { className: "orr-doubt", textContent: line }));
      const rows = workloads.map((one) => {
        const place = h("div", { className: "orr-standing" });
        if (one.path) shown.push({ path: one.path, place });
        const open = h("button", { className: "orr-link orr-open", textContent: one.title, title: one.path ?? one.name, disabled: !one.path, onclick: () => openReview(one.path) });
        const report = one.report && h("button", { className: "orr-link", textContent: say("panel.report"), onclick: () => openPage(one.report) });
        return h("li", {}, open, h("div", { className: "orr-launch" }, one.launch, report), place);
      });
      return h("section", {}, title, ...faults, h("ul", {}, ...rows));
    }

    standing({ verdict, says, doubts, next, problem }) {
      const lines = problem ?? [];
      return [
        h("div", { className: `orr-verdict${doubts?.length ? " orr-old" : ""}`, textContent: `${SIGNS[verdict] ?? "○"} ${says ?? lines.join(" ")}` }),
        ...(doubts ?? []).map((one) => h("div", { className: "orr-doubt", textContent: one })),
        next && h("div", { className: "orr-next", textContent: next }),
      ].filter(Boolean);
    }
  };
}
