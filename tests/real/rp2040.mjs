// SPDX-License-Identifier: MIT
//
// rp2040.mjs: firmware for the Raspberry Pi Pico as it was released, in an
// emulator of its chip (rp2040js); what its USB serial port says and hears is
// on standard output and input.
//
//	node rp2040.mjs CONFIG.json
//
// pkg		the folder of the npm package
// image	the firmware: a UF2 file
// uid		that of the flash chip, in hexadecimal
// ready	a file to make once its port is open
// bootloader	the exit status where it leaves for its bootloader
//
// The chip's time is never ahead of real time, and waits while it computes for
// longer than a chip would.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { addBootrom } from "./bootrom.mjs";

const opt = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const url = pathToFileURL(path.resolve(opt.pkg, "dist/esm/index.js"));
const { RP2040, USBCDC, ConsoleLogger, LogLevel } = await import(url);

const FLASH = 0x10000000;
const VECTORS = FLASH + 0x100;		// behind the second stage
const SSI = 0x18000, IO_QSPI = 0x40018;	// as the emulator numbers them
const SSI_DR0 = 0x60;
const QSPI_SS_CTRL = 0x0c;
const SS_OVER_SHIFT = 8, SS_OVER_MASK = 3, SS_LOW = 2;
const READ_UNIQUE_ID = 0x4b, UNIQUE_ID_AT = 5;
const NS_PER_CYCLE = 8;			// 125 MHz
const SLICE = 20000;			// instructions, before we look around
const SHORT_NS = 1e6;			// not worth a sleep
const LONG_NS = 1e9;

const chip = new RP2040();
const { core, clock } = chip;

chip.logger = new ConsoleLogger(LogLevel.Error);

function loadUF2(bytes) {
	for (let at = 0; at + 512 <= bytes.length; at += 512) {
		const to = bytes.readUInt32LE(at + 12) - FLASH;
		const n = bytes.readUInt32LE(at + 16);

		chip.flash.set(bytes.subarray(at + 32, at + 32 + n), to);
	}
}

// Between low and high of its select line by hand the flash chip is asked
// something: for its unique id.  The emulator knows the rest.
function addFlashChip(uid) {
	const qspi = chip.peripherals[IO_QSPI], ssi = chip.peripherals[SSI];
	const regs = new Uint32Array(1024);
	const readSSI = ssi.readUint32, writeSSI = ssi.writeUint32;
	let command = [], answer = [];
	const isAsked = (offset) => offset === SSI_DR0 && SS_LOW ===
	    (regs[QSPI_SS_CTRL / 4] >> SS_OVER_SHIFT & SS_OVER_MASK);

	qspi.readUint32 = (offset) => regs[offset / 4];
	qspi.writeUint32 = (offset, value) => {
		regs[offset / 4] = value;
		if (offset === QSPI_SS_CTRL)
			command = answer = [];
	};
	ssi.readUint32 = (offset) => isAsked(offset) ? answer.shift() ?? 0 :
	    readSSI.call(ssi, offset);
	ssi.writeUint32 = (offset, value) => {
		if (!isAsked(offset)) {
			writeSSI.call(ssi, offset, value);
			return;
		}
		const at = command.length - UNIQUE_ID_AT;

		command = [...command, value & 0xff];
		answer = [...answer, command[0] === READ_UNIQUE_ID ?
		    uid[at] ?? 0 : 0];
	};
}

// --- the host of its serial port ---

const cdc = new USBCDC(chip.usbCtrl);
let typed = [];				// for the board, which has not read it
let wanted = 0;				// so many bytes it would take

function offer() {
	if (wanted === 0 || typed.length === 0)
		return;
	const packet = Uint8Array.from(typed.splice(0, wanted));

	wanted = 0;
	chip.usbCtrl.endpointReadDone(cdc.outEndpoint, packet);
}

// The package would send empty packets all the time.
chip.usbCtrl.onEndpointRead = (endpoint, size) => {
	if (endpoint === cdc.outEndpoint) {
		wanted = size;
		offer();
	}
};
cdc.onSerialData = (bytes) => process.stdout.write(bytes);
cdc.onDeviceConnected = () => {
	if (opt.ready)
		fs.writeFileSync(opt.ready, "");
};

// --- time ---

let sleep = null;			// {timer, since, ns} while it waits

function work() {
	for (let i = 0; i < SLICE; i++) {
		if (!core.waiting) {
			clock.tick(core.executeInstruction() * NS_PER_CYCLE);
			continue;
		}
		const ns = clock.nanosToNextAlarm || LONG_NS;

		if (ns > SHORT_NS) {
			sleep = { timer: setTimeout(wake, ns / 1e6),
				since: performance.now(), ns };
			return;
		}
		clock.tick(ns);
	}
	setImmediate(work);
}

function wake() {
	const slept = (performance.now() - sleep.since) * 1e6;

	clearTimeout(sleep.timer);
	clock.tick(Math.min(slept, sleep.ns));
	sleep = null;
	offer();
	work();
}

if (process.stdin.isTTY)
	process.stdin.setRawMode(true);
process.stdin.on("data", (bytes) => {
	typed.push(...bytes);
	if (sleep)
		wake();
	else
		offer();
});
process.stdin.on("end", () => process.exit(0));

loadUF2(fs.readFileSync(opt.image));
addFlashChip(Buffer.from(opt.uid, "hex"));
addBootrom(chip, () => process.exit(opt.bootloader));
core.SP = chip.readUint32(VECTORS);
core.PC = chip.readUint32(VECTORS + 4);
core.VTOR = VECTORS;
work();
