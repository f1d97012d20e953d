/* SPDX-License-Identifier: MIT */

/*
 * mpf-detect: the boards that are here, a record each.  mpf-detect(1).
 */

#include <stdlib.h>
#include <string.h>

#include "addr/addr.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "board/board.h"
#include "board/kept.h"
#include "board/rom.h"
#include "board/seen.h"
#include "board/told.h"
#include "facts/facts.h"
#include "journal/journal.h"
#include "model/codec.h"
#include "model/rule.h"
#include "tool/tool.h"

struct detect {
	struct opt_list	 serial, ignore;
	bool		 bluetooth, no_probe, no_interrupt, esp;
	const char	*lines;
	int64_t		 timeout_ms;

	struct bus	*bus;
	char		*host;
	char		**ignore_all;	/* --ignore, and MPFLASH_IGNORE */
	struct facts	*facts;		/* NULL: not loaded yet */
	struct board_seen seen;		/* what is no board */
	size_t		 found;		/* boards; or errors, told already */
};

/* --ignore and the words of MPFLASH_IGNORE, in one list. */
static void
gather_ignored(struct detect *d)
{
	static const char blanks[] = " \t\n";
	const char *p = getenv("MPFLASH_IGNORE");
	size_t i, len;

	p = p == NULL ? "" : p + strspn(p, blanks);
	d->ignore_all = mem_alloc((d->ignore.n + strlen(p) + 1) *
	    sizeof(*d->ignore_all));
	for (i = 0; i < d->ignore.n; i++)
		d->ignore_all[i] = mem_str(d->ignore.v[i]);
	for (; *p != '\0'; p += len + strspn(p + len, blanks)) {
		len = strcspn(p, blanks);
		d->ignore_all[i++] = tool_port_name(p, len);
	}
}

static int
begin(void *ctx, struct err *e)
{
	struct detect *d = ctx;

	if (d->lines != NULL && rule_check("device.lines", d->lines, e) == -1) {
		err_set(e, ERR_USAGE, "--lines %s: not DTR and RTS as 0,0",
		    d->lines);
		return err_hint(e, "write 0,0 or 1,0 or 0,1 or 1,1");
	}
	gather_ignored(d);
	d->bus = bus_new(tool_sysroot());
	d->host = board_host();
	return 0;
}

/* Before the fork if several are asked, else by who needs it. */
static void
prepare_facts(struct detect *d, const struct board_list *list)
{
	struct err later = ERR_INIT;	/* is said by who cannot do without */
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->v[i].error.code == ERR_NONE &&
		    strcmp(list->v[i].device.mode, "silent") == 0;
	if (n > 1 && !d->no_probe)
		board_facts_open(&d->facts, &later);
}

static const char *
mode_of(const struct record *rec)
{
	const char *mode = record_str(rec, "device.mode");

	return mode == NULL ? "" : mode;
}

/* Is there anything to ask, or a lock to look at? */
static bool
wants(const struct record *rec, void *ctx)
{
	const struct detect *d = ctx;
	const char *mode = mode_of(rec);

	if (d->no_probe || strcmp(mode, "busy") == 0 ||
	    strcmp(mode, "ignored") == 0)
		return false;
	return record_has(rec, "device.bootloaders") ||
	    !record_has(rec, "device.problem");
}

static struct record *
make_record(const struct detect *d, const struct board_place *p)
{
	struct record *rec = record_new();
	struct device device = p->device;
	struct err why = ERR_INIT;

	if (device.serial_port != NULL)
		device.lines = d->lines;
	if (device.id != NULL)
		device_put(rec, &device);
	if (p->error.code != ERR_NONE) {
		log_err(&p->error);
		record_fail(rec, "detect", &p->error);
	} else if (p->device.bootloaders[0] != NULL &&
	    kept_put(rec, &p->device, d->bus, &why) == -1) {
		log_err(&why);
	}
	return rec;
}

