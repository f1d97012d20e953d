// SPDX-License-Identifier: MIT
//
// mpyboard.mjs: a real MicroPython on standard input and output, its build for
// WebAssembly, that claims to be a board.
//
//	node mpyboard.mjs CONFIG.json
//
// pkg		the folder of the npm package
// ready	a file to make once it listens
// machine, platform, build, version, git, uid
//		what it says it is; without them what the build says
// bootloader	the exit status where it leaves for its bootloader; without
//		it, that is a soft reset
// mount	the folder that files lie in; without it "/"
// no_paste	it understands the request for raw-paste, and says no
// no_raw	it has no raw REPL
// paste_killed	what it says to ^C in a raw-paste; without it a traceback
//
// The build has no way to wait for input, and none to be interrupted.  So what
// needs these is done here, as shared/runtime/pyexec.c does it: raw-paste,
// ^C in a program (MicroPython starts anew then: its variables are gone, its
// files are not) and soft reset.
import fs from "node:fs";
import { Worker } from "node:worker_threads";

const CTRL_A = 1, CTRL_B = 2, CTRL_C = 3, CTRL_D = 4, CTRL_E = 5, CR = 13;
const WINDOW = 128;
const KILLED = "Traceback (most recent call last):\r\n" +
    "  File \"<stdin>\", line 1, in <module>\r\nKeyboardInterrupt: \r\n";

const opt = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

let worker = null;
let files = [];
let busy = true;		// it runs, or does not listen yet
let runs = false;		// code, perhaps: ^C ends it
let raw = false;		// it is in the raw REPL
let line = [];			// what the raw REPL has got of a line
let paste = null;		// {code, left} during a raw-paste
let queue = [];			// what came while it was busy
let skip = 0;			// bytes of its output that we have said
let mute = false;

const say = (what) => process.stdout.write(Buffer.from(what, "latin1"));

function feed(...bytes) {
	busy = true;
	runs = bytes.includes(CR) || bytes.includes(CTRL_D);
	worker.postMessage({ bytes });
}

// Starts MicroPython; then() once it listens.
function boot(then) {
	busy = mute = true;
	worker = new Worker(new URL("mpyworker.mjs", import.meta.url),
	    { workerData: { opt, files } });
	worker.on("message", (m) => {
		if (m.out && !mute) {
			const n = Math.min(skip, m.out.length);

			skip -= n;
			process.stdout.write(m.out.subarray(n));
		} else if (m.ready) {
			then();
		} else if (m.done) {
			({ files } = m);
			if (m.bootloader && opt.bootloader)
				process.exit(opt.bootloader);
			if (m.exited)
				softReset();
			else
				listen();
		}
	});
}

function listen() {
	busy = mute = false;
	while (!busy && queue.length > 0)
		take(queue.shift());
}

// The banner of the REPL that it was in.
function start() {
	boot(() => {
		mute = false;
		skip = raw ? 2 : 0;	// "\r\n": it was in there all along
		feed(raw ? CTRL_A : CTRL_B);
		if (opt.ready)
			fs.writeFileSync(opt.ready, "");
	});
}

function softReset() {
	worker.terminate();
	say("MPY: soft reboot\r\n");
	start();
}

function interrupt() {
	worker.terminate();
	queue = [];
	say(raw ? `\x04${KILLED}\x04>` : `\r\n${KILLED}>>> `);
	boot(raw ? () => feed(CTRL_A) : listen);
}

// --- what a byte means, by what it is in the middle of ---

function takePasted(c) {
	if (c !== CTRL_C && c !== CTRL_D) {
		paste.code.push(c);
		if (--paste.left === 0) {
			say("\x01");
			paste.left = WINDOW;
		}
		return;
	}
	const { code } = paste;

	paste = null;
	say("\x04");
	if (c === CTRL_C) {
		say(`\x04${opt.paste_killed ?? KILLED}\x04>`);
	} else {
		skip = 2;		// "OK": not after a paste
		feed(...code, CTRL_D);
	}
}

function beginPaste() {
	line = [];
	if (opt.no_paste) {
		say("R\x00>");
	} else {
		say(`R\x01${String.fromCharCode(WINDOW, 0)}\x01`);
		paste = { code: [], left: WINDOW };
	}
	feed(CTRL_C);			// its line is empty too
}

function takeRaw(c) {
	const request = c === CTRL_A && line.length === 2 && line[0] === CTRL_E;
	const code = line;

	if (request) {
		beginPaste();
	} else if (c === CTRL_A) {
		line = [];
		feed(CTRL_C, CTRL_A);
	} else if (c === CTRL_B) {
		line = [];
		raw = false;
		feed(CTRL_B);
	} else if (c === CTRL_C) {
		line = [];
	} else if (c === CTRL_D) {
		line = [];
		feed(...code, CTRL_D);
	} else {
		line.push(c);
	}
}

function take(c) {
	if (paste) {
		takePasted(c);
	} else if (raw) {
		takeRaw(c);
	} else if (c !== CTRL_A || !opt.no_raw) {
		raw = c === CTRL_A;
		feed(c);
	}
}

if (process.stdin.isTTY)
	process.stdin.setRawMode(true);
process.stdin.on("data", (bytes) => {
	for (const c of bytes) {
		if (c === CTRL_C && busy && runs)
			interrupt();
		else
			queue.push(c);
	}
	if (!busy)
		listen();
});
process.stdin.on("end", () => process.exit(0));
start();
