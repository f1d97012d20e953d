/* SPDX-License-Identifier: MIT */
#include "sim/life.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "sim/event.h"

#define READ_BYTES	4096

/* --- events --- */

static void
begin_event(struct sim *s, const char *name)
{
	sim_event_begin(&s->event, name);
	sim_event_str(&s->event, "usb_path",
	    s->o->root != NULL ? s->o->usb_path : NULL);
}

static void
end_event(struct sim *s)
{
	sim_event_end(&s->event);
	s->o->event(s->event.data, s->event.len, s->o->ctx);
}

static void
tell_running(struct sim *s, const char *name)
{
	char uid[2 * SIM_UID_MAX + 1];

	begin_event(s, name);
	sim_event_str(&s->event, "sysroot", s->o->root);
	sim_event_str(&s->event, "serial_port",
	    s->address[0] != '\0' ? s->address :
	    s->o->link != NULL ? s->o->link : s->plug.dev);
	sim_event_str(&s->event, "pty", s->port.tty);
	if (s->o->kind->talk == SIM_TALK_REPL) {
		text_hex(uid, s->id.uid, s->id.uid_len);
		sim_event_str(&s->event, "version", s->id.tag);
		sim_event_str(&s->event, "board_id", s->id.board_id);
		sim_event_str(&s->event, "variant", s->id.variant);
		sim_event_str(&s->event, "description", s->id.machine);
		sim_event_str(&s->event, "uid", uid);
	}
	end_event(s);
}

/* --- plugging in and out --- */

static void
open_probe(struct sim *s)
{
	char *dir = tree_volume(&s->plug);

	sim_probe_open(&s->probe, dir);
	free(dir);
}

static int
plug_tty(struct sim *s, struct err *e)
{
	const struct sim_kind *k = s->o->kind;
	char serial[2 * SIM_UID_MAX + 1];
	struct tree_device d = { .what = TREE_TTY,
	    .usb_path = s->o->usb_path, .vid = k->vid, .pid = k->pid,
	    .manufacturer = k->manufacturer, .product = k->product,
	    .bridge = k->bridge, .tty = s->port.tty,
	    .probe = k->probe != NULL, .label = k->probe,
	    .info = "# DAPLink Firmware\r\nAuto Reset: 1\r\n",
	    .fail = s->failed ? SIM_PROBE_FAIL : NULL };

	text_hex(serial, s->id.uid, s->id.uid_len);
	d.serial = s->o->serial != NULL ? s->o->serial :
	    k->serial != NULL ? k->serial : serial;
	if (s->o->new_name && s->name != NULL)
		d.not_name = s->name;
	else
		d.name = s->name != NULL ? s->name : s->o->name;
	if (tree_plug_in(s->o->root, &d, &s->plug, e) == -1)
		return -1;
	free(s->name);
	s->name = mem_str(s->plug.dev + strlen("/dev/"));
	if (k->probe != NULL)
		open_probe(s);
	return 0;
}

static void
on_lines(void *ctx, bool dtr, bool rts)
{
	struct sim *s = ctx;

	sim_rom_lines(&s->rom, dtr, rts, clock_ms());
}

static int
open_net(struct sim *s, struct err *e)
{
	if (sim_port_open_net(&s->port, s->o->tcp_port, e) == -1)
		return -1;
	s->port.net.lines = on_lines;
	s->port.net.ctx = s;
	snprintf(s->address, sizeof(s->address), "rfc2217://127.0.0.1:%u",
	    s->port.net.port);
	return 0;
}

int
life_begin(struct sim *s, const char *event, struct err *e)
{
	if (s->o->net) {
		if (open_net(s, e) == -1)
			return -1;
	} else if (s->o->stdio)
		sim_port_open_stdio(&s->port);
	else if (sim_port_open_pty(&s->port, e) == -1)
		return -1;
	s->port.pace.on = s->o->paced;
	if (sim_talk_start(&s->talker, &s->o->talk, s->o->kind, &s->id,
	    s->files, clock_ms(), e) == -1)
		return -1;
	if (s->o->link != NULL && sim_port_link(&s->port, s->o->link, e) == -1)
		return -1;
	if (s->o->root != NULL && plug_tty(s, e) == -1)
		return -1;
	s->phase = PHASE_APP;
	s->due = SIM_FOREVER;
	tell_running(s, event);
	return 0;
}

