// The page around the form: where what is written is kept, and what a browser cannot know.
const about = JSON.parse(document.getElementById("about").textContent);
const storage = openStorage();
const canPick = typeof window.showDirectoryPicker === "function";
const heard = {};
const state = { language: about.language, workload: null, stored: null, kept: null, written: null, downloaded: null,
  changed: new Map(), known: {}, folder: null, differ: [], notes: [], problem: null, end: null, home: null };
const tell = (name, values = {}) => {
  const said = about.words[state.language][`page.${name}`];
  const text = typeof said === "string" ? said : said[values.n === 1 ? "one" : "other"];
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
};
const now = () => new Date().toLocaleTimeString(state.language, { hour12: false });
const key = () => `orr-site|${about.id}|${state.workload}`;

// The bytes of what Python needs: beside the page, or in it.
const inside = [...document.querySelectorAll("script[data-part]")];
const bytes = (text) => Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

async function startWorker() {
  const given = Object.fromEntries(inside.map((one) => [one.dataset.part, bytes(one.textContent.trim()).buffer]));
  inside.forEach((one) => one.remove());
  const program = given["worker.js"]
    ? await new Response(new Blob([given["worker.js"]]).stream().pipeThrough(new DecompressionStream("gzip"))).blob()
    : await (await fetch("worker.js")).blob();
  const worker = new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
  delete given["worker.js"];
  const parts = inside.length ? given : null;
  const base = new URL("parts/", document.baseURI).href;
  worker.onmessage = ({ data }) => receive(JSON.parse(data));
  worker.postMessage({ do: "begin", base, parts, id: about.id }, parts ? Object.values(parts) : []);
  return worker;
}

// The form's line to Python.
const model = {
  send(content, _callbacks, buffers) {
    if (content.kind === "language") speak(content.language);
    worker.then((one) => one.postMessage({ do: "receive", text: JSON.stringify(content), buffers: buffers ?? [] }));
  },
  on: (name, callback) => (heard[name] ??= new Set()).add(callback),
  off: (name, callback) => heard[name]?.delete(callback),
};

const told = {
  opened(message) {
    Object.assign(state, { language: message.language, home: message.home });
    pending(message.edits);
    show();
  },
  edits(message) {
    pending(message.edits);
    show();
  },
  file: keep,
  merged({ name }) {
    merging.delete(name);
    if (state.changed.size) store();
    if (state.folder) void writeFolder();
    draw();
  },
  lost({ parts, name, content }) {
    const mine = name.replace(/(\.\w+)$/, ".mine$1");
    state.notes.push(tell("lost", { parts: parts.join(", "), file: mine }));
    offer(mine, new Blob([bytes(content)]));
    draw();
  },
  faulty({ faults }) {
    state.problem = faults.join("\n");
    draw();
  },
  failed({ says }) {
    state.problem = tell("failed", { says });
    draw();
  },
};

function receive(message) {
  if (message.site) told[message.site](message);
  else for (const one of heard["msg:custom"] ?? []) one(message, []);
}

// Edits that others' changes stand against wait in the form's outbox, which shows both sides.
function pending(edits) {
  for (const edit of edits) storage?.setItem(`orr|${state.home}|${state.workload}|draft|${edit.key}`, JSON.stringify({ ...edit, underWay: null }));
}

function show() {
  state.end?.();
  document.getElementById("form").replaceChildren();
  state.end = render({ model, el: document.getElementById("form") });
  draw();
}

function open(workload) {
  state.end?.();
  merging.clear();
  Object.assign(state, { workload, end: null, kept: null, written: null, downloaded: null, problem: null, notes: [], changed: new Map(), known: {} });
  document.getElementById("form").replaceChildren();
  state.stored = read();
  for (const [name, file] of Object.entries(filesOf(state.stored))) state.changed.set(name, file);
  if (state.stored) state.kept = now();
  worker.then((one) => one.postMessage({ do: "open", workload, language: state.language, kept: state.stored ?? "{}" }));
  draw();
}

function speak(language) {
  state.language = language;
  document.documentElement.lang = language;
  draw();
}

// What is written is kept in this browser at once: no tab writes over what another one wrote.
function read() {
  try {
    return storage?.getItem(key()) ?? null;
  } catch {
    return null;
  }
}

const filesOf = (text) => (text ? JSON.parse(text) : {});

