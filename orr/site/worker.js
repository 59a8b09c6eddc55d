// Python in a worker: what the page says goes to it, and what it says to the page.
//
// Everything is done in the order in which the page said it. The parts come as bytes, packed by gzip, or are
// fetched from beside the page.
const HERE = "https://parts.invalid/";
let page = null;

async function unpacked(part) {
  const stream = new Blob([part]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

async function fetched(base, name) {
  const answer = await fetch(`${base}${name}`);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}

async function begin({ base, parts, id }) {
  const part = parts ? (name) => unpacked(parts[name]) : (name) => fetched(base, name);
  const archive = async (name) => unpacked(parts ? parts[name] : await fetched(base, `${name}.packed`));
  const [library, ...archives] = ["python_stdlib.zip", "env.zip", "workspace.zip"].map(archive);
  const fromHost = self.fetch;
  self.fetch = async (address, options) => {
    const name = String(address.url ?? address).split("/").pop();
    if (name === "python_stdlib.zip") return new Response(await library);
    return parts ? new Response(await part(name), { headers: { "content-type": "application/wasm" } }) : fromHost(address, options);
  };
  const lock = new TextDecoder().decode(await part("pyodide-lock.json"));
  const indexURL = parts ? HERE : base;
  const python = await self.loadPyodide({ indexURL, createPyodideModule: self.createPyodideModule, lockFileContents: lock, packageBaseUrl: indexURL });
  const [env, workspace] = await Promise.all(archives);
  const folder = `/site/${id}`;
  python.unpackArchive(env, "zip", { extractDir: "/site/env" });
  python.unpackArchive(workspace, "zip", { extractDir: folder });
  python.runPython("import sys; sys.path.insert(0, '/site/env')");
  page = python.pyimport("orr.site.browser").Page(folder, (text) => postMessage(text));
}

const doing = {
  begin,
  open: ({ workload, language, kept }) => page.open(workload, language, kept),
  theirs: ({ path, base, content }) => page.theirs(path, base, content),
  receive: ({ text, buffers }) => page.receive(text, buffers),
};

let last = Promise.resolve();
self.onmessage = ({ data }) => {
  last = last.then(() => doing[data.do](data)).catch((error) => {
    postMessage(JSON.stringify({ site: "failed", says: String(error?.message ?? error).trim().split("\n").slice(-3).join("\n") }));
  });
};