static int
source(struct tool_run *run, void *ctx, struct err *e)
{
	struct detect *d = ctx;
	const struct board_scan_opts how = { d->host, d->serial.v,
		(const char *const *)d->ignore_all, d->bluetooth,
		d->no_probe };
	struct board_list list;

	(void)e;
	board_scan(d->bus, &how, &list);
	d->seen.ports = list.ports;
	d->seen.drives = list.drives;
	d->seen.problem = list.problem;
	prepare_facts(d, &list);
	for (size_t i = 0; i < list.n; i++) {
		struct record *rec = make_record(d, &list.v[i]);

		d->found += !wants(rec, d) && (d->no_probe ||
		    !record_has(rec, "device.problem"));
		tool_feed(run, rec);
	}
	board_list_release(&list);
	return 0;
}

/* What the board runs outranks what its file says. */
static void
mark_stale(struct record *rec)
{
	char why[JOURNAL_WHY];

	if (journal_stale(rec, why))
		record_put_str(rec, "board.record_stale", why);
}

static void
name_board(const struct detect *d, struct board_answer *a)
{
	struct facts *own = NULL;
	struct err e = ERR_INIT;

	if (a->board.board_id != NULL || (a->board.description == NULL &&
	    a->notes.record_id == NULL))
		return;
	if (d->facts == NULL && board_facts_open(&own, &e) == -1)
		log_err(&e);
	else
		board_identify(d->facts != NULL ? d->facts : own, a);
	facts_close(own);
}

/* What did not answer, or nobody knows, may be an ESP chip all the same. */
static int
ask_rom(const struct detect *d, struct record *rec, const struct device *dev,
    const struct link_addr *at, struct err *e)
{
	const char *mode = mode_of(rec);
	struct rom_answer answer;
	struct err why = ERR_INIT;

	if (!d->esp || (strcmp(mode, "silent") != 0 &&
	    strcmp(mode, "foreign") != 0))
		return 0;
	tool_progress(rec, "ask the boot ROM", 0, 0, "");
	if (board_ask_rom(at, dev, clock_ms() + d->timeout_ms, &answer,
	    &why) == -1) {
		log_verbose("%s", why.msg);
		return told_rom_failure(rec, at->name, &why, e);
	}
	told_rom(rec, &answer);
	return 0;
}

static int
ask(struct record *rec, void *ctx, struct err *e)
{
	const struct detect *d = ctx;
	const struct board_ask_opts how = {
		.deadline = clock_ms() + d->timeout_ms,
		.no_interrupt = d->no_interrupt,
		.may_stop = true,
	};
	struct board_answer answer = BOARD_ANSWER_INIT;
	struct device dev = DEVICE_INIT;
	struct lock lock = LOCK_INIT;
	struct lock_holder who = { 0 };
	struct err why = ERR_INIT;
	struct link_addr at = LINK_ADDR_INIT;
	int r = -1;

	if (device_get(rec, &dev, e) == -1)
		return -1;
	tool_progress(rec, "ask", 0, 0, "");
	if (lock_device(dev.id, 0, &lock, &who, &why) == -1) {
		if (why.code == ERR_BUSY)
			told_busy(rec, &who);
		else
			*e = why;
		return why.code == ERR_BUSY ? 0 : -1;
	}
	if (addr_of_device(d->bus, &dev, &at, e) == -1)
		goto out;
	/* Only a port that was named is asked although it is held. */
	memset(&who, 0, sizeof(who));
	if (dev.named && dev.usb_path != NULL)
		bus_holder(d->bus, dev.serial_port, &who);
	if (board_ask(&at, &how, &answer, &why) == 0) {
		kept_drop(&dev);
		name_board(d, &answer);
		told_answer(rec, &answer);
		mark_stale(rec);
		r = 0;
	} else {
		if (answer.interrupt != NULL)
			record_put_str(rec, "device.interrupt",
			    answer.interrupt);
		r = told_failure(rec, at.name, &who, &why, e);
		if (r == 0) {
			log_verbose("%s", why.msg);
			r = ask_rom(d, rec, &dev, &at, e);
		}
	}
out:
	board_answer_release(&answer);
	lock_drop(&lock);
	link_addr_release(&at);
	return r;
}

/* A bootloader is not asked, but may be in use: somebody flashes it. */
static int
look_at_bootloader(struct record *rec, struct err *e)
{
	struct lock_holder who = { 0 };
	struct lock lock = LOCK_INIT;
	struct device dev;
	struct err why;

	if (device_get(rec, &dev, e) == -1)
		return -1;
	if (lock_device(dev.id, 0, &lock, &who, &why) == -1 &&
	    why.code == ERR_BUSY) {
		told_busy(rec, &who);
		record_drop(rec, "board");
	}
	lock_drop(&lock);
	return 0;
}

