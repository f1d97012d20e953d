/* SPDX-License-Identifier: MIT */
#include "sim/console.h"

#include "../tests/unit/tap.h"
#include "repl/script.h"

#define RAW	"raw REPL; CTRL-B to exit\r\n>"
#define BANNER	"MicroPython v1.24.1 on 2024-11-29; Raspberry Pi Pico W with " \
		"RP2040\r\nType \"help()\" for more information.\r\n>>> "
/* A traceback that ends so. */
#define TRACE(s) "Traceback (most recent call last):\r\n" \
		"  File \"<stdin>\", line 1, in <module>\r\n" s \
		"\r\n"

static struct sim_identity id = { .port = "rp2", .board_id = "RPI_PICO_W",
    .machine = "Raspberry Pi Pico W with RP2040", .mcu = "rp2040",
    .platform = "rp2", .tag = "v1.24.1", .date = "2024-11-29",
    .version = { 1, 24, 1 }, .uid = { 0xe6, 0x61 }, .uid_len = 2 };
static struct sim_files *fs;

static struct sim_console *
plug(const struct sim_console_opts *o, const char *kind)
{
	struct sim_console *c = sim_console_new(o, sim_kind(kind), &id, fs);

	sim_console_boot(c);
	return c;
}

/* What comes back for n bytes at time 0. */
static const char *
send_n(struct sim_console *c, const char *s, size_t n)
{
	static char last[4096];
	struct buf *out = sim_console_out(c);

	sim_console_input(c, s, n, 0);
	sim_console_turn(c, 0);
	snprintf(last, sizeof(last), "%s", out->data);
	buf_clear(out);
	return last;
}

static const char *
send(struct sim_console *c, const char *s)
{
	return send_n(c, s, strlen(s));
}

static void
test_friendly(void)
{
	const struct sim_console_opts o = { .old = false };
	struct sim_console *c = plug(&o, "rp2");

	IS_STR(send(c, ""), BANNER);
	IS_STR(send(c, "\r"), "\r\n>>> ");
	IS_STR(send(c, "\r\003"), "\r\n>>> \r\n>>> ");
	IS_STR(send(c, "1+1\r"), "1+1\r\n2\r\n>>> ");
	IS_STR(send(c, "print('a')\r"), "print('a')\r\na\r\n>>> ");
	IS_STR(send(c, "12\b3\r"), "12\b \b3\r\n13\r\n>>> ");
	IS_STR(send(c, "\033[A\033OP5\r"), "P5\r\n"
	    TRACE("NameError: name 'P5' isn't defined") ">>> ");
	IS_STR(send(c, "ab\003"), "ab\r\n>>> ");
	IS_STR(send(c, "\n"), "");
	IS_STR(send(c, "\002"), "\r\n" BANNER);
	IS_STR(send(c, "\004"), "\r\nMPY: soft reboot\r\n" BANNER);
	IS_STR(send(c, "\005"), "\r\npaste mode; Ctrl-C to cancel, "
	    "Ctrl-D to finish\r\n=== ");
	IS_STR(send(c, "x=2\rx*2\004"), "x=2\r\n=== x*2\r\n4\r\n>>> ");
	send(c, "\005");
	IS_STR(send(c, "boom\003"), "boom\r\n>>> ");
	sim_console_free(c);
}

static void
test_raw(void)
{
	const struct sim_console_opts o = { .old = false };
	struct sim_console *c = plug(&o, "rp2");

	send(c, "");
	IS_STR(send(c, "\r\001"), "\r\n>>> \r\n" RAW);
	IS_STR(send(c, "\001"), RAW);
	IS_STR(send(c, "print(3)\004"), "OK3\r\n\004\004>");
	IS_STR(send(c, "3\004"), "OK\004\004>");
	IS_STR(send(c, "nope\003print(4)\004"), "OK4\r\n\004\004>");
	IS_STR(send(c, "1/0\004"), "OK\004"
	    TRACE("NotImplementedError: a simulated board does not run "
	    "Python") "\004>");
	IS_STR(send(c, "\004"), "OK\r\nMPY: soft reboot\r\n" RAW);
	IS_STR(send(c, "\002"), "\r\n" BANNER);
	sim_console_free(c);
}

