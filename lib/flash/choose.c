/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "flash/work.h"
#include "means/means.h"

#define REFUSALS_MAX	16u

/* Why a driver does not take the job. */
struct refusal {
	const char	*name;
	char		 why[FLASH_WHY];	/* "": it is left out */
};

struct refusals {
	struct refusal	 v[REFUSALS_MAX];
	size_t		 n;
};

/* An option that the user gave and the driver does not use; NULL. */
static const char *
unused_option(const struct flash_job *job, const struct flash_driver *d)
{
	const struct {
		const char	*name;
		bool		 given;
	} options[] = {
		{ "bootloader", job->bootloader != NULL },
		{ "volume", job->volume != NULL },
		{ "via", job->via != NULL },
		{ "baud", job->baud != 0 },
		{ "retry-baud", job->retry_baud != 0 },
		{ "flash-mode", job->flash_mode != NULL },
		{ "flash-size", job->flash_size != NULL },
		{ "flash-freq", job->flash_freq != NULL },
		{ "offset", job->words.has_offset },
		{ "erase", job->words.wipe != FLASH_WIPE_NOTHING },
		{ "before", job->words.no_reset },
		{ "after", job->words.stay },
		{ "stub", job->stub_dir != NULL },
		{ "no-stub", job->no_stub },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].given && !text_in(options[i].name, d->options))
			return options[i].name;
	return NULL;
}

/* From table on, the first that fits, and uses all that the user said. */
static const struct flash_driver *const *
find_driver(const struct flash_job *job,
    const struct flash_driver *const *table, struct refusals *all,
    const struct flash_driver **unsure)
{
	for (; *table != NULL; table++) {
		struct refusal no = { (*table)->name, "" };

		if (job->method != NULL && strcmp(job->method, no.name) != 0)
			continue;
		if ((*table)->fits(job, no.why) == -1) {
			if (all->n < REFUSALS_MAX)
				all->v[all->n++] = no;
		} else if (unused_option(job, *table) == NULL)
			break;
		else if (*unsure == NULL)
			*unsure = *table;
	}
	return table;
}

/*
 * Of a board whose ways are known, leaves out the drivers that are not among
 * them, unless that leaves out all.
 */
static void
leave_out_others(struct refusals *all, const struct flash_job *job)
{
	struct means_table *t = NULL;
	const struct means *m = NULL;
	struct err ignored = ERR_INIT;
	size_t left = 0;

	if (job->method == NULL && means_open(&t, &ignored) == 0)
		m = means_find(t, job->board.port, job->board.board_id);
	for (size_t i = 0; m != NULL && i < all->n; i++)
		left += text_in(all->v[i].name, m->method);
	for (size_t i = 0; left > 0 && i < all->n; i++)
		if (!text_in(all->v[i].name, m->method))
			all->v[i].why[0] = '\0';
	means_close(t);
}

/* "; picoboot, uf2: the image is not UF2" */
static void
add_refusals(struct refusals *all, struct buf *out)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct refusal *r = &all->v[i];
		const char *last = r->name;

		if (r->why[0] == '\0')
			continue;
		buf_addf(out, "; %s", r->name);
		for (size_t k = i + 1; k < all->n; k++) {
			if (strcmp(all->v[k].why, r->why) != 0)
				continue;
			if (strcmp(all->v[k].name, last) != 0)
				buf_addf(out, ", %s", all->v[k].name);
			last = all->v[k].name;
			all->v[k].why[0] = '\0';
		}
		buf_addf(out, ": %s", r->why);
	}
	if (all->n == 0)
		buf_adds(out, "; no such method");
}

int
choose_driver(struct run *r, struct err *e)
{
	const struct flash_job *job = &r->job;
	const struct flash_driver *unsure = NULL;
	struct refusals all = { .n = 0 };
	struct buf why = BUF_INIT;

	r->drivers = find_driver(job, r->drivers, &all, &unsure);
	r->driver = *r->drivers;
	if (r->driver != NULL)
		return 0;
	if (unsure != NULL) {
		/* It would do nothing: better to say so. */
		const char *name = unused_option(job, unsure);

		err_set(e, ERR_USAGE, "%s: the method %s does not use --%s",
		    job->device.id, unsure->name, name);
		return err_hint(e, "leave --%s out", name);
	}
	leave_out_others(&all, job);
	add_refusals(&all, &why);
	err_set(e, ERR_UNSUPPORTED, "%s: no way to flash it%s", job->device.id,
	    why.data);
	buf_release(&why);
	return err_hint(e, "mpf-flash --list-methods shows all ways");
}

bool
next_driver(struct run *r)
{
	const struct flash_driver *unsure = NULL;
	struct refusals all = { .n = 0 };

	if (r->job.method != NULL)
		return false;
	do
		r->drivers = find_driver(&r->job, r->drivers + 1, &all,
		    &unsure);
	while (*r->drivers != NULL && ((*r->drivers)->enters ||
	    !boot_in_mode((*r->drivers)->modes[0], r->job.place,
	    &r->job.device)));
	if (*r->drivers != NULL)
		r->driver = *r->drivers;
	return *r->drivers != NULL;
}