static void
stop_app(struct sim *s)
{
	tree_pull_out(&s->plug);
	sim_probe_close(&s->probe);
	if (s->o->link != NULL && s->port.in != -1)
		sim_port_unlink(&s->port, s->o->link);
	sim_talk_stop(&s->talker);
	sim_port_close(&s->port);
}

static int
start_boot(struct sim *s, struct err *e)
{
	const struct sim_chip *c = s->chip;
	const enum sim_fault_kind fault = s->o->talk.console.fault.kind;
	char serial[2 * SIM_UID_MAX + 1];
	struct tree_device d = { .what = TREE_DRIVE,
	    .usb_path = s->o->usb_path, .vid = c->vid, .pid = c->pid,
	    .manufacturer = c->manufacturer, .product = c->product,
	    .label = c->label, .info = c->info, .partition = c->partition,
	    .unmounted = fault == SIM_FAULT_MOUNT };
	char *dir;

	if (s->o->kind->boot == SIM_BOOT_DFU)
		d.what = TREE_DFU;
	text_hex(serial, s->id.uid, s->id.uid_len);
	for (char *p = serial; *p != '\0'; p++)
		if (*p >= 'a')
			*p -= 'a' - 'A';
	d.serial = c->serial != NULL ? c->serial : serial;
	if (tree_plug_in(s->o->root, &d, &s->plug, e) == -1)
		return -1;
	dir = tree_volume(&s->plug);
	if (dir != NULL)
		sim_drive_open(&s->drive, dir, c, s->o->keep);
	free(dir);
	s->phase = PHASE_BOOT;
	s->due = SIM_FOREVER;
	s->complete = false;
	s->told = 0;
	begin_event(s, "bootloader");
	sim_event_str(&s->event, "volume", s->plug.volume);
	sim_event_str(&s->event, "disk", s->plug.disk);
	end_event(s);
	return 0;
}

static void
stop_boot(struct sim *s)
{
	tree_pull_out(&s->plug);
	sim_drive_close(&s->drive);
}

/* Away now; and, unless next is PHASE_DEAD, back after boot_ms. */
static void
leave_phase(struct sim *s, enum phase next)
{
	if (s->phase == PHASE_APP)
		stop_app(s);
	else
		stop_boot(s);
	s->phase = next;
	s->due = next == PHASE_DEAD ? SIM_FOREVER :
	    clock_ms() + s->o->boot_ms;
	begin_event(s, "vanished");
	end_event(s);
}

/* --- MicroPython runs --- */

static void
become_bootloader(struct sim *s)
{
	const enum sim_fault_kind fault = s->o->talk.console.fault.kind;

	if (s->o->root == NULL) {	/* no tree: whoever started us knows */
		s->status = SIM_LEFT_FOR_BOOTLOADER;
		s->over = true;
	} else {
		leave_phase(s, fault == SIM_FAULT_DRIVE || s->chip == NULL ?
		    PHASE_DEAD : PHASE_TO_BOOT);
	}
}

static void
act(struct sim *s, enum sim_action action)
{
	const enum sim_fault_kind fault = s->o->talk.console.fault.kind;

	if (action == SIM_BOOTLOADER)
		become_bootloader(s);
	else if (action == SIM_RESET && (s->o->stdio || s->o->net))
		s->over = true;
	else if (action == SIM_RESET)
		leave_phase(s, fault == SIM_FAULT_PROBE ? PHASE_DEAD :
		    PHASE_TO_APP);
}

/*
 * What is in the flash runs: the port was closed, which stands for a reset, or
 * the lines have reset it.
 */
static int
restart(struct sim *s, bool left, struct err *e)
{
	int r = 0;

	if (s->rom.has_lines)
		r = sim_rom_booted(&s->rom, s->o->tsv, &s->id, s->files, e);
	else if (left)
		r = sim_rom_restart(&s->rom, s->o->tsv, &s->id, s->files,
		    clock_ms(), e);
	if (sim_rom_put_count(&s->rom, s->port.pace.on, &s->event))
		end_event(s);
	if (r != 1)
		return r;
	sim_talk_stop(&s->talker);
	if (sim_talk_start(&s->talker, &s->o->talk, s->o->kind, &s->id,
	    s->files, clock_ms(), e) == -1)
		return -1;
	tell_running(s, "running");
	return 0;
}

