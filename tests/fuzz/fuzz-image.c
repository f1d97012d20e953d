/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "image/image.h"
#include "image/segments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
read_at(void *ctx, size_t at, uint8_t *buf, size_t n, struct err *e)
{
	(void)e;
	memcpy(buf, (const uint8_t *)ctx + at, n);
	return 0;
}

/* Piece by piece it is the same image. */
static void
inspect_pieces(const uint8_t *data, size_t size, int want,
    const struct image_facts *whole)
{
	static uint8_t window[IMAGE_WINDOW];
	struct image_source bytes = { .size = size, .read = read_at,
	    .ctx = (void *)data, .window = window };
	struct image_facts f;
	struct err e = ERR_INIT;

	assert(image_inspect(&bytes, &f, &e) == want);
	assert(want == -1 || (f.format == whole->format &&
	    f.chip == whole->chip && f.addr == whole->addr &&
	    f.end == whole->end && strcmp(f.strings.machine,
	    whole->strings.machine) == 0));
}

/* By address, and no two touch. */
static void
split(struct image_source *s, const struct image_facts *f)
{
	struct image_segments l;
	struct err e = ERR_INIT;
	const int r = image_segments(s, f, NULL, 0x1000, &l, &e);
	uint64_t end = 0;

	assert(r == 0 || e.code == ERR_INPUT);
	for (size_t i = 0; r == 0 && i < l.n; i++) {
		assert(l.v[i].len > 0 && (i == 0 || l.v[i].addr > end));
		end = (uint64_t)l.v[i].addr + l.v[i].len;
	}
	image_segments_release(&l);
}

/* Whatever the bytes, what comes out is fit for a record. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_facts f;
	struct err e = ERR_INIT;
	const char *s;
	size_t k;
	struct image_source bytes = IMAGE_MEMORY(data, size);
	const int r = image_inspect(&bytes, &f, &e);

	inspect_pieces(data, size, r, &f);
	if (r == -1) {
		assert(e.code == ERR_INPUT && e.msg[0] != '\0');
		return 0;
	}
	assert(f.format != NULL && f.addr <= f.end);
	split(&bytes, &f);
	for (s = f.strings.machine; *s != '\0'; s += k) {
		k = text_utf8(s, strlen(s));
		assert(k > 0 && (unsigned char)*s >= ' ');
	}
	return 0;
}
