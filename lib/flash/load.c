/* SPDX-License-Identifier: MIT */
#include "flash/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "flash/plan.h"

#define IMAGE_MAX	(128u << 20)	/* bytes: the largest flash, as UF2 */
#define IMAGES_KEPT	4		/* at once */

struct flash_images {
	struct flash_image	*v[IMAGES_KEPT];	/* the newest first */
};

int
image_load(const char *path, struct flash_image **out, struct err *e)
{
	struct flash_image *image = mem_alloc(sizeof(*image));
	struct image_source bytes;

	image->path = mem_str(path);
	image->bytes = (struct buf)BUF_MAX(IMAGE_MAX);
	if (file_read(path, &image->bytes, e) == -1) {
		err_todo(e, NEXT_DOWNLOAD_AGAIN, "run mpf-fetch again");
		goto fail;
	}
	digest_bytes(image->bytes.data, image->bytes.len, image->sha256);
	bytes = (struct image_source)IMAGE_MEMORY(image->bytes.data,
	    image->bytes.len);
	if (image_inspect(&bytes, &image->facts, e) == -1) {
		err_wrap(e, "%s", path);
		goto fail;
	}
	*out = image;
	return 0;
fail:
	image_free(image);
	return -1;
}

static void
unpack(struct flash_image *image)
{
	for (size_t i = 0; i < image->n_packed; i++)
		buf_release(&image->packed[i].bytes);
	free(image->packed);
	image->packed = NULL;
	image->n_packed = 0;
	image->packing = NULL;
}

void
image_free(struct flash_image *image)
{
	if (image == NULL)
		return;
	unpack(image);
	buf_release(&image->bytes);
	free(image->path);
	free(image);
}

/* As it is written: its first chunk, and then so many bytes at once. */
static int
pack_segment(struct flash_image *image, const struct image_segment *s,
    size_t span, struct err *e)
{
	size_t done, k;

	for (done = 0; done < s->len; done += k) {
		const uint32_t addr = s->addr + (uint32_t)done;
		struct flash_packed *p;

		k = image->n_packed > 0 ? span : PLAN_CHUNK;
		k -= addr % PLAN_CHUNK;
		k = k < s->len - done ? k : s->len - done;
		image->packed = mem_grow(image->packed, image->n_packed + 1,
		    sizeof(*image->packed));
		p = &image->packed[image->n_packed++];
		*p = (struct flash_packed){ addr, k, BUF_INIT };
		if (image->packing->pack(s->bytes + done, k, &p->bytes,
		    e) == -1)
			return -1;
	}
	return 0;
}

int
image_pack(struct flash_image *image, const struct flash_packing *packing,
    uint32_t offset, size_t span, struct err *e)
{
	struct image_source bytes = IMAGE_MEMORY(image->bytes.data,
	    image->bytes.len);
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	int r;

	if (image->packing == packing && image->offset == offset &&
	    image->span == span)
		return 0;
	unpack(image);
	image->packing = packing;
	image->offset = offset;
	image->span = span;
	r = image_segments(&bytes, &image->facts, image->facts.chip, offset,
	    &l, e);
	for (size_t i = 0; r == 0 && i < l.n; i++)
		r = pack_segment(image, &l.v[i], span, e);
	image_segments_release(&l);
	return r == -1 ? err_wrap(e, "%s: %s", image->path, packing->name) : 0;
}

const struct buf *
image_packed(const struct flash_image *image, uint32_t addr, size_t len)
{
	for (size_t i = 0; i < image->n_packed; i++)
		if (image->packed[i].addr == addr &&
		    image->packed[i].len == len)
			return &image->packed[i].bytes;
	return NULL;
}

int
image_check(const struct flash_image *image, const struct flash_job *job,
    struct err *e)
{
	const char *pinned = job->firmware.sha256, *want = job->image.sha256;

	if (pinned != NULL && strcmp(image->sha256, pinned) != 0)
		want = pinned;
	if (strcmp(image->sha256, want) == 0)
		return 0;
	err_set(e, ERR_VERIFY, "%s: not the file that was %s: sha-256 %s, not "
	    "%s", job->image.path, want == pinned ? "chosen" : "fetched",
	    image->sha256, want);
	return err_todo(e, NEXT_DOWNLOAD_AGAIN, "run mpf-fetch again");
}

struct flash_images *
flash_images_new(void)
{
	return mem_alloc(sizeof(struct flash_images));
}

void
flash_images_free(struct flash_images *l)
{
	for (size_t i = 0; l != NULL && i < IMAGES_KEPT; i++)
		image_free(l->v[i]);
	free(l);
}

/* To the front; the place of i is free. */
static void
move_first(struct flash_images *l, size_t i, struct flash_image *image)
{
	for (; i > 0; i--)
		l->v[i] = l->v[i - 1];
	l->v[0] = image;
}

/* An older one of the same name may hold other bytes. */
int
flash_images_get(struct flash_images *l, const struct flash_job *job,
    struct flash_image **out, struct err *e)
{
	struct err other;

	for (size_t i = 0; i < IMAGES_KEPT && l->v[i] != NULL; i++)
		if (strcmp(l->v[i]->path, job->image.path) == 0 &&
		    image_check(l->v[i], job, &other) == 0) {
			*out = l->v[i];
			move_first(l, i, *out);
			return 0;
		}
	if (image_load(job->image.path, out, e) == -1)
		return -1;
	image_free(l->v[IMAGES_KEPT - 1]);
	move_first(l, IMAGES_KEPT - 1, *out);
	return image_check(*out, job, e);
}
