// The form of one review in a tab, or why there is none.
import { createLine } from "./line.js";

let program = null;

export function createPane({ Widget, server, say, openText, language }) {
  const { URLExt, settings } = server;
  const withToken = (url) => (settings.appendToken && settings.token ? `${url}&token=${encodeURIComponent(settings.token)}` : url);
  const address = (base, name, query) => withToken(URLExt.join(base, "orr", name) + URLExt.objectToQueryString(query));

  // The form's program and style come from the server, so that they always are of its version.
  function load(version) {
    program ??= import(address(settings.baseUrl, "form.js", { v: version }));
    if (!document.getElementById("orr-form-style")) {
      const style = document.createElement("link");
      Object.assign(style, { id: "orr-form-style", rel: "stylesheet", href: address(settings.baseUrl, "form.css", { v: version }) });
      document.head.append(style);
    }
    program.catch(() => (program = null));
    return program;
  }

  return class Pane extends Widget {
    constructor(path) {
      super();
      this.addClass("orr-pane");
      this.node.tabIndex = -1; // holds the focus until there is a form
      this.path = path;
      this.note = document.createElement("div");
      this.note.className = "orr-note";
      this.note.setAttribute("role", "status");
      this.place = document.createElement("div");
      this.place.className = "orr-place";
      this.node.append(this.note, this.place);
      this.display([say("opening")]);
      this.begin();
    }

    begin() {
      const query = { path: this.path, language };
      this.line = createLine(
        () => new settings.WebSocket(address(settings.wsUrl, "form", query)),
        (message) => this.told(message),
      );
    }

    // Another path for the same tab: its file was renamed.
    turnTo(path) {
      this.clear();
      this.path = path;
      this.begin();
    }

    async told(message) {
      if (message.kind === "closed") this.display([say("closed"), ...message.lines, ...(message.lasting ? [] : [say("retry")])], true);
      else if (message.kind === "lost") this.unmount || this.display([say("lost")]);
      else if (this.unmount) this.display([]);
      else {
        const line = this.line;
        try {
          const { default: form } = await load(message.program);
          if (this.isDisposed || line !== this.line || this.unmount) return;
          this.display([]);
          this.unmount = form.render({ model: this.line.model, el: this.place });
          if (this.isVisible && [this.node, document.body].includes(document.activeElement)) this.onActivateRequest();
        } catch (error) {
          this.display([say("closed"), String(error)]);
        }
      }
    }

    display(lines, closed) {
      this.note.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
      this.note.hidden = !lines.length;
      if (!closed || !openText) return;
      const button = Object.assign(document.createElement("button"), { textContent: say("editor"), className: "jp-mod-styled jp-mod-accept" });
      button.addEventListener("click", () => openText(this.path));
      this.note.append(button);
    }

    clear() {
      this.line?.end();
      this.unmount?.();
      this.unmount = null;
      this.place.replaceChildren();
    }

    onActivateRequest() {
      (this.node.querySelector(".orr-form") ?? this.node).focus();
    }

    dispose() {
      if (this.isDisposed) return;
      this.clear();
      super.dispose();
    }
  };
}
