// Evidence entries: a link, a path picked from the repository, or a file dropped in; each with its dates.
import { button, field, h, link, newId, refill } from "./dom.js";

export function createEvidence(name, ctx, change) {
  const { say } = ctx;
  const list = h("ol", { class: "entries" });
  const files = h("datalist", { id: newId("files") });
  const picker = h("input", { type: "file", multiple: true, class: "picker", "aria-label": say("evidence.file") });
  const says = h("p", { class: "lack" });
  says.hidden = true;
  const drop = h("div", { class: "drop" }, button(say("evidence.add"), { class: "quiet", onclick: () => addRow() }),
    h("label", { class: "filelabel" }, h("span", {}, say("evidence.file")), picker), h("span", { class: "hint" }, say("evidence.drop")));
  const element = h("fieldset", { class: "block evidence" }, h("legend", {}, say("evidence.title")),
    ctx.store.items[name].proof && h("p", { class: "hint" }, say("evidence.required")), list, files, says, drop);
  let rows = [];

  function row(entry) {
    const controls = {
      where: h("input", { type: "text", value: entry.where ?? "", list: files.id, autocomplete: "off", spellcheck: "false" }),
      title: h("input", { type: "text", value: entry.title ?? "", autocomplete: "off" }),
      collected: h("input", { type: "date", value: entry.collected ?? "" }),
      expires: h("input", { type: "date", value: entry.expires ?? "" }),
    };
    const leads = h("span", { class: "leads" });
    const self = { controls, sha256: entry.sha256, element: null, leads };
    for (const [key, control] of Object.entries(controls)) {
      control.addEventListener("input", () => {
        if (key === "where") {
          self.sha256 = undefined;
          pick(control.value);
        }
        change(read(), 600);
      });
    }
    controls.where.addEventListener("focus", () => pick(controls.where.value));
    const remove = button(say("evidence.remove"), {
      class: "quiet",
      onclick: () => {
        const place = rows.indexOf(self);
        rows = rows.filter((one) => one !== self);
        self.element.remove();
        (rows[Math.min(place, rows.length - 1)]?.controls.where ?? drop.querySelector("button")).focus();
        change(read(), 0);
      },
    });
    self.element = h("li", {}, h("div", { class: "row" },
      field(say("evidence.where"), controls.where, { class: "field wide" }), field(say("evidence.name"), controls.title),
      field(say("evidence.collected"), controls.collected), field(say("evidence.expires"), controls.expires), remove), leads);
    showLink(self);
    return self;
  }

  function showLink(one) {
    const where = one.controls.where.value;
    refill(one.leads, /^https?:\/\//i.test(where) && link(where, say("evidence.open")), one.sha256 && h("code", {}, `sha256 ${one.sha256.replace("sha256:", "").slice(0, 12)}…`));
  }

  const read = () => rows.map((one) => {
    const entry = {};
    for (const [key, control] of Object.entries(one.controls)) if (control.value.trim()) entry[key] = control.value;
    if (one.sha256) entry.sha256 = one.sha256;
    return entry;
  });

  function addRow(entry = { collected: ctx.store.top.today }) {
    const one = row(entry);
    rows.push(one);
    list.append(one.element);
    one.controls.where.focus();
  }

  let asked = null;
  function pick(text) {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const found = await ctx.files(text);
      refill(files, found.map((path) => h("option", { value: path })));
    }, 150);
  }

  async function take(taken) {
    says.hidden = true;
    for (const file of taken) {
      const result = await ctx.drop(name, file);
      if (result.entry) add(result.entry);
      else {
        says.textContent = result.says;
        says.hidden = false;
      }
    }
  }

  function add(entry) {
    const one = row(entry);
    rows.push(one);
    list.append(one.element);
    change(read(), 0);
  }

  picker.addEventListener("change", async () => {
    await take([...picker.files]);
    picker.value = "";
  });

  const plain = (entries) => JSON.stringify(entries.map(({ where, title, collected, expires }) => [where, title, collected, expires].map((part) => part ?? "")));

  function update(entries) {
    const held = ctx.outbox.entry(`answer:${name}`);
    if (held || plain(entries) === plain(read().filter((entry) => entry.where || entry.title))) {
      rows.forEach(showLink);
      if (held && rows.length === 0 && entries.length) reset(entries);
      return;
    }
    reset(entries);
  }

  function reset(entries) {
    rows = entries.map(row);
    refill(list, rows.map((one) => one.element));
  }

  function lacks(found) {
    rows.forEach((one, place) => {
      for (const [key, control] of Object.entries(one.controls)) {
        control.setAttribute("aria-invalid", String(found.some((lack) => lack.field === `evidence.${place}.${key}`)));
      }
    });
  }

  return { element, update, lacks, take };
}
