/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "flash/driver.h"
#include "flash/impl.h"
#include "image/uf2.h"

/* The loader's chip against what the image is for. */

static bool
lists_board(const struct flash_job *job)
{
	for (size_t i = 0; job->image.checks[i] != NULL; i++)
		if (strcmp(job->image.checks[i], "board") == 0)
			return true;
	return false;
}

/*
 * A loader that we do not know tells nothing.  But it hangs where the board
 * did, which may have said that it has the chip that the image is for; or a
 * person has said which board it is, and the image that it is for that board,
 * and the loader where its flash is.
 */
static int
check_unknown(const struct flash_job *job, const struct flash_target *t,
    struct err *e)
{
	const char *chip = job->facts.chip, *said = board_chip(&job->board);

	if (chip != NULL && said != NULL && strcmp(chip, said) == 0)
		return 0;
	if (said == NULL && t->n_regions > 0 && lists_board(job) &&
	    text_same(job->firmware.by, "manual"))
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: for %s, and nothing tells whether "
	    "it fits the bootloader %s", job->image.path, chip != NULL ? chip :
	    "a chip that it does not name", t->name);
}

static int
not_for(const struct flash_job *job, const struct flash_target *t,
    struct err *e)
{
	const struct image_facts *f = &job->facts;

	if (f->chip == NULL)
		return err_set(e, ERR_MISMATCH, "%s: names %s, and the "
		    "bootloader is %s", job->image.path, f->mixed ?
		    "other chips" : "no chip", t->name);
	if (strcmp(f->chip, t->chip) != 0)
		return err_set(e, ERR_MISMATCH, "%s: for %s, but the "
		    "bootloader is %s", job->image.path, f->chip, t->name);
	return err_set(e, ERR_MISMATCH, "%s: names no family, and %s takes no "
	    "such blocks", job->image.path, t->name);
}

static const struct flash_region *
region_at(const struct flash_target *t, const struct image_segment *s)
{
	for (size_t i = 0; i < t->n_regions; i++)
		if (s->addr >= t->region[i].addr && s->addr < t->region[i].end)
			return &t->region[i];
	return NULL;
}

/* Regions with other erase units may follow each other. */
static int
check_range(const struct flash_job *job, const struct flash_target *t,
    const struct image_segment *s, struct err *e)
{
	const uint64_t end = (uint64_t)s->addr + s->len;
	struct image_segment rest = *s;
	const struct flash_region *r;

	while ((r = region_at(t, &rest)) != NULL) {
		if (end <= r->end)
			return 0;
		rest.addr = (uint32_t)r->end;
	}
	return err_set(e, ERR_MISMATCH, "%s: for 0x%x to 0x%llx, but %s takes "
	    "0x%x to 0x%llx", job->image.path, s->addr,
	    (unsigned long long)end, t->name, t->region[0].addr,
	    (unsigned long long)t->region[t->n_regions - 1].end);
}

/* Is there a part for the chip, where the chip has room for it? */
static int
check_segments_fit(const struct flash_job *job, const struct flash_target *t,
    struct image_segments *l, struct err *e)
{
	struct image_source bytes = IMAGE_MEMORY(job->data, job->size);
	const char *chip = t->chip[0] != '\0' ? t->chip : job->facts.chip;

	if (image_segments(&bytes, &job->facts, chip, image_offset(job),
	    l, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	if (t->chip[0] == '\0') {
		if (check_unknown(job, t, e) == -1)
			return -1;
	} else if (l->n == 0 || (strcmp(job->facts.format, "uf2") != 0 &&
	    (job->facts.chip == NULL ||
	    strcmp(job->facts.chip, t->chip) != 0)))
		return not_for(job, t, e);
	for (size_t i = 0; t->n_regions > 0 && i < l->n; i++)
		if (check_range(job, t, &l->v[i], e) == -1)
			return -1;
	return 0;
}

int
check_target(const struct flash_job *job, const struct flash_target *t,
    struct image_segments *l, struct result *res, struct err *e)
{
	const char *uid = job->board.uid;
	struct err why = ERR_INIT;

	if (uid != NULL && t->uid[0] != '\0' && strcasecmp(uid, t->uid) != 0) {
		err_set(e, ERR_MISMATCH, "another board is in its bootloader "
		    "there: %s, not %s", t->uid, uid);
		return err_hint(e, "run mpf-detect again");
	}
	if (check_chip_id(job, t, e) == -1)
		return -1;
	if (t->protection[0] != '\0')
		return err_set(e, ERR_UNSUPPORTED, "%s: %s", t->name,
		    t->protection);
	if (check_segments_fit(job, t, l, &why) == 0 ||
	    flash_overrule(job, "bootloader", res, &why) == 0)
		return 0;
	*e = why;
	return -1;
}
