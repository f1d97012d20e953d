/* SPDX-License-Identifier: MIT */
#include "flash/work.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "chips/chips.h"
#include "flash/policy.h"
#include "flash/write.h"
#include "model/pending.h"

#define STILL_MS	8000		/* for a board that should run */
#define WORK_MS		(15 * 60000)	/* the largest flash, a slow port */

static void
tell_stage(const struct flash_job *job, const char *stage)
{
	if (job->progress != NULL)
		job->progress(job->progress_ctx, stage, 0, 0);
}

/* Does a board that did not go, or was let go, run?  It may still boot. */
static bool
still_runs(const struct run *r, const char *tty)
{
	const struct flash_world *w = r->job.world;
	const int64_t until = clock_ms() + STILL_MS;
	struct board b = BOARD_INIT;
	void *own = NULL;
	struct err e;

	while (tty != NULL) {
		if (w->ask(w->ctx, tty, until, &b, &own, &e) == 0) {
			w->forget(own);
			return true;
		}
		if (clock_ms() >= until || stop_requested())
			break;
		clock_sleep_ms(BOOT_POLL_MS);
	}
	return false;
}

static int
enter_job_bootloader(struct run *r, struct result *res, struct err *e)
{
	r->left = true;
	if (r->driver->enters)
		return 0;		/* open does it */
	if (boot_run(&r->boot_job, r->job.bootloader, &r->boot, e) == -1) {
		/* Told to go, and not waited for, it will be gone soon. */
		r->left = e->code == ERR_TIMEOUT ||
		    (e->code == ERR_CANCELLED && r->boot.touched);
		if (r->boot.touched)
			res->state = !r->left && still_runs(r,
			    r->boot.place.tty) ? "running" : "unknown";
		return -1;
	}
	r->job.place = &r->boot.place;
	res->bootloader = r->boot.method;
	/* A board that was there before, and is another, is not touched. */
	res->state = r->boot.touched ? "bootloader" : NULL;
	if (check_bootloader(&r->job, &r->boot.place, e) == -1)
		return -1;
	res->state = "bootloader";
	/* From here on a next run can know it for the same board. */
	return r->job.record == NULL ? 0 : pending_save(r->place_id,
	    r->job.record, r->boot.place.usb.connection, e);
}

/*
 * Is it still in its bootloader, as far as anybody can see?  Of a board that is
 * written over its port, the driver knows.
 */
static bool
still_there(const struct flash_write *w, enum err_code code)
{
	const struct flash_job *job = w->job;
	const struct boot_world *world = &job->world->boot;
	struct bus_place p = { .present = false };
	struct err e;
	bool there;

	if (w->driver->answers != NULL)
		return w->session != NULL && w->driver->answers(w->session);
	if (w->driver->enters)
		return code != ERR_NOT_FOUND;
	there = world->look(world->ctx, job->device.usb_path, -1, &p,
	    &e) == 0 && in_bootloader(job, job->place, w->driver->modes[0],
	    &p);
	bus_place_release(&p);
	return there;
}

/* The board waits in its bootloader, with half an image; or it has gone. */
static int
write_failed_state(const struct flash_write *w, struct err *e)
{
	struct result *res = w->res;

	res->state = "bootloader";
	if ((w->driver->answers == NULL && (e->code == ERR_CANCELLED ||
	    e->code == ERR_SPACE)) || still_there(w, e->code))
		return -1;
	res->state = w->touched ? "unbootable" : "unknown";
	if (w->driver->enters && e->code != ERR_NOT_FOUND)
		return e->hint[0] != '\0' ? -1 : err_hint(e, "%s, then run "
		    "mpf-detect again", port_buttons(w->job->board.port));
	err_set(e, ERR_NOT_FOUND, "it vanished at byte %llu",
	    (unsigned long long)w->done);
	return err_hint(e, "%s, then run mpf-detect again",
	    port_buttons(w->job->board.port));
}

/* The chunks that follow each other without a gap, as the image does. */
static int
patch_image(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	const struct flash_chunk *c = plan->v;
	size_t n = c->to - c->from;
	bool changed = false;

	if (w->driver->patch == NULL)
		return 0;
	for (size_t i = 1; i < plan->n && c[i].addr + c[i].from == c->addr +
	    c->from + n; i++)
		n += c[i].to - c[i].from;
	if (w->driver->patch(w->session, (uint8_t *)plan->bytes.data + c->at +
	    c->from, n, &changed, e) == -1)
		return -1;
	w->changed = changed;
	return 0;
}