/* Two windows at first, then one more for each that was used up. */
static void
test_raw_paste(void)
{
	const struct sim_console_opts o = { .old = false };
	struct sim_console *c = plug(&o, "rp2");
	struct buf *out = sim_console_out(c);
	char code[3 * SIM_WINDOW];

	send(c, "\001");
	sim_console_input(c, "\005A\001", 3, 0);
	OK(out->len == 5 && memcmp(out->data, "R\001\200\000\001", 5) == 0);
	buf_clear(out);
	memset(code, ' ', sizeof(code));
	memcpy(code, "print(7)#", 9);
	IS_STR(send_n(c, code, SIM_WINDOW - 1), "");
	IS_STR(send_n(c, code + 9, 1), "\001");
	IS_STR(send_n(c, code + 9, 2 * SIM_WINDOW), "\001\001");
	IS_STR(send(c, "\004"), "\0047\r\n\004\004>");
	send(c, "\005A\001");
	IS_STR(send(c, "x\003"), "\004\004"
	    TRACE("KeyboardInterrupt: ") "\004>");
	sim_console_input(c, "\005B\001", 3, 0);
	OK(out->len == 3 && memcmp(out->data, "R\0>", 3) == 0);
	sim_console_free(c);
}

static void
test_old(void)
{
	const struct sim_console_opts o = { .old = true };
	struct sim_console *c = plug(&o, "rp2");

	send(c, "\001");
	IS_STR(send(c, "\005A\001"), RAW);
	IS_STR(send(c, "print(1)\004"), "OK1\r\n\004\004>");
	sim_console_free(c);
}

/* It prints until ^C; what is typed before that is lost with it. */
static void
test_busy(void)
{
	const struct sim_console_opts o = { .busy = true };
	struct sim_console *c = plug(&o, "rp2");
	const char *s;

	IS_STR(send(c, ""), "reading 0\r\n");
	IS_STR(send(c, "\rprint(1)\r"), "");
	OK(sim_console_due(c) == 50);
	sim_console_turn(c, 50);
	IS_STR(send(c, ""), "reading 1\r\n");
	s = send(c, "\003");
	OK(strstr(s, "KeyboardInterrupt: \r\n" BANNER) != NULL);
	OK(strstr(s, "print") == NULL);
	send(c, "\001");
	IS_STR(send(c, "\004"), "OK\r\nMPY: soft reboot\r\n" RAW);
	send(c, "\002");
	IS_STR(send(c, "\004"), "\r\nMPY: soft reboot\r\nreading 2\r\n");
	sim_console_free(c);
}

/* Code that takes its time; ^C ends it, other input waits. */
static void
test_running(void)
{
	const struct sim_console_opts o = { .old = false };
	struct sim_console *c = plug(&o, "rp2");

	send(c, "\001");
	IS_STR(send(c, "while True: pass\004"), "OK");
	OK(sim_console_due(c) == SIM_FOREVER);
	IS_STR(send(c, "print(1)\004"), "");
	IS_STR(send(c, "\003"), "\004"
	    TRACE("KeyboardInterrupt: ") "\004>");
	IS_STR(send(c, "import time;time.sleep_ms(30);print(2)\004"), "OK");
	send(c, "print(3)\004");
	OK(sim_console_due(c) == 30);
	sim_console_turn(c, 30);
	IS_STR(send(c, ""), "2\r\n\004\004>OK3\r\n\004\004>");
	sim_console_free(c);
}

