// The extension: a type of file, a form for it, commands, a card.
import { createFactories, label } from "./document.js";
import { createPane } from "./pane.js";

const PACKAGES = ["application", "apputils", "coreutils", "docregistry", "filebrowser", "launcher", "services", "translation", "ui-components"];
const REVIEW = "orr:review";
const FACTORY = "Readiness review";
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path class="jp-icon3 jp-icon-selectable" fill="#616161"
d="M3 1h10a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1zm1 2v2h2V3zm3.5.4v1.2H12V3.4zM4 7v2h2V7zm3.5.4v1.2H12V7.4zm-.9 3.3L5.2 12.4l-.8-.8-.9.9 1.8 1.7 2.2-2.6z"/></svg>`;

export async function createPlugin(load) {
  const loaded = await Promise.all(PACKAGES.map((name) => load(`@jupyterlab/${name}`).catch(() => ({}))));
  const lab = Object.fromEntries(PACKAGES.map((name, place) => [name.replace("-", ""), loaded[place]]));
  const { Widget } = await load("@lumino/widgets");
  const optional = [lab.apputils.ICommandPalette, lab.launcher.ILauncher, lab.application.ILayoutRestorer, lab.translation.ITranslator];
  return {
    id: "orr-review:plugin",
    description: "Readiness reviews of orr.",
    autoStart: true,
    optional: optional.filter(Boolean),
    activate: (app, ...found) => {
      const services = Object.fromEntries(["palette", "launcher", "restorer", "translator"]
        .filter((_, place) => optional[place]).map((name, place) => [name, found[place]]));
      return activate(app, lab, Widget, services);
    },
  };
}

async function activate(app, lab, Widget, { palette, launcher, restorer, translator }) {
  const settings = app.serviceManager.serverSettings;
  const { URLExt } = lab.coreutils;

  async function ask(name, query) {
    const url = URLExt.join(settings.baseUrl, "orr", name) + URLExt.objectToQueryString(query);
    const answer = await lab.services.ServerConnection.makeRequest(url, {}, settings);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  const language = translator?.languageCode ?? "";
  let words;
  try {
    ({ words } = await ask("words", { language }));
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
  widgets.widgetCreated.connect((_, widget) => {
    void tracker.add(widget);
    widget.context.pathChanged.connect(() => tracker.save(widget));
  });
  restorer?.restore(tracker, {
    command: "docmanager:open",
    args: ({ context }) => ({ path: context.path, factory: FACTORY }),
    name: ({ context }) => context.path,
  });

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
        app.shell.add(widget, "main");
      }
      app.shell.activateById(widget.id);
      return widget;
    }
  }

  app.commands.addCommand(REVIEW, {
    label: ({ path }) => (path ? say("open.here") : say("open")),
    icon,
    execute: async ({ path }) => path && openReview(path),
  });
}