/* A file came onto the probe's drive: the board has that now, or FAIL.TXT. */
static int
take_copy(struct sim *s, struct err *e)
{
	const enum sim_fault_kind fault = s->o->talk.console.fault.kind;
	struct image_strings is;

	if (sim_probe_keep(&s->probe, s->o->keep, e) == -1)
		return -1;
	s->failed = fault == SIM_FAULT_FAIL;
	if (!s->failed && sim_probe_strings(&s->probe, &is) &&
	    sim_identity_machine(s->o->tsv, fault == SIM_FAULT_BOARD ?
	    s->o->after : is.machine, is.tag, is.date, &s->id, e) == -1)
		return -1;
	leave_phase(s, fault == SIM_FAULT_BOOT ? PHASE_DEAD : PHASE_TO_APP);
	return 0;
}

static int
turn_app(struct sim *s, struct err *e)
{
	char some[READ_BYTES];
	enum sim_action action = SIM_GO_ON;
	struct buf rest = BUF_INIT;
	bool left = false;
	size_t n;

	while ((n = sim_port_read(&s->port, some, sizeof(some), &left)) > 0) {
		sim_rom_input(&s->rom, some, n, sim_port_baud(&s->port),
		    clock_ms(), &rest);
		sim_rom_note_idle(&s->rom, &s->port.pace);
		sim_talk_input(&s->talker, rest.data, rest.len, clock_ms());
		buf_clear(&rest);
	}
	buf_release(&rest);
	if (sim_rom_runs(&s->rom)) {
		action = sim_talk_turn(&s->talker, clock_ms());
		sim_talk_send(&s->talker, &s->port.queue, clock_ms());
	}
	sim_rom_send(&s->rom, &s->port.queue, clock_ms());
	sim_port_flush(&s->port);
	if (restart(s, left, e) == -1)
		return -1;
	if (left && s->o->stdio)
		s->over = true;
	else if (left && s->o->kind->touch && sim_port_baud(&s->port) == 1200)
		action = SIM_BOOTLOADER;
	if (action != SIM_GO_ON)
		act(s, action);
	return s->probe.dir != NULL && sim_probe_look(&s->probe) ?
	    take_copy(s, e) : 0;
}

/* --- the drive --- */

/* All blocks are there: what will run from now on? */
static int
take_firmware(struct sim *s, struct err *e)
{
	const struct sim_fault *f = &s->o->talk.console.fault;
	struct image_strings is;

	if (sim_drive_keep(&s->drive, e) == -1)
		return -1;
	if (!sim_drive_strings(&s->drive, &is))
		return 0;		/* it does not say: as before */
	return sim_identity_machine(s->o->tsv,
	    f->kind == SIM_FAULT_BOARD ? s->o->after : is.machine, is.tag,
	    is.date, &s->id, e);
}

static int
turn_boot(struct sim *s, struct err *e)
{
	const struct sim_fault *f = &s->o->talk.console.fault;
	const uint32_t limit = f->kind == SIM_FAULT_BLOCK ? f->n : 0;

	if (s->drive.dir == NULL || s->complete)
		return 0;
	sim_drive_look(&s->drive, limit);
	if (s->drive.have != s->told) {
		s->told = s->drive.have;
		begin_event(s, "blocks");
		sim_event_int(&s->event, "done", s->drive.have);
		sim_event_int(&s->event, "total", s->drive.count);
		end_event(s);
	}
	if (limit != 0 && s->drive.have >= limit) {
		leave_phase(s, PHASE_DEAD);
	} else if (sim_drive_complete(&s->drive)) {
		s->complete = true;
		s->due = clock_ms() + s->o->settle_ms;
		return take_firmware(s, e);
	}
	return 0;
}

/* --- the life of a board --- */

int
life_turn(struct sim *s, struct err *e)
{
	const bool due = s->due <= clock_ms();
	const enum sim_fault_kind fault = s->o->talk.console.fault.kind;

	switch (s->phase) {
	case PHASE_APP:
		return turn_app(s, e);
	case PHASE_TO_BOOT:
		if (!due)
			return 0;
		/* Who was quick has written before the watch was there. */
		return start_boot(s, e) == 0 ? turn_boot(s, e) : -1;
	case PHASE_BOOT:
		if (s->complete && due)
			leave_phase(s, fault == SIM_FAULT_BOOT ? PHASE_DEAD :
			    PHASE_TO_APP);
		else
			return turn_boot(s, e);
		break;
	case PHASE_TO_APP:
		return due ? life_begin(s, "running", e) : 0;
	case PHASE_DEAD:
		break;
	}
	return 0;
}

void
life_end(struct sim *s)
{
	stop_app(s);
	stop_boot(s);
}
