/* SPDX-License-Identifier: MIT */
#include "sim/python.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "repl/parcel.h"
#include "repl/script.h"
#include "sim/tree.h"

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"

static struct sim_identity id = { .port = "rp2", .board_id = "RPI_PICO_W",
    .machine = "Raspberry Pi Pico W with RP2040", .mcu = "rp2040",
    .platform = "rp2", .tag = "v1.25.0", .date = "2025-04-15",
    .version = { 1, 25, 0 }, .uid = { 0xe6, 0x61 }, .uid_len = 2 };
static struct sim_files *fs;
static struct sim_python *py;

/* What code prints, or the last line of its traceback. */
static const char *
run(const char *code)
{
	static char last[2048];
	struct sim_outcome o;

	sim_python_run(py, code, strlen(code), 0, &o);
	snprintf(last, sizeof(last), "%s", o.raised.len > 0 ? o.raised.data :
	    o.out.data);
	sim_outcome_release(&o);
	return last;
}

static void
test_expressions(void)
{
	static const struct {
		const char	*code, *want;
	} table[] = {
		{ "print(1+2*3-4)", "3\n" },
		{ "print(-7//2, -7%2, 7%-2, 0x10)", "-4 1 -1 16\n" },
		{ "print((1+2)*3)", "9\n" },
		{ "print('a'+\"b\", end='')", "ab" },
		{ "print(repr('it\\'s\\n'))", "\"it's\\n\"\n" },
		{ "print(b'\\x00a\\\\'+b'b')", "b'\\x00a\\\\b'\n" },
		{ "print(len('abc'), None, True, False)",
		    "3 None True False\n" },
		{ "x = 5; y = x; print(y*x)", "25\n" },
		{ "x='s' # a comment\nprint(x)\n", "s\n" },
		{ "print('a;b#c')", "a;b#c\n" },
		{ "import sys, os\npass", "" },
		{ "print(sys.platform)", "rp2\n" },
		{ "print(sys.version)",
		    "3.4.0; MicroPython v1.25.0 on 2025-04-15\n" },
		{ "print(sys.implementation)", "(name='micropython', "
		    "version=(1, 25, 0, ''), _machine='Raspberry Pi Pico W "
		    "with RP2040', _mpy=4870, _build='RPI_PICO_W')\n" },
		{ "print(sys.implementation.version)", "(1, 25, 0, '')\n" },
		{ "print(sys.implementation._build)", "RPI_PICO_W\n" },
		{ "print(sys.implementation._mpy)", "4870\n" },
		{ "print(sys.implementation.name)", "micropython\n" },
		{ "print(os.uname().machine)",
		    "Raspberry Pi Pico W with RP2040\n" },
		{ "print(os.uname())", "(sysname='rp2', nodename='rp2', "
		    "release='1.25.0', version='v1.25.0 on 2025-04-15', "
		    "machine='Raspberry Pi Pico W with RP2040')\n" },
		{ "print(machine.unique_id())", "b'\\xe6a'\n" },
		{ "print(binascii.hexlify(machine.unique_id()))",
		    "b'e661'\n" },
		{ "import hashlib", "ImportError: no module named "
		    "'hashlib'" },
		{ "print(nope)", "NameError: name 'nope' isn't defined" },
		{ "1//0", "ZeroDivisionError: divide by zero" },
		{ "'a'*'b'", "TypeError: unsupported types for operator" },
		{ "-'a'", "TypeError: unsupported type" },
		{ "len(1)", "TypeError: object has no len()" },
		{ "repr()", "TypeError: repr takes 1 argument" },
		{ "binascii.hexlify(1)",
		    "TypeError: object with buffer protocol required" },
		{ "'abc", "SyntaxError: invalid syntax" },
		{ "print(", "SyntaxError: invalid syntax" },
		{ "'\\", "SyntaxError: invalid syntax" },
		{ "print('\\q\\x4a\\t')", "\\qJ\t\n" },
		{ "((((((((((((((((((((((((((((((((((((1", "RuntimeError: "
		    "maximum recursion depth exceeded" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		IS_STR(run(table[i].code), table[i].want);
}

/* Nobody shall take it for the real thing. */
static void
test_beyond(void)
{
	static const char *const table[] = { "def f(): pass", "1.5",
	    "[1, 2]", "x.y.z", "f(1)(2)", "for i in x:\n pass",
	    "2000000000*2000000000", "99999999999", "machine.freq()",
	    "print(1, 2, 3, 4, 5, 6, 7, 8, 9)", "1 2", "@x", "(1, 2)",
	    "print(1 2)" };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		OK(strncmp(run(table[i]), "NotImplementedError: ", 21) == 0 ||
		    strncmp(run(table[i]), "NameError: ", 11) == 0 ||
		    strncmp(run(table[i]), "SyntaxError: ", 13) == 0);
	IS_STR(run("def f(): pass"), "NotImplementedError: a simulated board "
	    "does not run Python");
}

static void
test_files(void)
{
	const uint8_t *p;
	size_t n;

	IS_STR(run("f=open('a.txt','wb')\nw=f.write"), "");
	IS_STR(run("w(b'hello \\x00w')"), "");
	IS_STR(run("f.close()"), "");
	IS_STR(run("w(b'x')"), "ValueError: closed file");
	OK(sim_files_read(fs, "/a.txt", &p, &n) == 0 && n == 8);
	IS_STR(run("f=open('a.txt','rb')\nr=f.read\nprint(r(5))"),
	    "b'hello'\n");
	IS_STR(run("print(r())\nprint(r(9))"), "b' \\x00w'\nb''\n");
	IS_STR(run("f.write(b'x')"), "OSError: 9");
	IS_STR(run("print(f, f.read)"), "<io.FileIO> <bound_method>\n");
	IS_STR(run("f.close()\nopen('nope')"), "OSError: [Errno 2] ENOENT");
	IS_STR(run("open(1)"), "TypeError: argument 1: want str");
	IS_STR(run("print(os.stat('a.txt'))"),
	    "(32768, 0, 0, 0, 0, 0, 8, 0, 0, 0)\n");
	IS_STR(run("print(os.stat('/'))"),
	    "(16384, 0, 0, 0, 0, 0, 0, 0, 0, 0)\n");
	IS_STR(run("os.rename('a.txt', '/flash/b.txt')\n"
	    "print(os.listdir())"), "['b.txt']\n");
	IS_STR(run("import os\nfor f in os.ilistdir('/'):\n print(repr(f), "
	    "end=',')"), "('b.txt', 32768, 0, 8),");
	IS_STR(run("with open('b.txt') as f:\n while 1:\n  b=f.read(256)\n"
	    "  if not b:break\n  print(b,end='')"), "hello ");
	IS_STR(run("with open('no') as f:\n while 1:\n  b=f.read(256)\n"
	    "  if not b:break\n  print(b,end='')"),
	    "OSError: [Errno 2] ENOENT");
	IS_STR(run("f=open('b.txt','a')\nf.write('!')\nf.close()\n"
	    "print(os.stat('b.txt'))"),
	    "(32768, 0, 0, 0, 0, 0, 9, 0, 0, 0)\n");
	IS_STR(run("os.remove('b.txt')\nprint(os.listdir())"), "[]\n");
	IS_STR(run("os.remove('b.txt')"), "OSError: [Errno 2] ENOENT");
	IS_STR(run("os.rename('b.txt', 'c')"), "OSError: [Errno 2] ENOENT");
	for (int i = 0; i < 8; i++)
		run("open('many','w')");
	IS_STR(run("open('many','w')"), "OSError: 24");
	sim_python_reset(py);
	IS_STR(run("print(f)"), "NameError: name 'f' isn't defined");
	sim_files_remove(fs, "many");
}

/* The fields that a script answers with, or "!" and the error. */
static const char *
call(const char *name, const char *a, const char *b, const char *c)
{
	const struct script_arg args[] = {
		{ a, a == NULL ? 0 : strlen(a) },
		{ b, b == NULL ? 0 : strlen(b) },
		{ c, c == NULL ? 0 : strlen(c) },
	};
	const size_t n = (a != NULL) + (b != NULL) + (c != NULL);
	static char last[2048];
	struct buf code = BUF_INIT;
	const struct parcel_part *part;
	struct sim_outcome o;
	struct parcel p;

	script_add(&code, name, 77, args, n);
	sim_python_run(py, code.data, code.len, 0, &o);
	parcel_begin(&p, sizeof(last) - 2);
	parcel_run(&p, script_nonce(77, args, n));
	for (size_t i = 0; i < o.out.len; i++)
		parcel_feed(&p, o.out.data[i]);
	OK(o.raised.len == 0);
	part = &p.part[p.state == PARCEL_WHOLE ? PARCEL_ANSWER :
	    PARCEL_ERROR];
	snprintf(last, sizeof(last), "%s%s",
	    p.state == PARCEL_WHOLE ? "" : "!", part->bytes.data);
	parcel_end(&p);
	sim_outcome_release(&o);
	buf_release(&code);
	return last;
}

#define NO_FILE	"!error=25:OSError: [Errno 2] ENOENT"
#define SHUT	"!error=38:NameError: name '_mpf_f' isn't defined"

static void
test_scripts(void)
{
	IS_STR(call("facts", "=import sys as s", "platform=x", "uid=x"),
	    "platform=3:rp2uid=2:\xe6\x61");
	IS_STR(call("facts", "name=x", "version=x", "release=x"),
	    "name=11:micropythonversion=6:1.25.0release=6:1.25.0");
	IS_STR(call("facts", "build=x", "mpy=x", "machine=x"),
	    "machine=31:Raspberry Pi Pico W with RP2040mpy=4:4870"
	    "build=10:RPI_PICO_W");
	IS_STR(call("facts", "nothing=x", "sysver=x", NULL),
	    "sysver=40:3.4.0; MicroPython v1.25.0 on 2025-04-15");
	IS_STR(call("platform", NULL, NULL, NULL), "platform=3:rp2");
	IS_STR(call("files", "info=/flash/board_info.toml|/board_info.toml",
	    NULL, NULL), "info-shut=11:OSError(2,)");
	IS_STR(call("write", "", "a", ""), SHUT);
	IS_STR(call("write", "mpflash.toml", "a ", ""), "");
	IS_STR(call("write", "", "=\n", "last"), "");
	IS_STR(call("write", "", "=\n", "last"), SHUT);
	IS_STR(call("read", "/mpflash.toml", NULL, NULL), "data=4:a =\n");
	IS_STR(call("files", "record=/flash/x|/mpflash.toml", NULL, NULL),
	    "record=4:a =\n");
	IS_STR(call("rename", "mpflash.toml", "b", NULL), "");
	IS_STR(call("read", "mpflash.toml", NULL, NULL), NO_FILE);
	IS_STR(call("remove", "b", NULL, NULL), "");
	IS_STR(call("remove", "b", NULL, NULL), NO_FILE);
	sim_files_fail(fs, 28);
	IS_STR(call("write", "b", "x", "last"), "!error=11:OSError: 28");
	sim_files_fail(fs, 0);
}

static void
test_bootloader(void)
{
	struct buf code = BUF_INIT;
	struct sim_outcome o;

	script_add(&code, "bootloader", 1, NULL, 0);
	sim_python_run(py, code.data, code.len, 0, &o);
	buf_release(&code);
	OK(o.action == SIM_BOOTLOADER && o.took_ms == 100);
	sim_outcome_release(&o);
	sim_python_run(py, "time.sleep(2)", 13, 0, &o);
	OK(o.action == SIM_GO_ON && o.took_ms == 2000);
	sim_outcome_release(&o);
	sim_python_run(py, "1\0002", 3, 0, &o);
	IS_STR(o.raised.data, "SyntaxError: invalid syntax");
	sim_outcome_release(&o);
}

/* What older releases say differs. */
static void
test_old_release(void)
{
	id.version[1] = 18;
	IS_STR(run("print(sys.implementation)"),
	    "(name='micropython', version=(1, 18, 0), mpy=4101)\n");
	OK(strncmp(run("print(sys.implementation._build)"),
	    "NotImplementedError", 19) == 0);
	IS_STR(call("facts", "sysver=x", "build=x", NULL), "sysver=5:3.4.0");
	id.version[1] = 25;
	snprintf(id.port, sizeof(id.port), "samd");
	IS_STR(call("facts", "release=x", "uversion=x", NULL), "");
	snprintf(id.port, sizeof(id.port), "rp2");
}

/* Files that are kept in a folder are there the next time. */
static void
test_folder(void)
{
	char *dir, *path;
	struct err e = ERR_INIT;
	struct sim_files *a;
	const uint8_t *p;
	size_t n;

	tmp_enter();
	dir = mem_printf("%s/files", tmp_path);
	OK(mkdir(dir, 0755) == 0);
	a = sim_files_open(dir, &e);
	OK(sim_files_write(a, "one", "1", 1) == 0);
	OK(sim_files_write(a, "/two", "22", 2) == 0);
	OK(sim_files_rename(a, "one", "three") == 0);
	OK(sim_files_rename(a, "two", "three") == 0);
	OK(sim_files_write(a, "../outside", "x", 1) == 0);
	sim_files_close(a);
	a = sim_files_open(dir, &e);
	OK(sim_files_read(a, "three", &p, &n) == 0 && n == 2);
	OK(sim_files_read(a, "one", &p, &n) == SIM_ENOENT);
	OK(sim_files_name(a, 1, &n) == NULL);
	OK(sim_files_remove(a, "three") == 0);
	sim_files_close(a);
	path = mem_printf("%s/three", dir);
	OK(access(path, F_OK) == -1);
	free(path);
	path = mem_printf("%s/../outside", dir);
	OK(access(path, F_OK) == -1);
	free(path);
	tree_remove(dir);
	free(dir);
	tmp_leave();
	OK(sim_files_open("/dev/null/x", &e) == NULL);
}

static void
test_full(void)
{
	char *big = mem_alloc(SIM_FILES_MAX);

	OK(sim_files_write(fs, "big", big, SIM_FILES_MAX) == 0);
	OK(sim_files_append(fs, "big", "x", 1) == SIM_ENOSPC);
	OK(sim_files_write(fs, "other", "x", 1) == SIM_ENOSPC);
	OK(sim_files_remove(fs, "big") == 0);
	free(big);
}

int
main(void)
{
	struct err e = ERR_INIT;

	fs = sim_files_open(NULL, &e);
	py = sim_python_new(sim_kind("rp2"), &id, fs);
	test_expressions();
	test_beyond();
	test_files();
	test_scripts();
	test_bootloader();
	test_old_release();
	test_folder();
	test_full();
	sim_python_free(py);
	sim_files_close(fs);
	return tap_done();
}