static int
wipe_rest(struct flash_write *w, const struct flash_plan *plan, struct err *e)
{
	const struct flash_chunk *last = &plan->v[plan->n - 1];

	if (w->job->words.wipe == FLASH_WIPE_NOTHING)
		return 0;
	w->touched = true;
	if (w->driver->wipe(w->session, plan->v->addr, (uint64_t)last->addr +
	    last->len, e) == -1)
		return -1;
	if (w->job->words.wipe == FLASH_WIPE_ALL)
		w->res->erased = 1;
	else
		w->res->formatted = 1;
	return 0;
}

static int
write_segments(struct flash_write *w, const struct image_segments *l,
    struct err *e)
{
	struct flash_plan plan = FLASH_PLAN_INIT;
	int rc;

	if (w->driver->write_file != NULL) {
		rc = write_file(w, e);
	} else {
		rc = plan_make(l, w->target, &plan, e);
		if (rc == 0)
			rc = patch_image(w, &plan, e);
		if (rc == 0)
			rc = wipe_rest(w, &plan, e);
		if (rc == 0)
			rc = write_plan(w, &plan, e);
	}
	plan_release(&plan);
	return rc == 0 ? 0 : write_failed_state(w, e);
}

/*
 * A board that ran, and of which nothing was changed, runs on; another may
 * have stopped to answer.
 */
static void
let_go_board(struct run *r, struct flash_write *w, enum err_code why,
    struct result *res)
{
	const struct flash_job *job = &r->job;
	struct err ignored = ERR_INIT;

	if (w->session == NULL || w->touched || !w->driver->enters)
		return;
	if (strcmp(job->device.mode, "repl") != 0 ||
	    w->driver->start(w->session, &ignored) == -1) {
		if (!still_there(w, why))
			res->state = "unknown";
		return;
	}
	w->driver->close(w->session);
	w->session = NULL;
	res->state = still_runs(r, job->device.usb_path != NULL ?
	    r->place.tty : job->device.serial_port) ? "running" : "unknown";
}

/* A board that is not started cannot show that it has the image. */
static int
check_stay(const struct flash_job *job, const struct flash_proof *proof,
    struct err *e)
{
	return proof->bytes ? 0 : err_set(e, ERR_VERIFY, "%s: its boot loader "
	    "cannot prove what was written", job->device.id);
}

/*
 * What the user may not open, or the bootloader keeps to itself, leaves the
 * next way into the same bootloader.
 */
static int
open_driver(struct run *r, struct result *res, struct flash_session **out,
    struct err *e)
{
	struct err why = ERR_INIT, first = ERR_INIT;
	char note[sizeof(why.msg) + 64];

	while (r->driver->open(&r->job, out, &why) == -1) {
		const bool is_shut = why.code == ERR_PERMISSION ||
		    why.code == ERR_UNSUPPORTED;

		if (!is_shut || !next_driver(r)) {
			*e = why;
			return first.hint[0] == '\0' ? -1 :
			    err_hint(e, "%s", first.hint);
		}
		if (first.code == ERR_NONE)
			first = why;
		res->method = r->driver->name;
		snprintf(note, sizeof(note), "%s: %s; going on by %s",
		    r->job.device.id, why.msg, r->driver->name);
		if (r->job.note != NULL)
			r->job.note(r->job.progress_ctx, note);
	}
	return 0;
}

static int
meet_loader(struct run *r, struct flash_write *w, struct err *e)
{
	int rc;

	if (r->driver->enters)
		w->res->state = "unknown"; /* it is reset, and may not answer */
	rc = open_driver(r, w->res, &w->session, e);
	w->driver = r->driver;
	if (rc == 0) {
		w->res->state = "bootloader";
		rc = w->driver->identify(w->session, &r->target, e);
	}
	if (rc == -1 && e->code == ERR_NOT_FOUND && !w->driver->enters &&
	    !still_there(w, e->code))
		w->res->state = "unknown";
	return rc;
}

/* Nothing is started unless all before it went well. */
static int
work_in_bootloader(struct run *r, struct result *res,
    struct flash_proof *proof, struct err *e)
{
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	struct flash_write w = { .job = &r->job, .image = r->image,
		.target = &r->target, .res = res, .proof = proof };
	int rc = -1;

