/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "boot/boot.h"
#include "tap.h"

/* What hangs at the place, look by look; the last one stays. */
struct sight {
	const char	*vid, *pid, *serial;	/* vid NULL: no ids are known */
	bool		 gone, tty, drive;
	int64_t		 for_ms;		/* so long; 0: for one look */
	int		 raise;			/* this signal comes; 0: none */
	bool		 fails;			/* it cannot be looked at */
};

#define RUNS		{ .vid = "2e8a", .pid = "0005", .serial = "A", \
			  .tty = true }
#define LOADER		{ .vid = "2e8a", .pid = "0003", .serial = "Z", \
			  .drive = true }

static struct {
	const struct sight	*at;
	size_t			 n, i;
	int64_t			 since;		/* we look at that one */
	const char		*script;	/* of the port */
	int			 opened;
	enum err_code		 shut;		/* it cannot be opened */
} bench;

static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *e)
{
	const struct sight *s = &bench.at[bench.i];

	(void)ctx, (void)usb_path, (void)interface;
	memset(out, 0, sizeof(*out));
	if (s->fails)
		return err_set(e, ERR_IO, "no sysfs");
	if (s->raise != 0)
		raise(s->raise);
	out->present = !s->gone;
	if (!s->gone && s->vid != NULL) {
		out->usb.vid = mem_str(s->vid);
		out->usb.pid = mem_str(s->pid);
		out->usb.serial = mem_str(s->serial);
	}
	out->tty = s->tty ? mem_str("/dev/ttyACM0") : NULL;
	out->mass_storage = s->drive;
	if (bench.i + 1 < bench.n && (s->for_ms == 0 ||
	    clock_ms() >= bench.since + s->for_ms)) {
		bench.i++;
		bench.since = clock_ms();
	}
	return 0;
}

static int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	(void)ctx, (void)dev, (void)opts;
	bench.opened++;
	if (bench.shut != ERR_NONE)
		return err_set(e, bench.shut, "shut");
	return link_replay(bench.script, out, e);
}

static const struct boot_world world = { .look = look, .open = open_port };

static const struct boot_job job = {
	.device = { .id = "bench/usb/1-1.2", .usb_path = "1-1.2",
	    .vid = "2e8a", .pid = "0005", .usb_serial = "A", .mode = "repl",
	    .serial_port = "/dev/ttyACM0" },
	.board = { .port = "rp2" }, .mode = "uf2", .world = &world,
};

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define GOES(j, m, s, by)	goes((j), (m), (s), N(s), (by))
#define FAILS(j, m, s, c, msg)	stays((j), (m), (s), N(s), (c), (msg))

static int
run(const struct boot_job *j, const char *method, const struct sight *s,
    size_t n, struct boot_result *res, struct err *e)
{
	clock_fake(1000);
	bench.at = s;
	bench.n = n;
	bench.i = 0;
	bench.since = 1000;
	bench.opened = 0;
	*e = (struct err)ERR_INIT;
	return boot_run(j, method, res, e);
}

static void
goes(const struct boot_job *j, const char *method, const struct sight *s,
    size_t n, const char *by)
{
	struct boot_result res;
	struct err e;

	OK(run(j, method, s, n, &res, &e) == 0);
	IS_STR(res.method != NULL ? res.method : e.msg, by);
	bus_place_release(&res.place);
}

static void
stays(const struct boot_job *j, const char *method, const struct sight *s,
    size_t n, enum err_code code, const char *msg)
{
	struct boot_result res;
	struct err e;

	OK(run(j, method, s, n, &res, &e) == -1 && e.code == code);
	IS_STR(e.msg, msg);
	bus_place_release(&res.place);
}

/* Its ids change at once, its drive comes late: that is no board that stays. */
static void
test_slow_drive(void)
{
	const struct sight s[] = { RUNS, RUNS, { .vid = "2e8a", .pid = "0003",
	    .serial = "Z", .for_ms = 5000 }, LOADER };

	bench.script = "*";
	GOES(&job, "touch1200", s, "touch1200");
	OK(bench.opened == 1);
	OK(clock_ms() >= 1000 + 100);		/* the lines were held */
}

/* It goes by itself, between the question and the try. */
static void
test_went(void)
{
	const struct sight s[] = { RUNS, LOADER };
	const struct sight away[] = { RUNS, { .gone = true, .for_ms = 300 },
	    LOADER };

	bench.script = "*";
	GOES(&job, "touch1200", s, "touch1200");
	OK(bench.opened == 0);
	/* Off the bus for a moment is not another board. */
	GOES(&job, "touch1200", away, "touch1200");
}

/* What no other way would mend ends the search for one. */
static void
test_final(void)
{
	static const enum err_code codes[] = { ERR_BUSY, ERR_PERMISSION,
	    ERR_IO, ERR_CANCELLED };
	const struct sight s[] = { RUNS };
	const struct sight blind[] = { RUNS, { .fails = true } };
	const struct sight later[] = { RUNS, RUNS, { .gone = true },
	    { .fails = true } };

	for (size_t i = 0; i < N(codes); i++) {
		bench.shut = codes[i];
		FAILS(&job, NULL, s, codes[i], "bench/usb/1-1.2: mpy: shut");
		OK(bench.opened == 1);
	}
	bench.shut = ERR_PROTOCOL;
	FAILS(&job, NULL, s, ERR_UNSUPPORTED, "bench/usb/1-1.2: no software "
	    "way into its bootloader: mpy: shut; touch1200: shut; manual: "
	    "nobody can be asked to press buttons");
	bench.shut = ERR_NONE;
	FAILS(&job, NULL, blind, ERR_IO, "bench/usb/1-1.2: mpy: no sysfs");
	OK(bench.opened == 0);
	bench.script = "*";
	FAILS(&job, "touch1200", later, ERR_IO, "bench/usb/1-1.2: touch1200: "
	    "no sysfs");
}

