/* SPDX-License-Identifier: MIT */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define LEAVE_MS	200		/* from one phase to the next */
#define VOLUME_DIR	"drive"		/* BOARD_VOLUME, below the folder */
#define INFO		VOLUME_DIR "/INFO_UF2.TXT"
#define FIRMWARE	VOLUME_DIR "/FIRMWARE.UF2"

static const char *
boards_tsv(void)
{
	static char path[4096];
	const char *share = getenv("MPF_SHARE");

	snprintf(path, sizeof(path), "%s/boards.tsv",
	    share != NULL ? share : "share");
	return path;
}

static void
must(int ok, const char *what, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "faults: %s: %s\n", what, e->msg);
	exit(2);
}

static void
begin_to_run(struct fake *f)
{
	f->phase = FAKE_RUNS;
	f->due = SIM_FOREVER;
	f->life++;
	f->console = sim_console_new(&f->opts, f->kind, &f->id, f->files);
	sim_console_boot(f->console);
}

void
fake_plug(struct fake *f, const char *kind, const char *board_id,
    const char *version, const struct sim_console_opts *opts)
{
	struct err e = ERR_INIT;

	*f = (struct fake){ .kind = sim_kind(kind), .opts = *opts,
		.drive = SIM_DRIVE_INIT, .flashed = BUF_INIT };
	must(f->kind != NULL, kind, &e);
	must(sim_identity_board(boards_tsv(), board_id, "", version, &f->id,
	    &e) == 0, board_id, &e);
	sim_identity_uid(BOARD_PLACE, f->kind->uid_bytes, &f->id);
	f->chip = sim_chip(f->kind, f->id.mcu);
	f->files = sim_files_open(NULL, &e);
	must(f->files != NULL, "files", &e);
	begin_to_run(f);
}

static void
clear_drive(void)
{
	unlink(INFO);
	unlink(FIRMWARE);
}

static void
stop(struct fake *f)
{
	sim_console_free(f->console);
	f->console = NULL;
	if (f->phase == FAKE_DRIVE) {
		sim_drive_close(&f->drive);
		f->drive = (struct sim_drive)SIM_DRIVE_INIT;
		clear_drive();
	}
}

void
fake_unplug(struct fake *f)
{
	stop(f);
	if (f->files != NULL)
		sim_files_close(f->files);
	f->files = NULL;
	buf_release(&f->flashed);
	f->phase = FAKE_GONE;
	f->due = SIM_FOREVER;
}

static void
leave(struct fake *f, enum fake_phase to)
{
	stop(f);
	f->phase = to;
	f->due = clock_ms() + LEAVE_MS;
}

static void
show_drive(struct fake *f)
{
	const char *info = f->chip->info;
	struct err e;

	mkdir(VOLUME_DIR, 0755);
	clear_drive();
	must(file_write(INFO, info, strlen(info), 0644, &e) == 0, INFO, &e);
	f->phase = FAKE_DRIVE;
	f->due = SIM_FOREVER;
	sim_drive_open(&f->drive, VOLUME_DIR, f->chip, NULL);
}

void
fake_press(struct fake *f)
{
	stop(f);
	show_drive(f);
}

/* All blocks are there: the board becomes what they say. */
static void
take_image(struct fake *f)
{
	struct image_strings says;
	struct err e;

	buf_clear(&f->flashed);
	buf_add(&f->flashed, f->drive.taken.data, f->drive.taken.len);
	if (f->stays == 0 && sim_drive_strings(&f->drive, &says))
		must(sim_identity_machine(boards_tsv(), says.machine, says.tag,
		    says.date, &f->id, &e) == 0, "image", &e);
	leave(f, FAKE_RETURNS);
}

void
fake_touch(struct fake *f)
{
	if (f->phase != FAKE_RUNS || f->chip == NULL || !f->kind->touch)
		return;
	f->left++;
	leave(f, FAKE_LEAVES);
}

static void
turn_console(struct fake *f)
{
	const enum sim_action a = sim_console_turn(f->console, clock_ms());

	if (a == SIM_BOOTLOADER && f->chip != NULL) {
		f->left++;
		leave(f, FAKE_LEAVES);
	} else if (a == SIM_RESET || a == SIM_BOOTLOADER) {
		leave(f, FAKE_RETURNS);
	}
}

void
fake_turn(struct fake *f)
{
	if (f->phase == FAKE_RUNS)
		turn_console(f);
	if (f->phase == FAKE_DRIVE) {
		sim_drive_look(&f->drive, 0);
		f->blocks = f->drive.have;
		if (sim_drive_complete(&f->drive))
			take_image(f);
	}
	if (clock_ms() < f->due)
		return;
	if (f->phase == FAKE_LEAVES)
		show_drive(f);
	else if (f->phase == FAKE_RETURNS)
		begin_to_run(f);
}

int64_t
fake_due(const struct fake *f)
{
	const int64_t due = f->phase == FAKE_RUNS ?
	    sim_console_due(f->console) : SIM_FOREVER;

	return due < f->due ? due : f->due;
}

void
fake_uid(const struct fake *f, char *out)
{
	text_hex(out, f->id.uid, f->id.uid_len);
}

void
fake_place(struct fake *f, struct bus_place *out)
{
	char uid[2 * SIM_UID_MAX + 1];

	fake_uid(f, uid);
	memset(out, 0, sizeof(*out));
	if (f->phase == FAKE_RUNS) {
		out->usb.vid = mem_str(f->kind->vid);
		out->usb.pid = mem_str(f->kind->pid);
		out->usb.serial = mem_str(uid);
		out->tty = mem_str(BOARD_TTY);
	} else if (f->phase == FAKE_DRIVE) {
		out->usb.vid = mem_str(f->chip->vid);
		out->usb.pid = mem_str(f->chip->pid);
		out->usb.serial = mem_str(f->chip->serial != NULL ?
		    f->chip->serial : uid);
		out->disk = mem_str("/dev/sda1");
		out->volume = mem_str(BOARD_VOLUME);
		out->mass_storage = true;
	} else {
		return;
	}
	out->present = true;
	out->usb.path = mem_str(BOARD_PLACE);
}
