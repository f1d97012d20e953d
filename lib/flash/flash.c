/* SPDX-License-Identifier: MIT */
#include "flash/flash.h"

#include <stdlib.h>
#include <string.h>

#include "base/lock.h"
#include "base/mem.h"
#include "flash/impl.h"
#include "model/pending.h"
#include "model/place.h"

#define LOCK_MS		2000		/* detect lets go sooner than that */
#define STILL_MS	3000		/* for a board that should run */

/* What one run holds. */
struct run {
	struct flash_job		 job;	/* ours, filled in as we go */
	const struct flash_backend	*backend;
	struct buf			 image;
	struct bus_place		 place;	/* before */
	struct boot_result		 boot;
	struct boot_job			 boot_job;
	bool				 left;	/* for its bootloader */
	char				*place_id; /* in that, its id */
	struct lock			 lock, place_lock;
};

static const struct flash_backend *
choose(const struct flash_job *job, const struct flash_backend *const *table,
    struct err *e)
{
	struct buf why = BUF_INIT;

	for (; *table != NULL; table++) {
		const char *no;

		if (job->method != NULL &&
		    strcmp(job->method, (*table)->name) != 0)
			continue;
		no = (*table)->refuse(job);
		if (no == NULL)
			break;
		buf_addf(&why, "; %s: %s", (*table)->name, no);
	}
	if (*table == NULL) {
		err_set(e, ERR_UNSUPPORTED, "%s: no way to flash it%s",
		    job->device.id, why.len > 0 ? why.data :
		    "; no such method");
		err_hint(e, "mpf-flash --list-methods shows all ways");
	}
	buf_release(&why);
	return *table;
}

/* All that can be known without touching the board. */
static int
prepare(struct run *r, const struct flash_backend *const *table,
    struct result *res, struct err *e)
{
	struct flash_job *job = &r->job;

	if (check_needs(job, e) == -1 || check_device(job, e) == -1 ||
	    image_load(job, &r->image, &job->facts, e) == -1)
		return -1;
	job->data = (const uint8_t *)r->image.data;
	job->size = r->image.len;
	r->backend = choose(job, table, e);
	if (r->backend == NULL || check_image(job, res, e) == -1 ||
	    check_place(job, &r->place, e) == -1)
		return -1;
	job->place = &r->place;
	r->place_id = r->backend->mode == NULL ? mem_str(job->device.id) :
	    device_place_id(&job->device);
	if (check_kept(job, r->place_id, &r->place, e) == -1)
		return -1;
	res->method = r->backend->name;
	if (job->board.port == NULL)	/* it is silent: the user's word */
		job->board.port = job->firmware.port;
	r->boot_job = (struct boot_job){
		.device = job->device,
		.board = job->board,
		.mode = r->backend->mode,
		.wait_ms = job->wait_ms,
		.world = &job->world->boot,
	};
	if (r->backend->mode == NULL)
		return 0;
	return boot_choice(&r->boot_job, job->bootloader, &res->bootloader, e);
}

/* Does a board that did not go still run? */
static bool
still_runs(const struct run *r)
{
	const struct flash_world *w = r->job.world;
	struct board b = BOARD_INIT;
	void *own = NULL;
	struct err e;

	if (r->boot.place.tty == NULL || w->ask(w->ctx, r->boot.place.tty,
	    clock_ms() + STILL_MS, &b, &own, &e) == -1)
		return false;
	w->forget(own);
	return true;
}

static int
enter(struct run *r, struct result *res, struct err *e)
{
	r->left = true;
	if (r->backend->mode == NULL)
		return 0;		/* open does it */
	if (boot_run(&r->boot_job, r->job.bootloader, &r->boot, e) == -1) {
		/* Told to go, and not waited for, it will be gone soon. */
		r->left = e->code == ERR_TIMEOUT ||
		    (e->code == ERR_CANCELLED && r->boot.touched);
		if (r->boot.touched)
			res->state = !r->left && still_runs(r) ? "running" :
			    "unknown";
		return -1;
	}
	r->job.place = &r->boot.place;
	res->bootloader = r->boot.method;
	/* One that was there before, and is another, is none of ours. */
	res->state = r->boot.touched ? "bootloader" : NULL;
	if (check_bootloader(&r->job, &r->boot.place, e) == -1)
		return -1;
	res->state = "bootloader";
	/* From here on a next run can know it for the same board. */
	return r->job.record == NULL ? 0 : pending_save(r->place_id,
	    r->job.record, r->boot.place.usb.connection, e);
}

