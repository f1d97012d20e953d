/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_BENCH_H
#define MPF_FLASH_BENCH_H

#include <signal.h>

#include "../tests/unit/fake_driver.h"
#include "../tests/unit/make_uf2.h"
#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "flash/flash.h"
#include "model/pending.h"
#include "stream/stream.h"

/*
 * flash_bench: a board and a bus that do as they are told, in time
 * that stands still but for sleeps.
 */

#define ID		"bench/usb/1-1.2"
#define MACHINE		"Raspberry Pi Pico with RP2040"
#define UID		"e6614c311b5a6b2c"
#define BLOCKS		4
#define SAYS		"\0MicroPython v1.24.1 on 2024-11-29\0; " MACHINE "\0"

static struct err e;
static char sum[DIGEST_HEX], mute_sum[DIGEST_HEX];
static struct record *rec;

/* The driver of this run. */
static const struct flash_driver *const *table;

static struct bench {
	bool		 empty, swapped, other_pid, has_no_tty;
	bool		 leaving;	/* its ids cannot be read any more */
	bool		 replugged;	/* the bootloader that is there */
	bool		 lost;		/* it leaves for good */
	bool		 stuck;		/* no way into the bootloader */
	bool		 stopped;	/* we are, when it is told to go */
	bool		 hangs;		/* it only answers the first time */
	bool		 boot_tty;	/* its bootloader has a tty, too */
	bool		 gone;		/* pulled out while it is written */
	bool		 stays;		/* it does not start the image */
	bool		 returns;	/* it starts it, and it crashes */
	bool		 never_back;
	enum err_code	 ask_fails;	/* with this, so often: */
	int		 ask_fails_n;
	const char	*uid, *version, *machine;	/* afterwards */
	int64_t		 build;
	const char	*commit;
	const char	*uid_before, *version_before, *boot_serial;

	bool		 in_boot;
	int64_t		 left_at;
	int		 asked, forgotten;
	int64_t		 told_done, told_total;
	int		 stages;	/* told of, besides writing */
} board;

static inline int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *err)
{
	struct bench *b = ctx;
	bool boot = b->in_boot || b->left_at > 0;

	(void)usb_path, (void)interface, (void)err;
	memset(out, 0, sizeof(*out));
	if (b->empty || (b->lost && b->left_at > 0) ||
	    (b->gone && fake.calls[FAKE_ERASE] > 0))
		return 0;
	if (fake.started > 0 && !b->stays) {
		if (b->never_back || clock_ms() < fake.started + 500)
			return 0;
		boot = b->returns;
	}
	out->present = true;
	out->usb.path = mem_str(usb_path);
	out->usb.vid = b->leaving ? NULL :
	    mem_str(b->swapped ? "0403" : "2e8a");
	out->usb.pid = mem_str(boot ? "0003" : b->other_pid ? "000c" : "0005");
	out->usb.serial = mem_str(!boot ? UID : b->boot_serial != NULL ?
	    b->boot_serial : "E0C9125B0D9B");
	out->usb.connection = mem_str(!boot ? "5.1" : b->replugged ? "7.3" :
	    "6.2");
	out->mass_storage = boot;
	if (!b->has_no_tty && (!boot || b->boot_tty))
		out->tty = mem_str("/dev/ttyACM7");
	return 0;
}

/* At 1200 baud it goes into its bootloader, if it has one. */
static inline int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *err)
{
	struct bench *b = ctx;

	(void)dev, (void)opts;
	if (b->stopped)
		raise(SIGTERM);
	else if (!b->stuck)
		b->left_at = clock_ms();
	return link_replay("!", out, err);
}

static inline int
ask(void *ctx, const char *tty, int64_t deadline, struct board *out,
    void **own, struct err *err)
{
	struct bench *b = ctx;

	(void)tty, (void)deadline;
	if ((fake.started > 0 && b->ask_fails_n-- > 0) ||
	    (b->hangs && b->asked > 0))
		return err_set(err, b->ask_fails, "%s: no", tty);
	b->asked++;
	out->port = "rp2";
	out->uid = fake.started > 0 ? b->uid : b->uid_before;
	out->version = fake.started > 0 ? b->version : b->version_before;
	out->description = fake.started > 0 ? b->machine : MACHINE;
	out->build = fake.started > 0 ? b->build : -1;
	out->commit = fake.started > 0 ? b->commit : NULL;
	*own = mem_str("the strings");
	return 0;
}

