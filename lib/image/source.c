/* SPDX-License-Identifier: MIT */
#include "image/source.h"

const uint8_t *
image_at(struct image_source *s, size_t at, size_t n, struct err *e)
{
	const size_t end = s->from + s->len;

	if (s->bytes != NULL)
		return s->bytes + at;
	if (at < s->from || at + n > end) {
		/* All that fits, for who goes on; no more for who jumps. */
		s->len = at < s->from || at > end ? n : s->size - at;
		if (s->len > IMAGE_WINDOW)
			s->len = IMAGE_WINDOW;
		s->from = at;
		if (s->read(s->ctx, at, s->window, s->len, e) == -1) {
			s->len = 0;
			return NULL;
		}
	}
	return s->window + (at - s->from);
}

const uint8_t *
image_rest(struct image_source *s, size_t at, size_t *n, struct err *e)
{
	*n = s->size - at;
	if (*n > IMAGE_WINDOW)
		*n = IMAGE_WINDOW;
	return image_at(s, at, *n, e);
}
