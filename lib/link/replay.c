/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "link/ops.h"

struct step {
	char		 kind;		/* '>' '<' '@' '~' '!' '*' */
	struct buf	 bytes;
	unsigned	 value;		/* of '@': bauds; of '~': DTR, RTS */
};

#define BAUD_DIGITS	9u
#define DTR	1u
#define RTS	2u

/*
 * Two cursors, as on a wire: what we sent, and what we read.  The device
 * speaks as soon as all before was sent, whether we read it then or later.
 */
struct replay {
	struct link	 link;
	struct step	*steps;
	size_t		 n;
	size_t		 sent, sent_off;	/* the next '>' '!' '*', or n */
	size_t		 heard, heard_off;
	size_t		 left;			/* replies until it vanishes */
	bool		 bauds, lines;		/* it has such steps at all */
};

/* Replies are there for the taking up to where we must send something. */
static void
advance(struct replay *p)
{
	while (p->sent < p->n && (p->steps[p->sent].kind == '<' ||
	    (p->steps[p->sent].kind == '>' &&
	    p->sent_off == p->steps[p->sent].bytes.len))) {
		p->sent++;
		p->sent_off = 0;
	}
}

static bool
takes_all(const struct replay *p)
{
	return p->sent < p->n && p->steps[p->sent].kind == '*';
}

static int
replay_read(struct link *l, void *out, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	struct replay *p = (struct replay *)l;
	const struct step *s = NULL;
	size_t end = takes_all(p) ? p->n : p->sent, n;

	(void)deadline;
	for (; p->heard < end; p->heard++, p->heard_off = 0) {
		s = &p->steps[p->heard];
		if (s->kind == '!' ||
		    (s->kind == '<' && p->heard_off < s->bytes.len))
			break;
	}
	if (p->left == 0 || (p->heard < p->n &&
	    p->steps[p->heard].kind == '!'))
		return link_gone(l, e);
	if (p->heard == end)
		return err_set(e, ERR_TIMEOUT, "%s: no answer", l->name);
	n = s->bytes.len - p->heard_off;
	n = n < max ? n : max;
	n = n < p->left ? n : p->left;
	memcpy(out, s->bytes.data + p->heard_off, n);
	p->heard_off += n;
	p->left -= n;
	*got = n;
	return 0;
}

static int
unexpected_bytes(const struct replay *p, const char *c, size_t n, struct err *e)
{
	struct buf want = BUF_INIT, have = BUF_INIT;
	int r;

	if (p->sent < p->n)
		text_show(&want, p->steps[p->sent].bytes.data + p->sent_off,
		    p->steps[p->sent].bytes.len - p->sent_off);
	text_show(&have, c, n);
	r = err_set(e, ERR_PROTOCOL, "%s: step %zu: sent \"%.120s\", "
	    "not \"%.120s\"", p->link.name, p->sent + 1, have.data, want.data);
	buf_release(&want);
	buf_release(&have);
	return r;
}

static int
replay_write(struct link *l, const void *bytes, size_t n, int64_t deadline,
    struct err *e)
{
	struct replay *p = (struct replay *)l;
	const char *c = bytes;
	size_t k;

	(void)deadline;
	if (p->left == 0)
		return link_gone(l, e);
	while (n > 0 && !takes_all(p)) {
		const struct step *s;

		if (p->sent == p->n)
			return unexpected_bytes(p, c, n, e);
		s = &p->steps[p->sent];
		if (s->kind == '!')
			return link_gone(l, e);
		if (s->kind != '>')
			return unexpected_bytes(p, c, n, e);
		k = s->bytes.len - p->sent_off;
		k = k < n ? k : n;
		if (memcmp(s->bytes.data + p->sent_off, c, k) != 0)
			return unexpected_bytes(p, c, n, e);
		p->sent_off += k;
		c += k;
		n -= k;
		advance(p);
	}
	return 0;
}

/* What is done now, and no byte: is it what comes next?  Then it is done. */
static int
take_step(struct replay *p, char kind, unsigned value, const char *what,
    struct err *e)
{
	const struct step *s = p->sent < p->n ? &p->steps[p->sent] : NULL;

	if (p->left == 0 || (s != NULL && s->kind == '!'))
		return link_gone(&p->link, e);
	if (takes_all(p))
		return 0;
	if (s == NULL || s->kind != kind || s->value != value)
		return err_set(e, ERR_PROTOCOL, "%s: step %zu: %s, which is "
		    "not in the recording", p->link.name, p->sent + 1, what);
	p->sent++;
	advance(p);
	return 0;
}

static int
replay_baud(struct link *l, unsigned baud, struct err *e)
{
	struct replay *p = (struct replay *)l;
	char what[40];

	snprintf(what, sizeof(what), "set %u baud", baud);
	return p->bauds ? take_step(p, '@', baud, what, e) : 0;
}

