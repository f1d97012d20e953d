/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "run.h"

/*
 * record: mpflash.toml on a board.  What was written is whole, or what was
 * there before still is; "written" is true; a board that is not the one of
 * the record, or runs something else by now, is left alone.
 */

#define WRITE_MS	20000		/* as mpf-record allows */
#define LATE_MS		20000		/* undoing and leaving beyond that */
#define NAME		"mpflash.toml"
#define SHA		"ffeeddccbbaa99887766554433221100" \
			"ffeeddccbbaa99887766554433221100"

/* A board, its file before, and what that is to be. */
struct write {
	const char	*name, *before;
	const char	*uid, *version;	/* of the record; NULL: the board's */
	uint32_t	 fails;		/* OSError of its file system; 0 */
	bool		 busy;
	struct buf	 after;
	struct wire	 calm;
};

static void
plug(const struct write *t, struct fake *f)
{
	const struct sim_console_opts opts = { .busy = t->busy };

	fake_plug(f, "rp2", "RPI_PICO_W", "1.24.1", &opts);
	if (t->before != NULL)
		sim_files_write(f->files, NAME, t->before, strlen(t->before));
	sim_files_fail(f->files, (int)t->fails);
}

static int
write_it(const struct write *t, struct wire *w, struct journal_done *done,
    struct err *e)
{
	char uid[2 * SIM_UID_MAX + 1];
	struct journal j = JOURNAL_INIT;
	const struct session_opts how = {
		.deadline = clock_ms() + WRITE_MS
	};
	struct session s = SESSION_INIT;
	struct link *l = NULL;
	struct err ignored;
	int r;

	fake_uid(w->board, uid);
	j.device_id = "bench/usb/" BOARD_PLACE;
	j.uid = t->uid != NULL ? t->uid : uid;
	j.flashed = true;
	j.port = "rp2";
	j.board_id = "RPI_PICO_W";
	j.version = t->version != NULL ? t->version : "v1.24.1";
	j.description = w->board->id.machine;
	j.custom = 0;
	j.flash_date = "2026-11-30T12:00:00Z";
	j.sha256 = SHA;
	wire_now = w;
	*done = (struct journal_done){ .written = false };
	if (link_open(BOARD_TTY, NULL, &l, e) == -1)
		return -1;
	r = session_begin(l, &how, &s, e);
	if (r == 0) {
		r = journal_write_session(&j, &s, done, e);
		session_close(&s, &ignored);
	}
	free(done->text);
	done->text = NULL;
	/* A board that can take no file is told, and nothing was written. */
	if (r == 0 && done->none[0] != '\0')
		r = err_set(e, ERR_SPACE, "%s", done->none);
	link_close(l);
	return r;
}

/* Is this what the file holds?  NULL: there is none. */
static bool
holds(const struct fake *f, const char *name, const char *text)
{
	const uint8_t *p;
	size_t n;

	if (sim_files_read(f->files, name, &p, &n) != 0)
		return text == NULL;
	return text != NULL && n == strlen(text) && memcmp(p, text, n) == 0;
}

static void
check_file(struct run *r, const struct write *t, const struct fake *f,
    const struct journal_done *done, int said)
{
	const bool same = holds(f, NAME, t->before);
	const bool new = t->after.len > 0 && holds(f, NAME, t->after.data);

	if (!same && !new)
		run_broken(r, "its %s is neither the old nor the new", NAME);
	if (said == 0 && !new)
		run_broken(r, "ok, but its %s is the old", NAME);
	if (said == 0 && !done->written && t->before != NULL && !same)
		run_broken(r, "it was written, and nobody says so");
	if (done->none[0] != '\0' && t->fails == 0)
		run_broken(r, "it says that %s", done->none);
	if (done->none[0] != '\0' && t->fails == 0)
		run_broken(r, "it says that %s", done->none);
	if (t->after.len == 0 && said == 0)
		run_broken(r, "ok, on a board that is to be left alone");
	/* What was there and is no TOML is kept. */
	if (new && done->replaced && !holds(f, NAME ".bad", t->before))
		run_broken(r, "what was there is lost");
}

static void
write_with(struct run *r, const struct spoil *f, size_t n, void *ctx)
{
	struct write *t = ctx;
	struct wire w = { .spoiler.n = n };
	struct journal_done done;
	struct err e = ERR_INIT;
	struct fake board;
	char what[160];
	int64_t begin;
	int said;

	spoil_show(f, what, sizeof(what));
	if (!run_begin(r, "record, %s: %s (1 of %zu)", t->name, what, n))
		return;
	memcpy(w.spoiler.fault, f, n * sizeof(*f));
	w.board = &board;
	w.seed = (unsigned)r->number;
	plug(t, &board);
	begin = clock_ms();
	said = write_it(t, &w, &done, &e);
	check_file(r, t, &board, &done, said);
	if (clock_ms() - begin > WRITE_MS + LATE_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - begin));
	run_end(r, said, &e);
	fake_unplug(&board);
}

/* What comes of it when all is well. */
static void
learn(struct run *r, struct write *t)
{
	struct journal_done done;
	struct err e = ERR_INIT;
	struct fake board;
	const uint8_t *p;
	size_t n;
	int said;

	clock_fake(1);
	plug(t, &board);
	t->calm.board = &board;
	t->after = (struct buf)BUF_INIT;
	said = write_it(t, &t->calm, &done, &e);
	if (said == 0 && sim_files_read(board.files, NAME, &p, &n) == 0)
		buf_add(&t->after, p, n);
	if ((said == 0) != (t->uid == NULL && t->version == NULL &&
	    t->fails == 0))
		run_broken(r, "%s: without a fault: %s", t->name, e.msg);
	if (said == 0 && strstr(t->after.data, SHA) == NULL)
		run_broken(r, "%s: no sha256 is written", t->name);
	fake_unplug(&board);
}

void
test_record(struct run *r)
{
	struct write writes[] = {
		{ .name = "no file" },
		{ .name = "a file with more in it", .before = "# mine\n"
		  "[mine]\nx = 1\n[firmware]\nversion = \"v1.22.2\"\n"
		  "sha256 = \"0011\"\n" },
		{ .name = "no TOML", .before = "x = ", .busy = true },
		{ .name = "another board", .uid = "00112233" },
		{ .name = "other firmware", .version = "v1.25.0" },
		{ .name = "a full file system", .fails = 28,
		  .before = "[mine]\nx = 1\n" },
	};

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		learn(r, &writes[i]);
		run_wire(r, &writes[i].calm.spoiler, write_with,
		    &writes[i]);
		buf_release(&writes[i].after);
	}
}
