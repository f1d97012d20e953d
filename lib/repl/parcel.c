/* SPDX-License-Identifier: MIT */
#include "repl/parcel.h"

#include <string.h>

#include "base/text.h"

#define FACTOR		509u
#define SPREAD		1000003u	/* of one millisecond */

/* A chunk's text, taken apart; PLACE or LENGTH is where. */
struct chunk {
	bool		 end;
	uint32_t	 where, total, sum;
	uint8_t		 raw[PARCEL_CHUNK];
	int		 n;
};

uint32_t
parcel_sum(uint32_t sum, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++)
		sum = (uint32_t)(((uint64_t)sum * FACTOR + bytes[i]) %
		    PARCEL_MODULUS);
	return sum;
}

uint32_t
parcel_error(uint32_t nonce)
{
	return (uint32_t)(((uint64_t)nonce * FACTOR + 256) % PARCEL_MODULUS);
}

uint32_t
parcel_nonce(int64_t ms, unsigned run)
{
	return (uint32_t)(((uint64_t)ms * SPREAD + 2 * (uint64_t)run) %
	    PARCEL_MODULUS);
}

/* --- taking in --- */

void
parcel_begin(struct parcel *p, size_t max)
{
	*p = (struct parcel){ .max = max };
	for (int i = 0; i < PARCEL_KINDS; i++)
		p->part[i] = (struct parcel_part){ .bytes = BUF_INIT,
			.have = BUF_INIT };
}

void
parcel_end(struct parcel *p)
{
	for (int i = 0; i < PARCEL_KINDS; i++) {
		buf_release(&p->part[i].bytes);
		buf_release(&p->part[i].have);
	}
}

void
parcel_run(struct parcel *p, uint32_t nonce)
{
	p->nonce = nonce;
	p->in = false;
	p->len = 0;
}

/* Hex digits up to the byte end, which is passed; at most seven. */
static bool
take_hex(const char **s, char end, uint32_t *out)
{
	static const char digits[] = "0123456789abcdef";
	const size_t n = strspn(*s, digits);

	if (n == 0 || n > 7 || (*s)[n] != end)
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out << 4 |
		    (uint32_t)(strchr(digits, (*s)[i]) - digits);
	*s += n + (end != '\0');
	return true;
}

static bool
read_chunk(const char *s, struct chunk *out)
{
	size_t n;

	*out = (struct chunk){ .end = strchr(s, '.') != NULL };
	if (out->end)
		return take_hex(&s, '.', &out->where) &&
		    take_hex(&s, ';', &out->total) &&
		    take_hex(&s, '\0', &out->sum);
	if (!take_hex(&s, ':', &out->where))
		return false;
	n = strcspn(s, ";");
	out->n = text_unhex(out->raw, sizeof(out->raw), s, n);
	if (out->n <= 0 || s[n] != ';')
		return false;
	s += n + 1;
	return take_hex(&s, '\0', &out->sum);
}

static void
forget_part(struct parcel_part *part)
{
	buf_clear(&part->bytes);
	buf_clear(&part->have);
	part->known = 0;
	part->ended = false;
}

static void
keep_chunk(struct parcel_part *part, const struct chunk *c)
{
	static const char nothing[PARCEL_CHUNK] = { 0 };
	const size_t end = c->where + (size_t)c->n;

	while (part->bytes.len < end) {
		const size_t left = end - part->bytes.len;
		const size_t n = left < sizeof(nothing) ? left :
		    sizeof(nothing);

		buf_add(&part->bytes, nothing, n);
		buf_add(&part->have, nothing, n);
	}
	memcpy(part->bytes.data + c->where, c->raw, (size_t)c->n);
	for (size_t i = c->where; i < end; i++) {
		part->known += part->have.data[i] == 0;
		part->have.data[i] = 1;
	}
}

static void
keep_end(struct parcel_part *part, const struct chunk *c)
{
	if (part->ended && (part->length != c->where ||
	    part->total != c->total))
		forget_part(part);
	part->ended = true;
	part->length = c->where;
	part->total = c->total;
}

/* Is all of it there, and as it was sent? */
static bool
is_part_whole(struct parcel_part *part)
{
	if (!part->ended || part->known < part->length)
		return false;
	if (part->bytes.len == part->length && parcel_sum(0,
	    part->bytes.data, part->length) == part->total)
		return true;
	forget_part(part);
	return false;
}

static void
take_chunk(struct parcel *p)
{
	struct chunk c;

	if (!read_chunk(p->text, &c))
		return;
	for (int i = 0; i < PARCEL_KINDS; i++) {
		const uint32_t begin = c.where + (i == PARCEL_ANSWER ?
		    p->nonce : parcel_error(p->nonce));
		const uint32_t sum = c.end ? begin + c.total :
		    parcel_sum(begin, c.raw, (size_t)c.n);

		if (sum != c.sum)
			continue;
		p->fitting++;
		if (c.where + (size_t)c.n > p->max) {
			p->state = PARCEL_OVER;
			return;
		}
		if (c.end)
			keep_end(&p->part[i], &c);
		else
			keep_chunk(&p->part[i], &c);
		if (is_part_whole(&p->part[i]))
			p->state = i == PARCEL_ANSWER ? PARCEL_WHOLE :
			    PARCEL_RAISED;
	}
}

enum parcel_state
parcel_feed(struct parcel *p, char c)
{
	if (p->state != PARCEL_OPEN)
		return p->state;
	if (c == '<') {
		p->in = true;
		p->len = 0;
	} else if (p->in && c == '>') {
		p->text[p->len] = '\0';
		p->in = false;
		take_chunk(p);
	} else if (p->in) {
		p->in = c != '\0' && p->len + 1 < sizeof(p->text);
		if (p->in)
			p->text[p->len++] = c;
	}
	return p->state;
}

/* --- packing --- */

void
parcel_pack(struct buf *out, uint32_t nonce, const void *p, size_t n)
{
	const uint8_t *bytes = p;
	const uint32_t total = parcel_sum(0, p, n);
	char hex[2 * PARCEL_CHUNK + 1];

	for (size_t i = 0; i < n; i += PARCEL_CHUNK) {
		const size_t len = n - i < PARCEL_CHUNK ? n - i :
		    PARCEL_CHUNK;

		text_hex(hex, bytes + i, len);
		buf_addf(out, "<%zx:%s;%x>", i, hex,
		    parcel_sum(nonce + (uint32_t)i, bytes + i, len));
	}
	buf_addf(out, "<%zx.%x;%x>", n, total, nonce + (uint32_t)n + total);
}

void
parcel_put(struct buf *out, const char *key, const void *p, size_t n)
{
	buf_addf(out, "%s=%zu:", key, n);
	buf_add(out, p, n);
}

/* --- fields --- */

int
parcel_next(const struct buf *b, size_t *at, struct parcel_field *out)
{
	const char *s = b->data + *at, *equals, *p;
	const size_t left = b->len - *at;
	size_t n = 0;

	if (left == 0)
		return 0;
	equals = memchr(s, '=', left);
	if (equals == NULL)
		return -1;
	for (p = equals + 1; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (size_t)(*p - '0');
		if (n > left)
			return -1;
	}
	if (p == equals + 1 || *p != ':' ||
	    n > left - (size_t)(p + 1 - s))
		return -1;
	*out = (struct parcel_field){ s, (size_t)(equals - s),
		(const uint8_t *)p + 1, n };
	*at += (size_t)(p + 1 - s) + n;
	return 1;
}

bool
parcel_is(const struct parcel_field *f, const char *key)
{
	return strlen(key) == f->key_len &&
	    memcmp(f->key, key, f->key_len) == 0;
}
