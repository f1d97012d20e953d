// SPDX-License-Identifier: MIT
//
// bootrom.mjs: what firmware calls in the boot ROM of an RP2040, done in
// JavaScript: rp2040js comes without that ROM.
//
// Source: RP2040 Datasheet, 2.8.2 (boot ROM contents) and 2.8.3 (its functions
// and tables, with their two-letter codes).  Each entry is a breakpoint, which
// stands for the function, and a return.  Firmware that calls what is not here
// ends the program, with the name.

const ENTRIES = 0x100, FLOATS = 0x1000, DOUBLES = 0x1100;
const TABLE_WORDS = 32;
const BREAKPOINT = 0xbe00, RETURN = 0x4770;

const word = new Uint32Array(1), float = new Float32Array(word.buffer);

function toFloat(bits) {
	word[0] = bits;
	return float[0];
}

function toBits(number) {
	float[0] = number;
	return word[0];
}

const clamp = (n, least, most) => Math.min(Math.max(n, least), most);
const one = (f) => (a) => toBits(f(toFloat(a)));
const two = (f) => (a, b) => toBits(f(toFloat(a), toFloat(b)));

// The table "SF", as far as firmware has been seen to need it.
const floats = [
	two((a, b) => a + b), two((a, b) => a - b),
	two((a, b) => a * b), two((a, b) => a / b),
	null, null, one(Math.sqrt),
	(a) => clamp(Math.floor(toFloat(a)), -0x80000000, 0x7fffffff), null,
	(a) => clamp(Math.floor(toFloat(a)), 0, 0xffffffff), null,
	(a) => toBits(a | 0), null, (a) => toBits(a),
];

function countOnes(n) {
	let ones = 0;

	for (; n !== 0; n &= n - 1)
		ones++;
	return ones;
}

function reverse(n) {
	let r = 0;

	for (let i = 0; i < 32; i++)
		r |= (n >>> i & 1) << (31 - i);
	return r;
}

// Puts it into the chip; leave() is called where firmware asks for the UF2
// bootloader.
export function addBootrom(chip, leave) {
	const calls = [], entries = {};
	const rom = chip.bootrom;

	const copy = (to, from, n) => {
		for (let i = 0; i < n; i++)
			chip.writeUint8(to + i, chip.readUint8(from + i));
	};
	const fill = (to, byte, n) => {
		for (let i = 0; i < n; i++)
			chip.writeUint8(to + i, byte & 0xff);
	};
	const program = (at, from, n) => {
		for (let i = 0; i < n; i++)
			chip.flash[at + i] &= chip.readUint8(from + i);
	};
	const nothing = () => {};
	const functions = {
		P3: countOnes, R3: reverse, L3: Math.clz32,
		T3: (n) => n === 0 ? 32 : 31 - Math.clz32(n & -n),
		MS: fill, S4: fill, MC: copy, C4: copy, UB: leave,
		IF: nothing, EX: nothing, FC: nothing, CX: nothing,
		RE: (at, n) => { chip.flash.fill(0xff, at, at + n); },
		RP: program,
		lookup: (table, code) => entries[String.fromCharCode(
		    code & 0xff, code >> 8 & 0xff)] ?? 0,
	};

	// The address of a function, which is Thumb code.
	function add(name, f) {
		const at = ENTRIES + 4 * calls.length;

		rom[at / 4] = BREAKPOINT | calls.length | RETURN << 16;
		calls.push({ name, f });
		return at | 1;
	}

	function addTable(name, at, list) {
		for (let i = 0; i < TABLE_WORDS; i++)
			rom[at / 4 + i] = add(`${name}[${i}]`, list[i]);
		entries[name] = at;
	}

	for (const [name, f] of Object.entries(functions))
		entries[name] = add(name, f);
	addTable("SF", FLOATS, floats);
	addTable("SD", DOUBLES, []);
	rom[0x10 / 4] = 0x0301754d;	// "Mu", 1, and the ROM's version
	rom[0x18 / 4] = entries.lookup;
	chip.onBreak = (i) => {
		const { name, f } = calls[i] ?? { name: `breakpoint ${i}` };
		const regs = chip.core.registers;
		const result = f?.(regs[0], regs[1], regs[2]);

		if (!f) {
			console.error(`boot ROM: no ${name} here`);
			process.exit(1);
		}
		if (result !== undefined)
			regs[0] = result;
	};
}
