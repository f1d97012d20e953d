/* SPDX-License-Identifier: MIT */
#include "esp/slip.h"

#define END		0xc0u
#define ESCAPE		0xdbu
#define ESCAPED_END	0xdcu
#define ESCAPED_ESCAPE	0xddu

void
slip_add(struct buf *out, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	buf_addc(out, (char)END);
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == END || bytes[i] == ESCAPE) {
			buf_addc(out, (char)ESCAPE);
			buf_addc(out, (char)(bytes[i] == END ? ESCAPED_END :
			    ESCAPED_ESCAPE));
		} else {
			buf_addc(out, (char)bytes[i]);
		}
	}
	buf_addc(out, (char)END);
}

void
slip_init(struct slip *s, size_t max)
{
	const struct buf empty = BUF_MAX(max);

	s->frame = empty;
	s->inside = s->escape = s->broken = false;
}

void
slip_reset(struct slip *s)
{
	buf_clear(&s->frame);
	s->inside = s->escape = s->broken = false;
}

void
slip_release(struct slip *s)
{
	buf_release(&s->frame);
}

/*
 * Two ends in a row are an empty frame between two others, or the end of one
 * and the beginning of the next.
 */
static bool
slip_end(struct slip *s)
{
	const bool whole = s->inside && !s->broken && s->frame.len > 0;

	if (!whole)
		slip_reset(s);
	s->inside = !whole;
	s->escape = s->broken = false;
	return whole;
}

bool
slip_feed(struct slip *s, uint8_t c)
{
	if (c == END)
		return slip_end(s);
	if (!s->inside) {
		buf_clear(&s->frame);
		return false;
	}
	if (!s->escape && c == ESCAPE) {
		s->escape = true;
		return false;
	}
	if (s->escape)		/* as the ROM does: anything else is itself */
		c = c == ESCAPED_END ? END : c == ESCAPED_ESCAPE ? ESCAPE : c;
	s->escape = false;
	if (buf_addc(&s->frame, (char)c) == -1)
		s->broken = true;
	return false;
}
