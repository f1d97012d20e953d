/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "boot/boot.h"
#include "tap.h"

static struct err e;

/* A board on the bench, which does what each test says. */
static struct bench {
	const char	*open_error;	/* opening its port fails */
	enum err_code	 open_code;
	bool		 empty;		/* nothing hangs there */
	bool		 has_code;	/* machine.bootloader() works */
	bool		 has_touch;
	bool		 has_buttons;	/* and somebody who presses them */
	bool		 restarts;	/* it only comes back as it was */
	bool		 lost;		/* it leaves and does not come back */
	bool		 lasting_drive;	/* it shows a drive as it runs */
	int		 touches;	/* that it does not notice */
	bool		 swapped;	/* another of the same kind is there */
	int		 swap_after;	/* so many ports were opened; 0: not */

	int64_t		 left_at;	/* 0: it runs */
	int		 opened, touched;
	bool		 strayed;	/* another place or port was touched */
	char		 said[400];
} board;

static void
fill(struct bus_place *out, const char *pid, bool tty, bool drive)
{
	out->present = true;
	out->usb.path = mem_str("1-1.2");
	out->usb.vid = mem_str("2e8a");
	out->usb.pid = mem_str(pid);
	out->usb.serial = mem_str(board.swapped ? "B" : "A");
	out->tty = tty ? mem_str("/dev/ttyACM0") : NULL;
	out->mass_storage = drive;
}

/* Gone for 300 ms, and then what the test says. */
static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *err)
{
	struct bench *b = ctx;

	(void)interface, (void)err;
	memset(out, 0, sizeof(*out));
	b->strayed |= strcmp(usb_path, "1-1.2") != 0;
	if (b->empty)
		return 0;
	if (b->left_at == 0)
		fill(out, "0005", true, b->lasting_drive);
	else if (clock_ms() < b->left_at + 300 || b->lost)
		return 0;
	else if (b->restarts)
		fill(out, "0005", true, b->lasting_drive);
	else
		fill(out, "0003", false, true);
	return 0;
}

static const char repl[] = "> \\x02\n< \\r\\n>>> \n> \\x01\n"
    "< raw REPL; CTRL-B to exit\\r\\n>\n*\n< R\\x01\\x80\\x00\\x01\n";

static int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *err)
{
	struct bench *b = ctx;
	char script[400];

	b->strayed |= strcmp(dev, "/dev/ttyACM0") != 0;
	if (b->open_error != NULL)
		return err_set(err, b->open_code, "%s", b->open_error);
	b->opened++;
	b->swapped |= b->opened == b->swap_after;
	if (opts != NULL && opts->baud == 1200) {
		b->touched++;
		if (b->has_touch && b->touched > b->touches)
			b->left_at = clock_ms();
		return link_replay(b->has_touch ? "!" : "*", out, err);
	}
	if (b->has_code)
		b->left_at = clock_ms();
	snprintf(script, sizeof(script), "%s< \\x04\n%s", repl, b->has_code ?
	    "!\n" : "< \\x04AttributeError: no such\\r\\n\\x04>\n");
	return link_replay(script, out, err);
}

static void
say(void *ctx, const char *msg)
{
	struct bench *b = ctx;

	snprintf(b->said, sizeof(b->said), "%s", msg);
	if (b->has_buttons)
		b->left_at = clock_ms();
}

static struct boot_world world = {
	.look = look, .open = open_port, .ctx = &board,
};

static struct boot_job
begin(const char *port)
{
	struct boot_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT, .mode = "uf2",
		.world = &world,
	};

	clock_fake(1000);
	memset(&board, 0, sizeof(board));
	world.say = NULL;
	job.device.id = "bench/usb/1-1.2";
	job.device.usb_path = "1-1.2";
	job.device.vid = "2e8a";
	job.device.pid = "0005";
	job.device.usb_serial = "a";
	job.device.mode = "repl";
	job.device.serial_port = "/dev/ttyACM0";
	job.board.port = port;
	return job;
}

static void
arrives(const struct boot_job *job, const char *method, const char *by)
{
	struct boot_result res;

	OK(boot_run(job, method, &res, &e) == 0);
	IS_STR(res.method == NULL ? e.msg : res.method, by);
	OK(res.place.mass_storage);
	OK(res.touched == (strcmp(by, "none") != 0));
	OK(!board.strayed);
	bus_place_release(&res.place);
}

static void
fails(const struct boot_job *job, const char *method, enum err_code code,
    const char *msg, bool touched)
{
	struct boot_result res;

	OK(boot_run(job, method, &res, &e) == -1);
	OK(e.code == code);
	IS_STR(e.msg, msg);
	OK(res.method == NULL && res.touched == touched);
	OK(!board.strayed);
	bus_place_release(&res.place);
}

