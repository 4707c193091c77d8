// Runs one Python text on the 32-bit wasm MicroPython: node wasm_run.mjs MODULE.mjs FOLDER SCRIPT
// FOLDER is copied into the interpreter's filesystem as /work; SCRIPT's standard output goes to ours.
import fs from "node:fs";
import path from "node:path";

const [module, folder, script] = process.argv.slice(2);
const { loadMicroPython } = await import(path.resolve(module));
const mp = await loadMicroPython({ heapsize: 16 * 1024 * 1024, stdout: (line) => console.log(line), linebuffer: true });

function copy(from, to) {
  mp.FS.mkdir(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = `${to}/${entry.name}`;
    if (entry.isDirectory()) copy(source, target);
    else mp.FS.writeFile(target, fs.readFileSync(source));
  }
}

copy(folder, "/work");
mp.runPython(fs.readFileSync(script, "utf8"));
