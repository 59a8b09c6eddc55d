// Run the compiler in Pyodide: `node compile.mjs FOLDER`, where the folder holds Pyodide, compiler.py and given.zip.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = `${process.argv[2]}/`;
try {
  const { loadPyodide } = await import(pathToFileURL(`${folder}pyodide.mjs`).href);
  const python = await loadPyodide({ indexURL: folder });
  for (const name of ["given.zip", "compiler.py"]) python.FS.writeFile(`/tmp/${name}`, readFileSync(`${folder}${name}`));
  python.runPython("import sys; sys.path.insert(0, '/tmp'); import compiler; compiler.compile_archive('/tmp/given.zip', '/tmp/made.zip')");
  writeFileSync(`${folder}made.zip`, python.FS.readFile("/tmp/made.zip"));
  process.exit(0);
} catch (error) {
  process.stderr.write(String(error?.message ?? error).slice(-500));
  process.exit(1);
}