static void
test_order(void)
{
	struct boot_job job = begin("rp2");

	board.has_code = true;
	arrives(&job, NULL, "mpy");
	job = begin("samd");
	board.has_code = board.has_touch = true;
	arrives(&job, NULL, "touch1200");
	OK(board.opened == 1);
	job = begin("samd");
	board.has_code = true;
	arrives(&job, NULL, "mpy");
	OK(board.touched == 2);
	job = begin("rp2");
	board.has_touch = true;
	board.touches = 1;		/* the first one is lost */
	arrives(&job, NULL, "touch1200");
	job = begin("rp2");
	board.has_buttons = true;
	world.say = say;
	world.say_ctx = world.ctx;
	arrives(&job, NULL, "manual");
	OK(strncmp(board.said, "bench/usb/1-1.2: hold BOOTSEL", 29) == 0);
	job = begin("mimxrt");
	job.device.mode = "silent";
	board.has_touch = true;
	arrives(&job, NULL, "touch1200");
	job = begin("unheard-of");
	board.has_touch = true;
	board.has_buttons = true;
	world.say = say;
	world.say_ctx = world.ctx;
	arrives(&job, NULL, "manual");
	OK(board.touched == 0);
	job = begin("rp2");
	board.has_code = board.has_touch = true;
	arrives(&job, "touch1200", "touch1200");
}

/* Another board of the same kind comes, at once or between two tries. */
static void
test_another(void)
{
	static const char *const msg = "bench/usb/1-1.2: %s: another device "
	    "is there now: 2e8a:0005 with the serial number B";
	struct boot_job job = begin("rp2");
	char text[200];

	board.has_code = board.swapped = true;
	snprintf(text, sizeof(text), msg, "mpy");
	fails(&job, NULL, ERR_MISMATCH, text, false);
	IS_STR(e.hint, "nothing was written: run mpf-detect again");
	OK(board.opened == 0);
	job = begin("rp2");
	board.has_touch = true;
	board.swap_after = 1;
	snprintf(text, sizeof(text), msg, "touch1200");
	fails(&job, NULL, ERR_MISMATCH, text, true);
	OK(board.opened == 1 && board.touched == 0);
}

static void
test_there_already(void)
{
	struct boot_job job = begin("rp2");

	board.left_at = 1;
	job.device.mode = "uf2";
	job.device.pid = "0003";
	job.device.serial_port = NULL;
	arrives(&job, NULL, "none");
	OK(board.opened == 0);
	/* A board in its bootloader, whose record says otherwise. */
	job.device.mode = "silent";
	job.device.pid = NULL;
	arrives(&job, "none", "none");
}

static void
test_no_way(void)
{
	struct boot_job job = begin("rp2");
	const int64_t before = clock_ms();

	fails(&job, NULL, ERR_UNSUPPORTED, "bench/usb/1-1.2: no software way "
	    "into its bootloader: mpy: AttributeError: no such; "
	    "touch1200: the board stayed; manual: nobody can be asked to "
	    "press buttons", true);
	OK(strncmp(e.hint, "hold BOOTSEL", 12) == 0);
	OK(clock_ms() - before < 8000);
	job.board.port = "esp8266";
	fails(&job, NULL, ERR_UNSUPPORTED, "bench/usb/1-1.2: no software way "
	    "into its bootloader: mpy: MicroPython on this port has "
	    "no machine.bootloader(); manual: nobody can be asked to "
	    "press buttons", false);
	job.board.port = "esp32";
	fails(&job, "mpy", ERR_UNSUPPORTED, "bench/usb/1-1.2: no software way "
	    "into its bootloader: mpy: machine.bootloader() leads to the "
	    "ROM's bootloader, not to UF2", false);
	fails(&job, "none", ERR_UNSUPPORTED, "bench/usb/1-1.2: no software "
	    "way into its bootloader: none: the board stayed", false);
	fails(&job, "jump", ERR_USAGE, "jump: no such way into a bootloader",
	    false);
	IS_STR(e.hint, "there are: mpy touch1200 manual none");
	job.device.mode = "silent";
	job.device.serial_port = NULL;
	fails(&job, "mpy", ERR_UNSUPPORTED, "bench/usb/1-1.2: no software way "
	    "into its bootloader: mpy: the board does not answer", false);
	fails(&job, "touch1200", ERR_UNSUPPORTED, "bench/usb/1-1.2: no "
	    "software way into its bootloader: touch1200: the board has no "
	    "serial port", false);
	job.device.usb_path = NULL;
	fails(&job, NULL, ERR_UNSUPPORTED, "bench/usb/1-1.2: not on USB, so "
	    "its bootloader cannot be found", false);
}