/* Why none of the ways would do. */
static void
test_reasons(void)
{
	struct boot_job j = job;
	const char *name;
	struct err e = ERR_INIT;

	j.device.mode = "silent";
	j.device.serial_port = NULL;
	OK(boot_choice(&j, NULL, &name, &e) == -1);
	IS_STR(e.msg, "bench/usb/1-1.2: no software way into its bootloader: "
	    "mpy: the board does not answer; touch1200: the board has no "
	    "serial port; manual: nobody can be asked to press buttons");
	j.board.port = "esp8266";
	j.device.mode = "repl";
	j.device.serial_port = "/dev/ttyUSB0";
	OK(boot_choice(&j, "touch1200", &name, &e) == -1);
	IS_STR(e.msg, "bench/usb/1-1.2: no software way into its bootloader: "
	    "touch1200: its serial port is a bridge chip's");
	/* Of the boards of these ports Arduino's alone know it. */
	j.board.port = "stm32";
	OK(boot_choice(&j, "touch1200", &name, &e) == -1);
	IS_STR(e.msg, "bench/usb/1-1.2: no software way into its bootloader: "
	    "touch1200: its MicroPython does not know the touch");
	j.device.vid = "2341";
	OK(boot_choice(&j, "touch1200", &name, &e) == 0);
	j.board.port = "cc3200";
	OK(boot_choice(&j, "mpy", &name, &e) == -1);
	j.board.port = "esp32";
	OK(boot_choice(&j, "mpy", &name, &e) == -1);
	j.mode = "dfu";
	OK(boot_choice(&j, "mpy", &name, &e) == 0);
}

/* One that only restarts is not told a second time. */
static void
test_restarts(void)
{
	const struct sight s[] = { RUNS, RUNS, { .gone = true,
	    .for_ms = 300 }, RUNS };
	const struct sight other[] = { RUNS, RUNS, { .gone = true,
	    .for_ms = 300 }, { .vid = "1209", .pid = "0001", .serial = "B",
	    .tty = true, .for_ms = 300 }, LOADER };

	bench.script = "*";
	GOES(&job, "touch1200", other, "touch1200");
	FAILS(&job, "touch1200", s, ERR_UNSUPPORTED, "bench/usb/1-1.2: no "
	    "software way into its bootloader: touch1200: the board "
	    "only restarted");
	OK(bench.opened == 1);
}

/* Ids that are half known are no other ids; those that are gone are. */
static void
test_ids(void)
{
	const struct sight s[] = { RUNS, RUNS, LOADER };
	const struct sight none[] = { RUNS, { .tty = true } };
	const struct sight same_pid[] = { RUNS, { .vid = "1209", .pid = "0005",
	    .serial = "A", .tty = true } };
	struct boot_job j = job;

	bench.script = "*";
	j.device.pid = NULL;
	GOES(&j, "touch1200", s, "touch1200");
	j = job;
	j.device.vid = NULL;
	GOES(&j, "touch1200", s, "touch1200");
	FAILS(&job, "touch1200", none, ERR_MISMATCH, "bench/usb/1-1.2: "
	    "touch1200: another device is there now: ?:? with the serial "
	    "number ?");
	FAILS(&job, "touch1200", same_pid, ERR_MISMATCH, "bench/usb/1-1.2: "
	    "touch1200: another device is there now: 1209:0005 with the "
	    "serial number A");
	OK(bench.opened == 0);
}

/* A port that dies while it is talked to: the other ways are tried. */
static void
test_dead_port(void)
{
	const struct sight s[] = { RUNS };

	bench.script = "!";
	FAILS(&job, "mpy", s, ERR_UNSUPPORTED, "bench/usb/1-1.2: no software "
	    "way into its bootloader: mpy: replay: the device is "
	    "gone");
}

/* In a child, as a stop cannot be taken back: its exit status. */
static int
stopped(const struct sight *s, size_t n)
{
	struct boot_result res;
	struct err e;
	int status;
	const pid_t pid = fork();

	if (pid == 0) {
		stop_install();
		bench.script = "*";
		if (run(&job, "touch1200", s, n, &res, &e) == 0)
			_exit(42);
		_exit(e.code == ERR_CANCELLED && strstr(e.msg,
		    "stopped before it left") != NULL && e.hint[0] != '\0' ?
		    43 : 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A stop ends the wait for a board that runs, not for one that has left. */
static void
test_stop(void)
{
	const struct sight runs[] = { RUNS, RUNS, { .vid = "2e8a",
	    .pid = "0005", .serial = "A", .tty = true, .raise = SIGTERM },
	    RUNS };
	const struct sight left[] = { RUNS, RUNS, { .gone = true,
	    .raise = SIGTERM }, { .gone = true, .for_ms = 300 }, LOADER };

	OK(stopped(runs, N(runs)) == 43);
	OK(stopped(left, N(left)) == 42);
}

int
main(void)
{
	test_slow_drive();
	test_went();
	test_final();
	test_reasons();
	test_restarts();
	test_ids();
	test_dead_port();
	test_stop();
	return tap_done();
}