	if (meet_loader(r, &w, e) == -1 ||
	    check_target(&r->job, &r->target, &l, res, e) == -1 ||
	    check_files(&r->job, w.driver, w.session, res, e) == -1 ||
	    check_policy(&r->job, r->runs, e) == -1 ||
	    write_segments(&w, &l, e) == -1)
		goto out;
	if (r->job.words.stay) {
		rc = check_stay(&r->job, proof, e);
		goto out;
	}
	res->state = "unknown";		/* nobody has asked the board yet */
	rc = w.driver->start(w.session, e);
out:
	if (rc == -1)
		let_go_board(r, &w, e->code, res);
	if (w.session != NULL)
		w.driver->close(w.session);
	image_segments_release(&l);
	return rc == 0 ? 0 : err_wrap(e, "%s: %s", r->job.device.id,
	    r->driver->name);
}

/* It was started, and is silent, or says what is no answer. */
static bool
is_silent(const struct flash_outcome *out, const struct err *e)
{
	return !out->answered && (e->code == ERR_TIMEOUT ||
	    e->code == ERR_PROTOCOL);
}

/*
 * It is in its bootloader again: its chip is held there, or is locked, and has
 * refused the image.
 */
static int
not_started(const struct run *r, struct flash_outcome *out, struct err *e)
{
	struct result *res = &out->result;
	char why[FLASH_WHY];

	if (r->driver->stuck != NULL && is_silent(out, e) &&
	    r->driver->stuck(&r->job, why)) {
		res->state = "bootloader";
		err_set(e, ERR_VERIFY, "%s: it was written and started, and "
		    "is in its boot loader again", r->job.device.id);
		return err_todo(e, NEXT_RESET_BOARD, "%s", why);
	}
	if (r->target.locked[0] == '\0' || res->state == NULL ||
	    strcmp(res->state, "bootloader") != 0)
		return -1;
	res->state = "unbootable";
	err_set(e, ERR_VERIFY, "%s: it does not start the image: %s",
	    r->job.device.id, r->target.locked);
	return err_hint(e, "flash an image that is signed for this board");
}

static int
await_start(struct run *r, struct flash_proof *proof,
    struct flash_outcome *out, struct err *e)
{
	tell_stage(&r->job, "restart");
	return wait_answer(&r->job, r->driver->enters ? NULL : &r->boot.place,
	    r->driver->modes[0], proof, out, e);
}

/*
 * Once more, in a way that suits more boards, where the first left the board
 * silent.  What both have written counts.
 */
static int
start_softer(struct run *r, struct flash_proof *proof,
    struct flash_outcome *out, struct err *e)
{
	struct result *res = &out->result;
	const int64_t written = res->written_bytes, tries = res->attempts;
	struct err why = ERR_INIT;
	int rc;

	if (r->driver->soften == NULL || !is_silent(out, e) ||
	    stop_requested() || !r->driver->soften(&r->job, res))
		return -1;
	tell_stage(&r->job, "bootloader");
	rc = work_in_bootloader(r, res, proof, &why);
	if (rc == 0)
		rc = await_start(r, proof, out, &why);
	if (res->written_bytes < written) {
		res->unchanged_bytes -= written - res->written_bytes;
		res->written_bytes = written;
	}
	res->attempts += tries;
	if (rc == -1)
		*e = why;
	return rc;
}

static void
note_check(struct result *res, const char *what)
{
	size_t n = 0;

	while (res->verified[n] != NULL)
		n++;
	if (n < MODEL_CHECKS)
		res->verified[n] = what;
}

int
work_on_board(struct run *r, struct flash_outcome *out, struct err *e)
{
	struct result *res = &out->result;
	struct flash_proof proof = { false, false };

	r->job.deadline = clock_ms() + (r->job.work_ms > 0 ? r->job.work_ms :
	    WORK_MS);
	tell_stage(&r->job, "bootloader");
	if (enter_job_bootloader(r, res, e) == -1 ||
	    work_in_bootloader(r, res, &proof, e) == -1)
		return -1;
	if (r->job.words.stay)
		return 0;
	if (await_start(r, &proof, out, e) == -1 &&
	    (not_started(r, out, e) == -1 &&
	    start_softer(r, &proof, out, e) == -1))
		return -1;
	note_check(res, "boot");
	return 0;
}