static void
test_leaving(void)
{
	static const char boot[] = "import time, machine; "
	    "time.sleep_ms(100); machine.bootloader()\004";
	const struct sim_console_opts o = { .old = false };
	const struct sim_fault f = { SIM_FAULT_BOOTLOADER, 0 };
	const struct sim_console_opts hang = { .fault = f };
	struct sim_console *c = plug(&o, "rp2");

	send(c, "\001");
	IS_STR(send(c, boot), "OK");
	OK(sim_console_turn(c, 99) == SIM_GO_ON);
	OK(sim_console_turn(c, 100) == SIM_BOOTLOADER);
	sim_console_free(c);

	c = plug(&o, "rp2");
	send(c, "\001machine.reset()\004");
	OK(sim_console_turn(c, 0) == SIM_RESET);
	sim_console_free(c);

	c = plug(&o, "esp32");
	send(c, "\001");
	OK(strstr(send(c, "machine.bootloader()\004"),
	    "AttributeError: ") != NULL);
	IS_STR(send(c, "machine.soft_reset()\004"),
	    "OK\004\004MPY: soft reboot\r\n" RAW);
	sim_console_free(c);

	c = plug(&hang, "rp2");
	send(c, "\001");
	IS_STR(send(c, boot), "OK");
	IS_STR(send(c, "\003\003\004"), "");
	OK(sim_console_turn(c, 1000000) == SIM_GO_ON);
	sim_console_free(c);
}

static size_t
answer_bytes(enum sim_fault_kind kind, uint32_t n)
{
	const struct sim_console_opts o = { .fault = { kind, n } };
	struct sim_console *c = plug(&o, "rp2");
	struct buf *out = sim_console_out(c);
	size_t len;

	sim_console_input(c, "\001", 1, 0);
	buf_clear(out);
	sim_console_input(c, "print(1)\004", 9, 0);
	len = out->len;
	sim_console_free(c);
	return len;
}

static void
test_faults(void)
{
	struct sim_console_opts mute = { .old = false };
	struct sim_console_opts gone = { .old = false };
	struct sim_console_opts utf8 = { .old = false };
	const struct script_arg machine = { "machine=x", 9 };
	struct buf code = BUF_INIT;
	struct sim_fault f;
	struct err e = ERR_INIT;
	struct sim_console *c;

	OK(sim_fault_parse("silence:1", &mute.fault, &e) == 0);
	OK(sim_fault_parse("probe", &gone.fault, &e) == 0);
	OK(sim_fault_parse("utf8", &utf8.fault, &e) == 0);
	OK(answer_bytes(SIM_FAULT_NONE, 0) == strlen("OK1\r\n\004\004>"));
	OK(answer_bytes(SIM_FAULT_GARBAGE, 0) > 4096);
	OK(answer_bytes(SIM_FAULT_FLOOD, 10) > 10u << 20);
	c = plug(&mute, "rp2");
	send(c, "\001");
	IS_STR(send(c, "print(1)\004"), "OK1\r\n\004\004>");
	IS_STR(send(c, "print(1)\004"), "OK");
	sim_console_free(c);
	c = plug(&gone, "rp2");
	send(c, "\001print(1)\004");
	OK(sim_console_turn(c, 0) == SIM_RESET);
	sim_console_free(c);
	c = plug(&utf8, "rp2");
	send(c, "\001");
	script_add(&code, "facts", 1, &machine, 1);
	buf_addc(&code, '\004');
	OK(strstr(send(c, code.data), "3afffe") != NULL);
	buf_release(&code);
	sim_console_free(c);

	OK(sim_fault_parse("block:17", &f, &e) == 0);
	OK(f.kind == SIM_FAULT_BLOCK && f.n == 17);
	OK(sim_fault_parse("record", &f, &e) == 0 && f.n == 28);
	OK(sim_fault_parse("boots", &f, &e) == -1);
	IS_STR(e.msg, "boots: no such fault");
	OK(sim_fault_parse("block:x", &f, &e) == -1 && e.code == ERR_USAGE);
	OK(sim_fault_parse("block:", &f, &e) == -1);
}

int
main(void)
{
	struct err e = ERR_INIT;

	fs = sim_files_open(NULL, &e);
	test_friendly();
	test_raw();
	test_raw_paste();
	test_old();
	test_busy();
	test_running();
	test_leaving();
	test_faults();
	sim_files_close(fs);
	return tap_done();
}
