/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "boot/boot.h"
#include "chips/chips.h"
#include "repl/repl.h"

#define LEAVE_MS	3000		/* longer: it hangs, or cannot leave */
#define PERSON_MS	60000		/* for a person to press a button */
#define TALK_MS		10000		/* to interrupt a program */
#define TOUCH_BAUD	1200u
#define TOUCH_HOLD_MS	100		/* the board looks at the lines */

static const char *
mpy_refuse(const struct boot_job *job)
{
	if (!text_same(job->device.mode, "repl"))
		return "the board does not answer";
	if (text_same(job->board.port, "esp8266") ||
	    text_same(job->board.port, "cc3200"))
		return "MicroPython on this port has no "
		    "machine.bootloader()";
	if (text_same(job->board.port, "esp32") && text_same(job->mode, "uf2"))
		return "machine.bootloader() leads to the ROM's bootloader, "
		    "not to UF2";
	return NULL;
}

static int
mpy_enter(const struct boot_job *job, const char *tty, struct err *e)
{
	const struct boot_world *w = job->world;
	const int64_t deadline = clock_ms() + TALK_MS;
	struct err ignored = ERR_INIT;
	struct link *l = NULL;
	struct repl *r = NULL;
	int rc = -1;

	if (w->open(w->ctx, tty, NULL, &l, e) == -1 ||
	    repl_enter(l, NULL, deadline, &r, e) == -1)
		goto out;
	rc = repl_start(r, "bootloader", deadline, e);
	if (rc == -1 && e->code == ERR_NOT_FOUND)
		rc = 0;			/* gone already */
out:
	/* On failure the board's program goes on; *e is set already. */
	if (r != NULL && rc == -1)
		repl_leave(r, deadline, &ignored);
	else
		repl_abandon(r);
	/* Now: a port that is still open comes back under another name. */
	link_close(l);
	return rc;
}

static const char *
touch_refuse(const struct boot_job *job)
{
	if (job->device.serial_port == NULL)
		return "the board has no serial port";
	/* Of these ports only Arduino's boards know it. */
	if ((text_same(job->board.port, "stm32") ||
	    text_same(job->board.port, "esp32")) &&
	    !text_same(job->device.vid, "2341"))
		return "its MicroPython does not know the touch";
	/* The baud rate of a bridge chip does not reach the board. */
	if (text_same(job->board.port, "esp8266"))
		return "its serial port is a bridge chip's";
	return NULL;
}

/* The board may leave at each of these steps. */
static int
touch_enter(const struct boot_job *job, const char *tty, struct err *e)
{
	const struct boot_world *w = job->world;
	const struct link_opts opts = { .baud = TOUCH_BAUD };
	struct link *l = NULL;
	int r;

	if (w->open(w->ctx, tty, &opts, &l, e) == -1)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	r = link_lines(l, false, false, e);
	if (r == 0)
		clock_sleep_ms(TOUCH_HOLD_MS);
	link_close(l);
	return r == 0 || e->code == ERR_NOT_FOUND ? 0 : -1;
}

static const char *
manual_refuse(const struct boot_job *job)
{
	return job->world->say != NULL ? NULL :
	    "nobody can be asked to press buttons";
}

static int
manual_enter(const struct boot_job *job, const char *tty, struct err *e)
{
	char msg[400];

	(void)tty, (void)e;
	snprintf(msg, sizeof(msg), "%s: %s (waiting %d s)", job->device.id,
	    port_buttons(job->board.port), PERSON_MS / 1000);
	job->world->say(job->world->say_ctx, msg);
	return 0;
}

/* Used only if asked for by name. */
static const char *
none_refuse(const struct boot_job *job)
{
	(void)job;
	return NULL;
}

static int
none_enter(const struct boot_job *job, const char *tty, struct err *e)
{
	(void)job, (void)tty, (void)e;
	return 0;
}

static const struct boot_method mpy = {
	.name = "mpy",
	.summary = "runs machine.bootloader() on the board",
	.leave_ms = LEAVE_MS,
	.tries = 1,
	.touches = true,
	.refuse = mpy_refuse,
	.enter = mpy_enter,
};

static const struct boot_method touch1200 = {
	.name = "touch1200",
	.summary = "opens its port at 1200 baud and lets DTR fall",
	.leave_ms = LEAVE_MS,
	.tries = 2,	/* a host that wakes the port loses the first touch */
	.touches = true,
	.refuse = touch_refuse,
	.enter = touch_enter,
};

static const struct boot_method manual = {
	.name = "manual",
	.summary = "asks a person to press its buttons",
	.leave_ms = PERSON_MS,
	.tries = 1,
	.touches = true,
	.refuse = manual_refuse,
	.enter = manual_enter,
};

static const struct boot_method none = {
	.name = "none",
	.summary = "waits until the board is in its bootloader",
	.leave_ms = BOOT_WAIT_MS,
	.tries = 1,
	.refuse = none_refuse,
	.enter = none_enter,
};

const struct boot_method *const boot_methods[] = {
	&mpy, &touch1200, &manual, &none, NULL
};

/*
 * The first row for the port and the mode counts, else the last row.
 *
 * touch1200 comes first where machine.bootloader() hangs on boards without a
 * bootloader of that kind (nrf), and where all or most boards know the touch.
 * On esp32, machine.bootloader() leads to the ROM's bootloader alone.
 */
static const struct {
	const char			*port, *mode;
	const struct boot_method	*ways[BOOT_WAYS];
} orders[] = {
	{ "rp2", "uf2", { &mpy, &touch1200, &manual } },
	{ "rp2", "picoboot", { &mpy, &touch1200, &manual } },
	{ "samd", "uf2", { &touch1200, &mpy, &manual } },
	{ "nrf", "uf2", { &touch1200, &mpy, &manual } },
	{ "mimxrt", "uf2", { &mpy, &touch1200, &manual } },
	{ "stm32", "dfu", { &touch1200, &mpy, &manual } },
	{ "esp32", "uf2", { &manual } },
	{ "esp32", "dfu", { &mpy, &touch1200, &manual } },
	{ "esp32", "esp_rom", { &mpy, &manual } },
	{ "esp8266", "esp_rom", { &manual } },
	{ NULL, NULL, { &mpy, &manual } },
};

const struct boot_method *const *
boot_ways(const char *port, const char *mode)
{
	size_t i = 0;

	while (orders[i].port != NULL && !(text_same(port, orders[i].port) &&
	    text_same(mode, orders[i].mode)))
		i++;
	return orders[i].ways;
}