static int
write_image(struct run *r, struct result *res, struct flash_proof *proof,
    struct err *e)
{
	const struct flash_backend *b = r->backend;
	struct flash_session *s = NULL;
	int rc = -1;

	if (b->open(&r->job, &s, res, e) == -1 ||
	    b->program(s, res, &proof->accepted, e) == -1)
		goto out;
	rc = b->verify == NULL ? 0 : b->verify(s, res, e);
	proof->bytes = res->verified[0] != NULL;
out:
	if (s != NULL)
		b->close(s);
	return rc == 0 ? 0 : err_wrap(e, "%s: %s", r->job.device.id, b->name);
}

static void
add_verified(struct result *res, const char *what)
{
	size_t n = 0;

	while (res->verified[n] != NULL)
		n++;
	if (n < MODEL_CHECKS)
		res->verified[n] = what;
}

static void
tell(const struct flash_job *job, const char *stage)
{
	if (job->progress != NULL)
		job->progress(job->progress_ctx, stage, 0, 0);
}

/* From here on the board may need the saved record. */
static int
work(struct run *r, struct flash_outcome *out, struct err *e)
{
	struct result *res = &out->result;
	const bool watched = r->backend->mode != NULL;
	struct flash_proof proof = { false, false };

	tell(&r->job, "bootloader");
	if (enter(r, res, e) == -1 || write_image(r, res, &proof, e) == -1)
		return -1;
	tell(&r->job, "restart");
	if (wait_answer(&r->job, watched ? &r->boot.place : NULL,
	    r->backend->mode, &proof, out, e) == -1)
		return -1;
	add_verified(res, "boot");
	return 0;
}

static int
locked(struct run *r, struct flash_outcome *out, struct err *e)
{
	struct flash_job *job = &r->job;
	struct result *res = &out->result;
	int64_t begin;
	int rc;

	bus_place_release(&r->place);
	if (check_place(job, &r->place, e) == -1 ||
	    check_board(job, job->device.usb_path != NULL ? r->place.tty :
	    job->device.serial_port, out, e) == -1 ||
	    check_kept(job, r->place_id, &r->place, e) == -1)
		return -1;
	if (job->record != NULL &&
	    pending_save(r->place_id, job->record,
	    strcmp(job->device.mode, "repl") == 0 ? NULL :
	    r->place.usb.connection, e) == -1)
		return -1;
	begin = clock_ms();
	rc = work(r, out, e);
	res->took_ms = clock_ms() - begin;
	res->attempts = 1;
	res->version_before = out->was.version != NULL ? out->was.version :
	    job->board.version;
	clock_text(clock_wall(), out->at);
	res->at = out->at;
	/*
	 * One that answered, or never left, can say itself what it is; and one
	 * that we did not touch is not the one that was saved.
	 */
	if (job->record != NULL &&
	    (out->answered || !r->left || res->state == NULL))
		pending_drop(r->place_id);
	return rc;
}

/*
 * The lock of the board and, where that is for one tty of several, of what it
 * will be in its bootloader.
 */
static int
take_locks(struct run *r, struct err *e)
{
	const char *id = r->job.device.id;
	const int64_t until = clock_ms() + LOCK_MS;

	if (lock_device(id, until, &r->lock, NULL, e) == -1)
		return -1;
	return strcmp(id, r->place_id) == 0 ? 0 :
	    lock_device(r->place_id, until, &r->place_lock, NULL, e);
}

int
flash_run(const struct flash_job *job,
    const struct flash_backend *const *table, struct flash_outcome *out,
    struct err *e)
{
	struct run r = { .job = *job, .image = BUF_INIT, .lock = LOCK_INIT,
		.place_lock = LOCK_INIT };
	int rc = -1;

	*out = (struct flash_outcome){ .result = RESULT_INIT,
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.was = BOARD_INIT };
	if (prepare(&r, table, &out->result, e) == -1)
		goto out;
	if (job->dry_run) {
		out->result.dry_run = 1;
		rc = 0;
		goto out;
	}
	rc = take_locks(&r, e);
	if (rc == 0)
		rc = locked(&r, out, e);
out:
	lock_drop(&r.place_lock);
	lock_drop(&r.lock);
	free(r.place_id);
	bus_place_release(&r.boot.place);
	bus_place_release(&r.place);
	buf_release(&r.image);
	return rc;
}

void
flash_release(struct flash_outcome *out)
{
	if (out->own != NULL)
		out->forget(out->own);
	if (out->was_own != NULL)
		out->forget(out->was_own);
	out->own = out->was_own = NULL;
	bus_place_release(&out->place);
}
