// SPDX-License-Identifier: MIT
//
// mpyworker.mjs: MicroPython's WebAssembly build in a thread of its own, so
// that mpyboard.mjs can end it when it is interrupted.
//
// workerData: {opt, files}.  It posts {ready}; on {bytes} it feeds them to the
// REPL, posts what that prints as {out}, and then {done, exited, files}.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { opt, files } = workerData;
const MACHINE = "JS with Emscripten";		// what the build says itself
const FLUSH_BYTES = 256;
const CR = 13, LF = 10;

const url = pathToFileURL(path.resolve(opt.pkg, "micropython.mjs"));
const { loadMicroPython } = await import(url);

// What it prints, with "\r\n" for "\n" as boards have it.
let out = [];
let previous = 0;
let printed = false;			// anything since the last bytes came

function flush() {
	let text = Buffer.from(out).toString("latin1");

	if (opt.machine)
		text = text.replace(MACHINE, opt.machine);
	if (out.length > 0)
		parentPort.postMessage({ out: Buffer.from(text, "latin1") });
	out = [];
}

function print(bytes) {
	for (const b of bytes) {
		if (b === LF && previous !== CR)
			out.push(CR);
		out.push(b);
		previous = b;
		// "OK" at once: a tool waits for it before the code ends.
		if (b === LF || out.length >= FLUSH_BYTES ||
		    (!printed && out.length === 2)) {
			printed = true;
			flush();
		}
	}
}

const mp = await loadMicroPython({
	heapsize: 4 << 20,
	linebuffer: false,
	stdout: print,
});
const FS = mp.FS ?? mp._module?.FS;

// --- files, which survive what a board would survive ---

const OTHERS = new Set([".", "..", "/dev", "/proc", "/tmp", "/home"]);

function dump(dir) {
	return FS.readdir(dir)
	    .map((name) => ({ name, path: path.posix.join(dir, name) }))
	    .filter((f) => !OTHERS.has(f.name) && !OTHERS.has(f.path))
	    .map((f) => FS.isDir(FS.stat(f.path).mode) ?
		{ path: f.path, inside: dump(f.path) } :
		{ path: f.path, data: FS.readFile(f.path) });
}

function mkdir(dir) {
	if (!FS.analyzePath(dir).exists)
		FS.mkdir(dir);
}

function load(list) {
	for (const f of list) {
		if (f.inside) {
			mkdir(f.path);
			load(f.inside);
		} else {
			FS.writeFile(f.path, f.data);
		}
	}
}

// --- the identity, in front of the real modules ---

const py = JSON.stringify;		// a str literal of Python is one of JSON

function versionTuple(text) {
	const m = text?.match(/^(\d+)\.(\d+)\.(\d+)(-preview)?$/);

	if (!m)
		return "impl.version";
	const last = m[2] >= 22 ? `, ${py(m[4] ? "preview" : "")}` : "";
	return `(${m[1]}, ${m[2]}, ${m[3]}${last})`;
}

mp.runPython(`
def _identity():
    import os, sys
    from collections import namedtuple
    class Module:
        def __init__(self, base=None, **names):
            self._base = base
            for n in names:
                setattr(self, n, names[n])
        def __getattr__(self, name):
            return getattr(self._base, name)
    def leave(*args):
        raise SystemExit
    def bootloader(*args):
        import js
        js.globalThis.forBootloader = True
        raise SystemExit
    impl = sys.implementation
    machine = ${py(opt.machine ?? MACHINE)}
    platform = ${py(opt.platform ?? "webassembly")}
    git = ${py(opt.git ?? "")}
    build = ${py(opt.build ?? "")}
    fields = ['name', 'version', '_machine', '_mpy']
    values = ['micropython', ${versionTuple(opt.version)}, machine, impl._mpy]
    if build:
        fields.append('_build')
        values.append(build)
    version = '3.4.0; MicroPython ' + git if git else sys.version
    sys.modules['sys'] = Module(sys, platform=platform, version=version,
        implementation=namedtuple('implementation', fields)(*values))
    sys.modules['machine'] = Module(reset=leave, soft_reset=leave,
        bootloader=bootloader, freq=lambda: 125000000,
        unique_id=lambda: bytes.fromhex(${py(opt.uid ?? "e6614c311b5a6b2c")}))
    uname = namedtuple('uname',
        ['sysname', 'nodename', 'release', 'version', 'machine'])(
        platform, platform, '.'.join([str(n) for n in values[1][:3]]),
        version.split('MicroPython ')[-1], machine)
    sys.modules['os'] = Module(os, uname=lambda: uname)
_identity()
del _identity
`);
load(files);
if (opt.mount) {
	mkdir(opt.mount);
	mp.runPython(`import os\nos.chdir(${py(opt.mount)})\ndel os`);
}
mp.replInit();
out = [];				// its banner

parentPort.on("message", ({ bytes }) => {
	let exited = false;

	printed = false;
	for (const b of bytes)
		if (mp.replProcessChar(b)) {
			exited = true;
			break;
		}
	flush();
	parentPort.postMessage({ done: true, exited, files: dump("/"),
	    bootloader: globalThis.forBootloader });
});
parentPort.postMessage({ ready: true });