static void
test_trouble(void)
{
	struct boot_job job = begin("rp2");

	board.has_code = board.lost = true;
	fails(&job, NULL, ERR_TIMEOUT, "bench/usb/1-1.2: left for its "
	    "bootloader (mpy), and did not come up there", true);
	job = begin("rp2");
	board.has_code = board.restarts = true;
	fails(&job, "mpy", ERR_UNSUPPORTED, "bench/usb/1-1.2: no software way "
	    "into its bootloader: mpy: the board only restarted", true);
	job = begin("rp2");
	board.open_error = "in use by somebody";
	board.open_code = ERR_BUSY;
	fails(&job, NULL, ERR_BUSY, "bench/usb/1-1.2: mpy: in use by somebody",
	    false);
	job = begin("rp2");
	board.open_error = "gone";
	board.open_code = ERR_NOT_FOUND;
	fails(&job, "touch1200", ERR_UNSUPPORTED, "bench/usb/1-1.2: no "
	    "software way into its bootloader: touch1200: the board stayed",
	    true);
	job = begin("rp2");
	board.empty = true;
	fails(&job, NULL, ERR_NOT_FOUND, "bench/usb/1-1.2: nothing is plugged "
	    "in there", false);
}

/* Boards that show a drive as they run are not in their bootloader. */
static void
test_drives(void)
{
	struct boot_job job = begin("samd");
	struct bus_place p = { 0 };

	board.lasting_drive = board.has_touch = true;
	arrives(&job, NULL, "touch1200");
	fill(&p, "0005", true, true);
	OK(!boot_in_mode("uf2", &p, &job.device));
	OK(!boot_in_mode("dfu", &p, &job.device));
	p.mass_storage = false;
	OK(!boot_in_mode("uf2", &p, &job.device));
	bus_place_release(&p);
	OK(!boot_in_mode("uf2", &p, &job.device));
	/* One that has its tty in the bootloader too (SAMD). */
	fill(&p, "0022", true, true);
	OK(boot_in_mode("uf2", &p, &job.device));
	job.device.mode = "uf2";
	OK(!boot_in_mode("uf2", &p, &job.device));
	job.device.pid = "0022";
	OK(boot_in_mode("uf2", &p, &job.device));
	bus_place_release(&p);
}

static void
test_choice(void)
{
	struct boot_job job = begin("rp2");
	const char *name = NULL;

	OK(boot_choice(&job, NULL, &name, &e) == 0);
	IS_STR(name, "mpy");
	OK(boot_choice(&job, "touch1200", &name, &e) == 0);
	IS_STR(name, "touch1200");
	OK(boot_choice(&job, "jump", &name, &e) == -1 && e.code == ERR_USAGE);
	job.device.mode = "silent";
	job.device.serial_port = NULL;
	OK(boot_choice(&job, NULL, &name, &e) == -1);
	OK(e.code == ERR_UNSUPPORTED);
	job.device.mode = "uf2";
	OK(boot_choice(&job, NULL, &name, &e) == 0);
	IS_STR(name, "none");
	OK(board.opened == 0);
}

/* Every row is whole. */
static void
test_table(void)
{
	for (size_t i = 0; boot_methods[i] != NULL; i++) {
		const struct boot_method *m = boot_methods[i];

		OK(m->name != NULL && m->summary != NULL);
		OK(m->refuse != NULL && m->enter != NULL);
		OK(m->tries > 0 && m->leave_ms > 0);
		for (size_t k = 0; k < i; k++)
			OK(strcmp(m->name, boot_methods[k]->name) != 0);
	}
}

/* The real one finds nothing in an empty tree. */
static void
test_world(void)
{
	struct bus *b = bus_new("tests/data/sysroot/bench");
	struct boot_world w;
	struct bus_place p;
	struct link *l = NULL;

	boot_world_init(&w, b, say);
	OK(w.look(w.ctx, "1-1.3", -1, &p, &e) == 0 && p.mass_storage);
	bus_place_release(&p);
	OK(w.open(w.ctx, "/dev/ttyACM9", NULL, &l, &e) == -1);
	OK(e.code == ERR_NOT_FOUND && w.say == say);
	bus_free(b);
}

int
main(void)
{
	test_order();
	test_another();
	test_there_already();
	test_no_way();
	test_trouble();
	test_drives();
	test_choice();
	test_table();
	test_world();
	return tap_done();
}
