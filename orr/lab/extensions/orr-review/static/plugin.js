// The extension: a type of file, a form for it, commands, a card.
import { createFactories, label } from "./document.js";
import { addCommands } from "./commands.js";
import { createPane } from "./pane.js";
import { createPanel } from "./panel.js";

const PACKAGES = ["application", "apputils", "coreutils", "docregistry", "filebrowser", "launcher", "services", "translation", "ui-components"];
const FACTORY = "Readiness review";
const NARROW = 640;
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path class="jp-icon3 jp-icon-selectable" fill="#616161"
d="M3 1h10a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1zm1 2v2h2V3zm3.5.4v1.2H12V3.4zM4 7v2h2V7zm3.5.4v1.2H12V7.4zm-.9 3.3L5.2 12.4l-.8-.8-.9.9 1.8 1.7 2.2-2.6z"/></svg>`;

export async function createPlugin(load) {
  const loaded = await Promise.all(PACKAGES.map((name) => load(`@jupyterlab/${name}`).catch(() => ({}))));
  const lab = Object.fromEntries(PACKAGES.map((name, place) => [name.replace("-", ""), loaded[place]]));
  const { Widget } = await load("@lumino/widgets");
  const optional = [lab.apputils.ICommandPalette, lab.launcher.ILauncher, lab.application.ILayoutRestorer, lab.translation.ITranslator,
    lab.filebrowser.IDefaultFileBrowser];
  return {
    id: "orr-review:plugin",
    description: "Readiness reviews of orr.",
    autoStart: true,
    optional: optional.filter(Boolean),
    activate: (app, ...found) => {
      const services = Object.fromEntries(["palette", "launcher", "restorer", "translator", "browser"]
        .filter((_, place) => optional[place]).map((name, place) => [name, found[place]]));
      return activate(app, lab, Widget, services);
    },
  };
}

async function activate(app, lab, Widget, { palette, launcher, restorer, translator, browser }) {
  const settings = app.serviceManager.serverSettings;
  const { URLExt } = lab.coreutils;

  const language = translator?.languageCode ?? "";

  // What is refused comes with words in `problem`.
  async function ask(name, query, body) {
    const url = URLExt.join(settings.baseUrl, "orr", name) + URLExt.objectToQueryString({ ...query, language });
    const request = body ? { method: "POST", body: JSON.stringify(body) } : {};
    const answer = await lab.services.ServerConnection.makeRequest(url, request, settings);
    if (!answer.ok && answer.status !== 400 && answer.status !== 404) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  let words;
  let asked;
  try {
    ({ words, open: asked } = await ask("words", {}));
    if (!words) throw new Error("no words");
  } catch (error) {
    console.warn("orr's server extension does not answer; its form opens only in notebooks.", error);
    return;
  }
  const say = (key) => words[key] ?? key;
  const icon = new lab.uicomponents.LabIcon({ name: "orr:review", svgstr: ICON });
  const localPath = (path) => app.serviceManager.contents.localPath(path);
  const openText = (path) => app.commands.execute("docmanager:open", { path, factory: "Editor" });
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("style.css", import.meta.url).href });
  document.head.append(style);

  const Pane = createPane({ Widget, server: { URLExt, settings }, say, openText, language });
  const registry = app.docRegistry;
  registry.addFileType({
    name: "orr-review", displayName: say("factory"), pattern: "^review\\.yaml$", extensions: [], mimeTypes: ["text/x-yaml"],
    contentType: "file", fileFormat: "text", icon,
  });
  const { models, widgets } = createFactories(lab, { say, icon, Pane, localPath });
  registry.addModelFactory(models);
  registry.addWidgetFactory(widgets);

  const tracker = new lab.apputils.WidgetTracker({ namespace: "orr-review" });
  // On a phone Lab's left panel leaves a tab less room than its frame; whoever wants the panel opens it again.
  const makeRoom = () => innerWidth < NARROW && void app.restored.then(() => app.shell.collapseLeft?.());
  widgets.widgetCreated.connect((_, widget) => {
    makeRoom();
    void tracker.add(widget);
    widget.context.pathChanged.connect(() => tracker.save(widget));
  });
  restorer?.restore(tracker, {
    command: "docmanager:open",
    args: ({ context }) => ({ path: context.path, factory: FACTORY }),
    name: ({ context }) => context.path,
  });

  // Notebook 7 shows tabs on the page of the files and nothing at its left.
  const inTree = lab.coreutils.PageConfig.getOption("notebookPage") === "tree";
  const tabs = () => (inTree ? [...app.shell.widgets("main")].find((one) => one.addWidget && one.tabBar) : null);

  // A workload that nobody answered for has no file yet: its form stands in a tab without one.
  const unwritten = new Map();
  async function openReview(path) {
    try {
      await app.serviceManager.contents.get(path, { content: false });
      return await app.commands.execute("docmanager:open", { path, factory: FACTORY });
    } catch {
      let widget = unwritten.get(path);
      if (!widget || widget.isDisposed) {
        widget = new lab.apputils.MainAreaWidget({ content: new Pane(path) });
        widget.id = `orr-unwritten-${path}`;
        widget.toolbar.hide();
        label(widget, path, icon);
        unwritten.set(path, widget);
        const shown = tabs();
        if (shown) shown.addWidget(widget);
        else app.shell.add(widget, "main");
      }
      makeRoom();
      if (tabs()) tabs().currentWidget = widget;
      else app.shell.activateById(widget.id);
      return widget;
    }
  }

  // A report brings its own program, as any page does that somebody opens; here it is shown without.
  const openPage = (path) => app.commands.execute("docmanager:open", { path, factory: "HTML Viewer" });
  const folder = () => browser?.model.path.replace(/^[^/]*:/, "") ?? "";
  addCommands({ app, apputils: lab.apputils, palette, launcher, icon, ask, say, folder, openReview, openPage });

  const Panel = createPanel({ Widget, ask, say, openReview, openPage, folder });
  const panel = new Panel();
  panel.id = "orr-panel";
  Object.assign(panel.title, { icon, caption: say("panel") });
  if (inTree) {
    panel.title.label = say("panel");
    void app.restored.then(() => tabs()?.addWidget(panel));
  } else app.shell.add(panel, "left", { rank: 550 });
  restorer?.add(panel, panel.id);

  if (asked) void app.restored.then(() => openReview(asked)); // `orr review` started this server
}