function keep({ name, content, base, same }) {
  state.known[name] = { base, content };
  if (same) state.changed.delete(name);
  else state.changed.set(name, { base, content });
  const other = read();
  if (other !== state.stored && other !== null) {
    takeOver(other);
    return;
  }
  state.written = state.downloaded = null;
  if (merging.has(name)) state.kept = null; // what lacks the other side is kept nowhere
  else store();
  if (state.folder) void writeFolder();
  draw();
}

function store() {
  const text = state.changed.size ? JSON.stringify(Object.fromEntries(state.changed)) : null;
  try {
    if (text === null) storage.removeItem(key());
    else storage.setItem(key(), text);
    state.stored = text;
    state.kept = text === null ? null : now();
  } catch {
    state.kept = null; // full or forbidden: said on the page
  }
}

// What another tab wrote of a file is merged with what is here, from what both were made of.
function takeOver(text) {
  const before = filesOf(state.stored);
  state.stored = text;
  for (const [name, { base, content }] of Object.entries(filesOf(text))) {
    if (before[name]?.content !== content) theirs(name, before[name]?.content ?? base, content);
  }
}

const merging = new Set();
function theirs(path, base, content) {
  merging.add(path);
  worker.then((one) => one.postMessage({ do: "theirs", path, base, content }));
}

window.addEventListener("storage", (event) => {
  if (state.workload && event.key === key() && event.newValue !== state.stored && event.newValue) takeOver(event.newValue);
});

window.addEventListener("beforeunload", (event) => {
  if (state.changed.size && !state.kept && !state.written && !state.downloaded) event.preventDefault();
});

