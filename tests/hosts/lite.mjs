// Run Python in Pyodide: node lite.mjs PYODIDE WHEEL PROGRAM INPUT; prints what the program returns.
// Nothing is fetched: the wheel and the files of Pyodide are all there is.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, wheel, program, input] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
  const pyodide = await loadPyodide();
  pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel");
  pyodide.globals.set("source", readFileSync(input, "utf8"));
  process.stdout.write(pyodide.runPython(readFileSync(program, "utf8")));
} catch (error) {
  process.stderr.write(String(error.message)); // without Node's quotation of all of Pyodide
  process.exitCode = 1;
}
