// Commands of the palette, the card of the launcher, and what they ask.

export function addCommands({ app, apputils, palette, launcher, icon, ask, say, folder, openReview, openPage }) {
  const { InputDialog, showErrorMessage } = apputils;
  const category = say("category");

  // A workload that somebody chooses, of all that the panel would list.
  async function chosen(title) {
    const { workspaces, problem } = await ask("workloads", { folder: folder() });
    const all = (workspaces ?? []).flatMap(({ workloads }) => workloads).filter(({ path }) => path);
    if (!all.length) {
      await showErrorMessage(title, (problem ?? [say("panel.empty")]).join("\n"));
      return null;
    }
    if (all.length === 1) return all[0];
    const labels = all.map(({ name, path }) => (all.filter((one) => one.name === name).length > 1 ? path : name));
    const { value } = await InputDialog.getItem({ title, label: say("open.which"), items: labels, okLabel: say("choose") });
    return all[labels.indexOf(value)] ?? null;
  }

  async function create() {
    const place = folder();
    const label = say("new.name").replace("{folder}", place || "/");
    const { value } = await InputDialog.getText({ title: say("new"), label, okLabel: say("new.ok") });
    if (!value?.trim()) return;
    const { path, lines, problem } = await ask("workloads", {}, { folder: place, name: value.trim() });
    if (path) await openReview(path);
    else await showErrorMessage(say("new"), (problem ?? lines).join("\n"));
  }

  async function report() {
    const one = await chosen(say("report"));
    if (one?.report) await openPage(one.report);
    else if (one) await showErrorMessage(say("report"), say("report.none").replaceAll("{name}", one.name));
  }

  async function fleet() {
    const { workspaces } = await ask("workloads", { folder: folder() });
    const page = workspaces?.find((one) => one.fleet)?.fleet;
    if (page) await openPage(page);
    else await showErrorMessage(say("fleet"), say("fleet.none"));
  }

  async function open({ path }) {
    const asked = path ?? (await chosen(say("open")))?.path;
    return asked ? openReview(asked) : undefined;
  }

  const commands = { "orr:open": [say("open"), open], "orr:new": [say("new"), create], "orr:report": [say("report"), report], "orr:fleet": [say("fleet"), fleet] };
  for (const [command, [label, execute]] of Object.entries(commands)) {
    const named = ({ isLauncher }) => (isLauncher ? say("open.here") : label);
    app.commands.addCommand(command, { label: named, icon, execute });
    palette?.addItem({ command, category });
  }
  launcher?.add({ command: "orr:open", category: "Other", args: { isLauncher: true } });
}