static inline void
forget(void *own)
{
	board.forgotten++;
	free(own);
}

static const struct flash_world world = {
	.boot = { .look = look, .open = open_port, .ctx = &board },
	.ask = ask, .forget = forget, .ctx = &board,
};

static inline void
progress(void *ctx, const char *stage, int64_t done, int64_t total)
{
	struct bench *b = ctx;

	if (strcmp(stage, "write") != 0) {
		OK(done == 0 && total == 0);
		b->stages += strcmp(stage, b->stages == 0 ? "bootloader" :
		    "restart") == 0;
		return;
	}
	OK(b->stages == 1 && done > b->told_done);
	b->told_done = done;
	b->told_total = total;
}

static inline struct bench
begin_board(void)
{
	return (struct bench){ .uid = UID, .uid_before = UID,
		.version = "v1.24.1", .machine = MACHINE, .build = -1,
		.version_before = "v1.22.2" };
}

static inline struct flash_job
begin(void)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
		.record = rec, .bootloader = "touch1200", .world = &world,
		.progress = progress, .progress_ctx = &board,
	};

	clock_fake(1000000);
	fake_begin();
	table = fake_table;
	board = begin_board();
	job.device.id = ID;
	job.device.usb_path = "1-1.2";
	job.device.vid = "2e8a";
	job.device.pid = "0005";
	job.device.usb_serial = UID;
	job.device.mode = "repl";
	job.device.serial_port = "/dev/ttyACM0";
	job.board.port = "rp2";
	job.board.version = "v1.22.2";
	job.board.uid = UID;
	job.board.description = MACHINE;
	job.firmware.by = "board";
	job.firmware.action = "flash";
	job.firmware.board_id = "RPI_PICO";
	job.image.path = "image.uf2";
	job.image.sha256 = sum;
	job.image.format = "uf2";
	job.image.version = "v1.24.1";
	return job;
}

static inline bool
is_pending(void)
{
	struct record *saved = NULL;
	const bool is = pending_load(ID, &saved, &e) == 1;

	record_free(saved);
	return is;
}

/* One run that fails; state NULL: the board must be as it was. */
static inline void
fails(const struct flash_job *job, enum err_code code, const char *msg,
    const char *state)
{
	struct flash_outcome out;

	e = (struct err)ERR_INIT;
	OK(flash_run(job, table, &out, &e) == -1);
	OK(e.code == code);
	IS_STR(e.msg, msg);
	IS_STR(out.result.state == NULL ? "(none)" : out.result.state,
	    state == NULL ? "(none)" : state);
	/* Whoever finds it in its bootloader later needs its record. */
	OK(is_pending() == (state != NULL && strcmp(state, "running") != 0 &&
	    !board.stuck));
	OK(fake.calls[FAKE_CLOSE] == fake.calls[FAKE_OPEN] -
	    (fake.fail == FAKE_OPEN));
	if (state == NULL)
		OK(board.left_at == 0 && fake.calls[FAKE_ERASE] == 0);
	pending_drop(ID);
	flash_release(&out);
	OK(board.asked == board.forgotten);
}

static inline void
bench_enter(void)
{
	uint8_t file[BLOCKS * MAKE_UF2_BLOCK];

	for (uint32_t i = 0; i < BLOCKS; i++)
		make_uf2(file + i * MAKE_UF2_BLOCK, MAKE_RP2040,
		    0x10000000 + i * 256, i, BLOCKS, SAYS, sizeof(SAYS));
	digest_bytes(file, sizeof(file), sum);
	tmp_enter();
	OK(file_write("image.uf2", file, sizeof(file), 0644, &e) == 0);
	for (uint32_t i = 0; i < BLOCKS; i++)	/* which says nothing */
		memset(file + i * MAKE_UF2_BLOCK + 32, 0xa5, 256);
	digest_bytes(file, sizeof(file), mute_sum);
	OK(file_write("mute.uf2", file, sizeof(file), 0644, &e) == 0);
	setenv("XDG_STATE_HOME", tmp_path, 1);
	setenv("MPF_LOCKS", tmp_path, 1);
	rec = record_new();
	record_put_str(rec, "device.id", ID);
}

static inline void
bench_leave(void)
{
	record_free(rec);
	tmp_leave();
}

#endif
