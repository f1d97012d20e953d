/* SPDX-License-Identifier: MIT */
#include "esp/chip.h"
#include "flash/flash.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "flash/plan.h"
#include "flash/policy.h"
#include "flash/work.h"
#include "means/means.h"
#include "model/pending.h"
#include "model/place.h"

#define LOCK_MS		2000		/* detect lets go sooner than that */

/*
 * What only another tool can flash is not tried, unless the user names a
 * method: the table may be wrong, or the board be another than it was.
 */
static int
check_job_means(const struct flash_job *job, struct err *e)
{
	const char *board_id = job->firmware.board_id;
	const struct means *m;
	struct means_table *t;
	int r = 0;

	if (job->method != NULL || board_id == NULL)
		return 0;
	if (means_open(&t, e) == -1)
		return -1;
	m = means_find(t, job->firmware.port, board_id);
	if (m != NULL)
		r = means_check(m, board_id, &job->device, job->image.path, e);
	means_close(t);
	return r;
}

static void
take_image(struct flash_job *job, const struct flash_image *image)
{
	const char *chip = board_chip(&job->board);

	job->data = (const uint8_t *)image->bytes.data;
	job->size = image->bytes.len;
	job->facts = image->facts;
	image_for_chip(&job->facts, chip != NULL ? chip : job->image.chip);
}

uint32_t
image_offset(const struct flash_job *job)
{
	const struct esp_chip *chip = job->facts.chip == NULL ? NULL :
	    esp_chip_by_name(job->facts.chip);

	if (job->words.has_offset)
		return job->words.offset;
	if (job->firmware.flash_offset >= 0)
		return (uint32_t)job->firmware.flash_offset;
	return chip != NULL && strcmp(job->facts.format, "esp") == 0 ?
	    chip->boot_offset : 0;
}

static int
pack_image(struct run *r, struct err *e)
{
	const struct flash_packing *p = r->driver->packing;
	size_t span = PLAN_CHUNK;

	if (p != NULL && p->span != NULL)
		span = p->span(&r->job);
	return p == NULL || span == 0 ? 0 : image_pack(r->image, p,
	    image_offset(&r->job), span, e);
}

/* The image, and the driver that will have it. */
static int
prepare_job_image(struct run *r, struct err *e)
{
	struct flash_job *job = &r->job;

	if (check_needs(job, e) == -1 || check_device(job, e) == -1 ||
	    flash_images_get(job->images, job, &r->image, e) == -1)
		return -1;
	take_image(job, r->image);
	if (take_cores(job, &r->part, e) == -1 ||
	    check_job_means(job, e) == -1 || choose_driver(r, e) == -1 ||
	    (r->driver->check != NULL && r->driver->check(job, e) == -1))
		return -1;
	return pack_image(r, e);
}

/* Else it waits in its bootloader already, or hangs behind a probe. */
static bool
will_reset(const struct run *r, const struct result *res)
{
	return r->driver->enters || strcmp(res->bootloader, "none") != 0;
}

/* All that can be known without touching the board. */
static int
prepare_job(struct run *r, struct result *res, struct err *e)
{
	struct flash_job *job = &r->job;

	if (prepare_job_image(r, e) == -1 ||
	    check_image(job, res, e) == -1 ||
	    check_policy(job, NULL, e) == -1 ||
	    check_place(job, &r->place, e) == -1)
		return -1;
	job->place = &r->place;
	r->place_id = r->driver->enters ? mem_str(job->device.id) :
	    device_place_id(&job->device);
	if (check_kept(job, r->place_id, &r->place, e) == -1)
		return -1;
	res->method = r->driver->name;
	if (check_files(job, r->driver, NULL, res, e) == -1)
		return err_wrap(e, "%s", job->device.id);
	if (job->board.port == NULL)	/* it is silent: the user's word */
		job->board.port = job->firmware.port;
	r->boot_job = (struct boot_job){
		.device = job->device,
		.board = job->board,
		.mode = r->driver->modes[0],
		.wait_ms = job->wait_ms,
		.world = &job->world->boot,
	};
	if (!r->driver->enters && boot_choice(&r->boot_job, job->bootloader,
	    &res->bootloader, e) == -1)
		return -1;
	return will_reset(r, res) ? check_unmounted(job, &r->place, e) : 0;
}

static int
check_place_again(struct run *r, struct flash_outcome *out, struct err *e)
{
	struct flash_job *job = &r->job;

	bus_place_release(&r->place);
	if (check_place(job, &r->place, e) == -1 ||
	    check_board(job, job->device.usb_path != NULL ? r->place.tty :
	    job->device.serial_port, out, e) == -1 ||
	    check_kept(job, r->place_id, &r->place, e) == -1 ||
	    (will_reset(r, &out->result) &&
	    check_unmounted(job, &r->place, e) == -1))
		return -1;
	return job->record == NULL ? 0 : pending_save(r->place_id,
	    job->record, strcmp(job->device.mode, "repl") == 0 ? NULL :
	    r->place.usb.connection, e);
}

static int
locked(struct run *r, struct flash_outcome *out, struct err *e)
{
	struct flash_job *job = &r->job;
	struct result *res = &out->result;
	int64_t begin;
	int rc;

	if (check_place_again(r, out, e) == -1)
		return -1;
	if (out->was.version != NULL)
		r->runs = &out->was;
	begin = clock_ms();
	clock_text(clock_wall(), out->at);
	res->at = out->at;
	if (out->was_own != NULL) {	/* it has said so just now */
		job->board.storage_addr = out->was.storage_addr;
		job->board.storage_bytes = out->was.storage_bytes;
		job->board.storage_files = out->was.storage_files;
	}
	rc = work_on_board(r, out, e);
	res->took_ms = clock_ms() - begin;
	if (res->attempts < 1)
		res->attempts = 1;
	res->version_before = out->was.version != NULL ? out->was.version :
	    job->board.version;
	/*
	 * A board that answered, or never left, can say itself what it is; and
	 * a board that was not touched is not the board that was saved.
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

static void
run_begin(struct run *r, const struct flash_job *job,
    const struct flash_driver *const *table)
{
	*r = (struct run){ .job = *job, .drivers = table, .lock = LOCK_INIT,
		.place_lock = LOCK_INIT, .part = BUF_INIT };
	if (job->images == NULL)
		r->job.images = r->own_images = flash_images_new();
}

static void
run_end(struct run *r)
{
	lock_drop(&r->place_lock);
	lock_drop(&r->lock);
	free(r->place_id);
	buf_release(&r->part);
	bus_place_release(&r->boot.place);
	bus_place_release(&r->place);
	flash_images_free(r->own_images);
}

int
flash_run(const struct flash_job *job,
    const struct flash_driver *const *table, struct flash_outcome *out,
    struct err *e)
{
	struct run r;
	int rc = -1;

	*out = (struct flash_outcome){ .result = RESULT_INIT,
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.was = BOARD_INIT };
	run_begin(&r, job, table);
	if (prepare_job(&r, &out->result, e) == -1)
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
	run_end(&r);
	return rc;
}

int
flash_prepare(const struct flash_job *job,
    const struct flash_driver *const *table, struct err *e)
{
	struct run r;
	int rc;

	run_begin(&r, job, table);
	rc = prepare_job_image(&r, e);
	run_end(&r);
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