static int
filter(struct record *rec, void *ctx, struct err *e)
{
	if (record_has(rec, "device.bootloaders"))
		return look_at_bootloader(rec, e);
	return ask(rec, ctx, e);
}

/* Silence and strangers are no boards; what we may not look at may be. */
static int
finish(struct record *rec, void *ctx, struct err *e)
{
	struct detect *d = ctx;
	const char *mode = mode_of(rec);
	const char *port = record_str(rec, "device.serial_port");
	const char *problem = record_str(rec, "device.problem");
	const bool foreign = strcmp(mode, "foreign") == 0;

	(void)e;
	if (record_failed(rec) || record_has(rec, "chip") ||
	    (strcmp(mode, "silent") != 0 && !foreign))
		d->found++;
	else if (port != NULL && (problem == NULL || foreign || d->esp))
		board_seen_port(&d->seen, port, problem,
		    record_has(rec, "device.interrupt"));
	return 0;
}

static int
last(struct tool_run *run, void *ctx, struct err *e)
{
	const struct detect *d = ctx;

	(void)run;
	return d->found > 0 ? 0 : board_seen_error(&d->seen, e);
}

static void
end(void *ctx)
{
	struct detect *d = ctx;

	facts_close(d->facts);
	bus_free(d->bus);
	free(d->host);
	for (char **p = d->ignore_all; p != NULL && *p != NULL; p++)
		free(*p);
	free(d->ignore_all);
	board_seen_release(&d->seen);
}

int
main(int argc, char *argv[])
{
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "MODE", "device.mode", COLUMN_STATE, NULL },
		{ "BOARD", "board.board_id", COLUMN_NAME, NULL },
		{ "VARIANT", "board.variant", COLUMN_NAME, NULL },
		{ "VERSION", NULL, COLUMN_NAME, column_versions },
		{ "DESCRIPTION", NULL, COLUMN_TEXT, column_description },
		{ "PLACE", "device.usb_path", COLUMN_MORE, NULL },
		{ "VOLUME", NULL, COLUMN_MORE, column_volume },
		COLUMN_END
	};
	struct detect d = { .timeout_ms = 10000, .seen = BOARD_SEEN_INIT };
	const struct opt opts[] = {
		OPT_PORTS('s', "serial", "NAME", &d.serial,
		    "look only at this port, USB path, volume or device id"),
		OPT_PORTS('i', "ignore", "PATTERN", &d.ignore,
		    "leave alone the devices that match PATTERN"),
		OPT_FLAG(0, "bluetooth", &d.bluetooth,
		    "also look at serial ports over Bluetooth"),
		OPT_FLAG(0, "no-probe", &d.no_probe,
		    "open no port, and list what the system knows"),
		OPT_FLAG(0, "no-interrupt", &d.no_interrupt,
		    "interrupt no program that runs on a board"),
		OPT_FLAG(0, "esp", &d.esp,
		    "ask silent and foreign ports by the boot ROM of an ESP "
		    "chip"),
		OPT_STR(0, "lines", "DTR,RTS", &d.lines,
		    "set DTR and RTS, each 0 or 1, while a port is open"),
		OPT_MS('t', "timeout", "TIME", &d.timeout_ms,
		    "wait at most TIME for each port"),
		OPT_END
	};
	const struct tool tool = {
		.name = "mpf-detect",
		.summary = "find MicroPython boards, and ask what they are",
		.synopsis = "[options]",
		.examples = "  mpf-detect --serial ttyACM0 | mpf-resolve\n",
		.arg_option = "serial",
		.opts = opts,
		.columns = columns,
		.ctx = &d,
		.share = true,
		.begin = begin,
		.source = source,
		.wants = wants,
		.filter = filter,
		.finish = finish,
		.finish_failed = true,
		.last = last,
		.end = end,
		.workers = true,
		.jobs = 256,		/* most of them only wait */
		.patience_ms = 1000,
	};

	return tool_main(&tool, argc, argv);
}
