// SPDX-License-Identifier: MIT
//
// mpyboard.mjs: a real MicroPython (npm wasm build) on stdin/stdout that claims to be any board.
//   node mpyboard.mjs --pkg DIR [--machine S] [--platform S] [--build S] [--version 1.24.1[-preview]]
//                     [--git S] [--uid HEX] [--mount /flash] [--no-paste] [--no-raw] [--no-uname] [--ready FILE]
//   or the same names in a JSON file: --config FILE  (spares the quoting in socat)
// Bridge to a pty with:  socat PTY,link=LINK,raw,echo=0 EXEC:"node mpyboard.mjs --config board.json"
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { pathToFileURL, fileURLToPath } from "node:url";
import fs_ from "node:fs";
import path from "node:path";

const enc = (s) => Buffer.from(s, "latin1");

if (!isMainThread) {
  const o = workerData.opt;
  const { loadMicroPython } = await import(pathToFileURL(path.resolve(o.pkg, "micropython.mjs")));
  let prev = 0, acc = [], first = true;
  const flush = () => { if (!acc.length) return; let t = Buffer.from(acc).toString("latin1"); acc = [];
    if (o.machine) t = t.replace("JS with Emscripten", o.machine);
    parentPort.postMessage({ out: Uint8Array.from(enc(t)) }); };
  const mp = await loadMicroPython({ heapsize: 4 << 20, linebuffer: false,
    stdout: (d) => { for (const b of d) { // boards send \r\n for every \n
      if (b === 10 && prev !== 13) acc.push(13); acc.push(b); prev = b; if (b === 10 || acc.length >= 256 || (first && acc.length === 2)) { first = false; flush(); } } } });
  const FS = mp.FS ?? mp._module?.FS;
  const skip = new Set(["dev", "proc", "tmp", "home"]);
  const dump = (dir) => FS.readdir(dir).filter((n) => n !== "." && n !== ".." && !(dir === "/" && skip.has(n)))
    .map((n) => { const p = (dir === "/" ? "" : dir) + "/" + n; return FS.isDir(FS.stat(p).mode) ? [p, null, dump(p)] : [p, FS.readFile(p)]; });
  const load = (t) => { for (const [p, data, kids] of t) { if (data === null) { try { FS.mkdir(p); } catch {} load(kids); } else FS.writeFile(p, data); } };
  load(workerData.fs ?? []);
  const py = (s) => JSON.stringify(s);
  const v = (o.version ?? "").match(/^(\d+)\.(\d+)\.(\d+)(-preview)?$/);
  // the identity is put in front of the real modules through sys.modules
  mp.runPython(`
import sys as _s
class _M:
    def __init__(self, base=None, **k):
        self._b = base
        for n in k: setattr(self, n, k[n])
    def __getattr__(self, n):
        return getattr(self._b, n)
from collections import namedtuple as _nt
_i = _s.implementation
_f = ['name','version','_machine','_mpy'] + (['_build'] if ${o.build ? "True" : "False"} else [])
_val = ['micropython', ${v ? `(${v[1]},${v[2]},${v[3]}${+v[2] >= 22 ? "," + py(v[4] ? "preview" : "") : ""})` : "_i.version"}, ${py(o.machine ?? "JS with Emscripten")}, _i._mpy] + ([${py(o.build ?? "")}] if ${o.build ? "True" : "False"} else [])
_s.modules['sys'] = _M(_s, platform=${py(o.platform ?? "webassembly")}, implementation=_nt('implementation', _f)(*_val), version=${o.git ? py("3.4.0; MicroPython " + o.git) : "_s.version"})
class _R(Exception): pass
def _reset(*a):
    raise SystemExit
import time as _t
_s.modules['machine'] = _M(None, unique_id=lambda: bytes.fromhex(${py(o.uid ?? "e6614c311b5a6b2c")}), reset=_reset, bootloader=_reset, soft_reset=_reset, freq=lambda: 125000000)
import os as _o
if ${o.no_uname ? "False" : "True"}:
    _u = _nt('uname', ['sysname','nodename','release','version','machine'])(${py(o.platform ?? "webassembly")}, ${py(o.platform ?? "webassembly")}, '.'.join(str(x) for x in _i.version[:3]), ${o.git ? py(o.git) : "_s.version.split('MicroPython ')[-1]"}, ${py(o.machine ?? "JS with Emscripten")})
    _s.modules['os'] = _M(_o, uname=lambda: _u)
    del _o
del _M, _nt, _i, _f, _val, _R, _t
`);
  if (o.mount) { try { FS.mkdir(o.mount); } catch {} mp.runPython(`import os\nos.chdir(${py(o.mount)})`); }
  mp.replInit(); acc = [];
  parentPort.on("message", (m) => {
    let r = 0; first = true;
    for (const b of m.bytes) { r = mp.replProcessChar(b); if (r) break; }
    flush(); parentPort.postMessage({ done: true, exit: r ? 1 : 0, fs: dump("/") });
  });
  parentPort.postMessage({ ready: true });
} else {
  const opt = {}; const a = process.argv.slice(2);
  for (let i = 0; i < a.length; i++) { const k = a[i].replace(/^--/, ""); opt[k.replace("-", "_")] = (a[i + 1] ?? "--").startsWith("--") ? true : a[++i]; }
  if (opt.config) Object.assign(opt, JSON.parse(fs_.readFileSync(opt.config, "utf8")), { config: undefined });
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  const put = (b) => process.stdout.write(typeof b === "string" ? enc(b) : b);
  let w, busy = true, raw = false, queue = [], fs = null, mute = false, tail = Buffer.alloc(0), swallow = 0, line = [], paste = null;
  const boot = (after) => {
    busy = true; w = new Worker(fileURLToPath(import.meta.url), { workerData: { opt, fs } });
    mute = true; // banner is printed by us so a soft reset can stay in the raw REPL
    w.on("message", (m) => {
      if (m.out && !mute) { let b = Buffer.from(m.out); if (swallow) { const n = Math.min(swallow, b.length); swallow -= n; b = b.subarray(n); } put(b); }
      if (m.ready) { after(); if (opt.ready) fs_.writeFileSync(opt.ready, ""); }
      if (m.done) { fs = m.fs; busy = false; if (m.exit) softReset(); else pump(); }
    });
  };
  const toWorker = (bytes) => { busy = true; w.postMessage({ bytes: Uint8Array.from(bytes) }); };
  const start = () => { boot(() => { mute = false; busy = false; if (raw) { swallow = 2; toWorker([1]); } else toWorker([2]); }); };
  function softReset() { w.terminate(); put("MPY: soft reboot\r\n"); start(); }
  const interrupt = () => { // stop code that is running: a wasm instance cannot be interrupted, so replace it
    w.terminate(); const was = raw;
    put(was ? "\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\nKeyboardInterrupt: \r\n\x04>" : "\r\nTraceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\nKeyboardInterrupt: \r\n>>> ");
    boot(() => { const eat = () => { mute = false; busy = false; pump(); }; if (raw) { w.once("message", () => {}); w.postMessage({ bytes: Uint8Array.from([1]) }); const h = (m) => { if (m.done) { w.off("message", h); eat(); } }; w.on("message", h); } else eat(); });
  };
  function pump() {
    while (!busy && queue.length) {
      const c = queue.shift();
      if (paste) { // raw-paste: the wasm port has no blocking stdin, so the window protocol is spoken here
        if (c === 3 || c === 4) {
          put("\x04"); const code = paste.buf; paste = null;
          if (c === 3) { put("\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 1\r\nKeyboardInterrupt: \r\n\x04>"); continue; }
          swallow = 2; toWorker([...code, 4]); return;
        }
        paste.buf.push(c); if (--paste.left === 0) { put("\x01"); paste.left = 128; }
        continue;
      }
      if (raw) {
        if (c === 1) {
          if (line.length === 2 && line[0] === 5) {
            line = [];
            if (opt.no_paste) { put("R\x00>"); toWorker([3]); return; }
            put("R\x01\x80\x00\x01"); paste = { buf: [], left: 128 }; toWorker([3]); return;
          }
          line = []; toWorker([3, 1]); return;
        }
        if (c === 2) { raw = false; line = []; toWorker([2]); return; }
        if (c === 3) { line = []; continue; }
        if (c === 4) { const l = line; line = []; toWorker([...l, 4]); return; }
        line.push(c); continue;
      }
      if (c === 1) { if (opt.no_raw) continue; raw = true; }
      toWorker([c]); return;
    }
  }
  process.stdin.on("data", (d) => {
    for (const c of d) { if (c === 3 && busy && w) { queue = []; interrupt(); } else queue.push(c); }
    pump();
  });
  process.stdin.on("end", () => process.exit(0));
  start();
}