static int
replay_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	struct replay *p = (struct replay *)l;
	char what[40];

	snprintf(what, sizeof(what), "set dtr %d rts %d", dtr, rts);
	return p->lines ? take_step(p, '~', (dtr ? DTR : 0) | (rts ? RTS : 0),
	    what, e) : 0;
}

static void
replay_flush(struct link *l)
{
	struct replay *p = (struct replay *)l;
	const size_t end = takes_all(p) ? p->n : p->sent;

	while (p->heard < end && p->steps[p->heard].kind != '!') {
		p->heard++;
		p->heard_off = 0;
	}
}

static void
replay_close(struct link *l)
{
	struct replay *p = (struct replay *)l;

	for (size_t i = 0; i < p->n; i++)
		buf_release(&p->steps[i].bytes);
	free(p->steps);
	free(p);
}

static const struct link_ops replay_ops = {
	.read = replay_read,
	.write = replay_write,
	.baud = replay_baud,
	.lines = replay_lines,
	.flush = replay_flush,
	.close = replay_close,
};

/* One character of a step's text; the bytes it took, 0: no such escape. */
static size_t
unescape(const char *c, size_t n, char *out)
{
	static const char names[] = "rnt\\", values[] = "\r\n\t\\";
	const char *p;

	if (c[0] != '\\') {
		*out = c[0];
		return 1;
	}
	if (n >= 4 && c[1] == 'x') {
		const char hex[3] = { c[2], c[3], '\0' };

		return text_unhex((uint8_t *)out, 1, hex, 2) == 1 ? 4 : 0;
	}
	p = n >= 2 && c[1] != '\0' ? strchr(names, c[1]) : NULL;
	if (p == NULL)
		return 0;
	*out = values[p - names];
	return 2;
}

static bool
is_bit(char c)
{
	return c == '0' || c == '1';
}

/* "@ 1200" and "~ 1 0". */
static bool
read_value(struct replay *p, struct step *s, const char *c, size_t n)
{
	if (n < 3 || c[1] != ' ')
		return false;
	if (s->kind == '@') {
		p->bauds = true;
		s->value = (unsigned)strtoul(c + 2, NULL, 10);
		return n <= 2 + BAUD_DIGITS &&
		    strspn(c + 2, "0123456789") == n - 2;
	}
	p->lines = true;
	if (n != 5 || !is_bit(c[2]) || c[3] != ' ' || !is_bit(c[4]))
		return false;
	s->value = (c[2] == '1' ? DTR : 0) | (c[4] == '1' ? RTS : 0);
	return true;
}

/* One line of the script; false: it is invalid. */
static bool
add_replay_step(struct replay *p, const char *c, size_t n)
{
	struct step *s;
	size_t k;
	char byte;

	if (n == 0 || c[0] == '#')
		return true;
	if (strchr("><@~!*", c[0]) == NULL || c[0] == '\0')
		return false;
	p->steps = mem_grow(p->steps, p->n + 1, sizeof(*p->steps));
	s = &p->steps[p->n++];
	s->kind = c[0];
	s->bytes = (struct buf)BUF_INIT;
	if (c[0] == '@' || c[0] == '~')
		return read_value(p, s, c, n);
	if (c[0] == '!' || c[0] == '*')
		return n == 1;
	if (n < 2 || c[1] != ' ')
		return false;
	for (c += 2, n -= 2; n > 0; c += k, n -= k) {
		k = unescape(c, n, &byte);
		if (k == 0)
			return false;
		buf_addc(&s->bytes, byte);
	}
	return true;
}

int
link_replay(const char *script, struct link **out, struct err *e)
{
	struct replay *p = mem_alloc(sizeof(*p));
	unsigned line = 1;

	p->link.ops = &replay_ops;
	p->link.name = mem_str("replay");
	p->left = (size_t)-1;
	for (const char *c = script; *c != '\0'; line++) {
		const size_t n = strcspn(c, "\n");

		if (!add_replay_step(p, c, n)) {
			link_close(&p->link);
			return err_set(e, ERR_INPUT,
			    "replay: line %u: not a step", line);
		}
		c += n;
		c += *c == '\n';
	}
	advance(p);
	*out = &p->link;
	return 0;
}

void
link_replay_cut(struct link *l, size_t n)
{
	((struct replay *)l)->left = n;
}

bool
link_replay_done(const struct link *l)
{
	const struct replay *p = (const struct replay *)l;
	size_t i = p->heard, off = p->heard_off;

	for (; i < p->n; i++, off = 0)
		if (p->steps[i].kind == '<' && off < p->steps[i].bytes.len)
			return false;
	return p->sent == p->n || p->steps[p->sent].kind == '!' ||
	    takes_all(p);
}