// Files for people: one as it is, several as they lie in the repository.
function offer(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

function download() {
  for (const [path, { content }] of state.changed) offer(path.split("/").pop(), new Blob([bytes(content)], { type: "application/octet-stream" }));
  state.downloaded = now();
  draw();
}

// A checkout that the person picks.
async function at(path, create) {
  const [name, ...folders] = path.split("/").reverse();
  let folder = state.folder;
  for (const one of folders.reverse()) if (one !== ".") folder = await folder.getDirectoryHandle(one, { create });
  return folder.getFileHandle(name, { create });
}

async function contentAt(path, tries = 3) {
  try {
    return new Uint8Array(await (await (await at(path, false)).getFile()).arrayBuffer());
  } catch (error) {
    if (error.name === "NotFoundError" || error.name === "TypeMismatchError") return null;
    // Another program exchanged the file between the two steps.
    if (error.name === "NotReadableError" && tries > 1) return contentAt(path, tries - 1);
    throw error;
  }
}

const text64 = (raw) => raw.toBase64?.() ?? btoa(Array.from(raw, (one) => String.fromCharCode(one)).join(""));
const sum = async (raw) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", raw))].map((one) => one.toString(16).padStart(2, "0")).join("");
const inRoot = (path) => (about.root === "." ? path : path.slice(about.root.length + 1));

async function pick() {
  try {
    state.folder = await window.showDirectoryPicker({ mode: "readwrite" });
    if ((await contentAt("orr.yaml")) === null) {
      state.folder = null;
      state.notes = [tell("no-workspace")];
      draw();
      return;
    }
    onDisk.clear();
    await lookAtFolder();
    await lookForOthers();
    await writeFolder();
  } catch (error) {
    if (error.name === "AbortError") return;
    state.folder = null;
    state.notes = [tell("folder-failed", { says: error.message })];
  }
  draw();
}

// Which of the packed files are others in the checkout, and the review that lies there.
async function lookAtFolder() {
  state.differ = [];
  for (const [path, digest] of Object.entries(about.sums)) {
    const own = about.root === "." || path.startsWith(`${about.root}/`);
    if (!own || path.endsWith("/review.yaml") || path.endsWith("/discussion.jsonl") || state.changed.has(inRoot(path))) continue;
    const raw = await contentAt(inRoot(path));
    if (raw === null || (await sum(raw)) !== digest) state.differ.push(inRoot(path));
  }
  model.send({ kind: "differ", files: state.differ });
}

// Writes what was changed; what others wrote there since is merged first.
let writing = Promise.resolve();
const onDisk = new Map();
function writeFolder() {
  writing = writing.then(async () => {
    for (const [name, { base, content }] of state.changed) {
      if (merging.has(name)) continue;
      const there = await contentAt(name);
      const text = there === null ? null : text64(there);
      const isOthers = text !== null && text !== content && text !== (onDisk.get(name) ?? base);
      if (isOthers) theirs(name, onDisk.get(name) ?? base, text);
      else if (text !== content) {
        const stream = await (await at(name, true)).createWritable();
        await stream.write(bytes(content));
        await stream.close();
      }
      onDisk.set(name, isOthers ? text : content);
    }
    if (!merging.size && state.changed.size) state.written = now();
    draw();
  }).catch(failedFolder);
  return writing;
}

function failedFolder(error) {
  state.written = null;
  state.notes = [tell("folder-failed", { says: error.message })];
  draw();
}

async function lookForOthers() {
  for (const name of new Set([`workloads/${state.workload}/review.yaml`, ...state.changed.keys()])) {
    const there = await contentAt(name);
    const text = there === null ? null : text64(there);
    const known = onDisk.get(name) ?? state.known[name]?.base ?? about.sums[about.root === "." ? name : `${about.root}/${name}`];
    if (text === null || text === known || (await sum(there)) === known) continue;
    const base = onDisk.get(name) ?? state.known[name]?.base ?? null;
    onDisk.set(name, text);
    theirs(name, base, text);
  }
}

setInterval(() => {
  if (state.folder && document.visibilityState === "visible") writing = writing.then(lookForOthers).catch(failedFolder);
}, 2000);

// The head of the page.
const head = document.getElementById("site");
const status = h("p", { role: "status", class: "kept" });
const alarm = h("div", { role: "alert", class: "alarm" });
const rest = h("div", {});
head.append(rest, status, alarm);

function where() {
  if (!state.end && !state.problem) return tell("starting");
  if (!state.changed.size) return tell("nothing");
  const parts = [];
  if (state.written) parts.push(tell("written", { at: state.written, folder: state.folder.name }));
  if (state.downloaded) parts.push(tell("downloaded", { at: state.downloaded }));
  if (state.kept) parts.push(tell("kept", { at: state.kept }));
  return parts.join(" ") || tell("nowhere");
}

const coded = (text) => text.split("`").map((part, n) => (n % 2 ? h("code", {}, part) : part));

let drawnIn = null;
let downloads = null;
function draw() {
  const kept = where();
  if (status.dataset.text !== kept) refill(status, coded(kept));
  status.dataset.text = kept;
  const one = about.workloads.find(({ name }) => name === state.workload);
  const alarms = [state.problem, ...state.notes, state.differ.length ? tell("differ", { n: state.differ.length, files: state.differ.slice(0, 5).join(", ") }) : null,
    one && !about.whole[one.name] ? tell("not-whole", { files: about.leftOut.join(", ") || "–" }) : null].filter(Boolean);
  if (alarm.dataset.text !== alarms.join("\n")) {
    alarm.dataset.text = alarms.join("\n");
    refill(alarm, alarms.map((text) => h("p", {}, coded(text))));
  }
  if (downloads) downloads.disabled = !state.changed.size;
  const drawn = `${state.language}|${state.workload}`;
  if (drawnIn === drawn) return;
  drawnIn = drawn;
  downloads = button(tell("download"), { onclick: download, disabled: !state.changed.size });
  const chosen = h("select", { id: "workload", onchange: () => open(chosen.value) }, about.workloads.map(({ name, title }) => h("option", { value: name }, title[state.language])));
  chosen.value = state.workload;
  const moment = new Date(about.moment).toLocaleString(state.language, { dateStyle: "medium", timeStyle: "short" });
  const acts = about.recorded[state.workload] ?? [];
  refill(rest,
    h("div", { class: "row" }, h("h1", {}, tell("title")),
      about.workloads.length > 1 && h("label", {}, h("span", {}, tell("workload")), chosen),
      h("span", { class: "tools" }, downloads, canPick && button(tell("pick"), { onclick: () => void pick() }))),
    h("p", { class: "facts" }, about.commit ? tell("facts", { commit: about.commit, moment }) : tell("facts.no-commit", { moment })),
    h("details", {}, h("summary", {}, tell("about")),
      h("ul", {}, h("li", {}, tell("about.now")), h("li", {}, acts.length ? tell("about.recorded", { kinds: acts.join(", ") }) : tell("about.none-recorded")),
        h("li", {}, coded(tell("about.back"))), about.leftOut.length > 0 && h("li", {}, tell("about.left-out", { files: about.leftOut.join(", ") })))));
}

const worker = startWorker();
worker.catch((error) => told.failed({ says: error.message }));
open(about.workloads.some(({ name }) => name === location.hash.slice(1)) ? location.hash.slice(1) : about.workloads[0].name);
