/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/ops.h"

#define BYTES_A_MS	64u		/* as fast as full-speed USB */
#define POLL_MS		50
#define TOUCH_BAUD	1200u		/* closed so, some boards go */

struct wire *wire_now;

/* One port that is open.  Of an older life of the board it is dead. */
struct wire_link {
	struct link	 link;
	struct wire	*wire;
	unsigned	 life;
	unsigned	 baud;
	struct buf	 in;		/* came, and was not read yet */
};

int	__wrap_link_open(const char *path, const struct link_opts *opts,
	    struct link **out, struct err *e);

/* One byte at its place in the stream; what becomes of it goes to out. */
static void
pass(struct wire *w, bool to_board, char c, struct buf *out)
{
	spoil_byte(&w->spoiler, to_board, c, out);
	if (w->spoiler.late_ms > 0)
		w->hold = clock_ms() + w->spoiler.late_ms;
	w->spoiler.late_ms = 0;
}

/* Moves what the board has said through the faults. */
static void
hear(struct wire_link *l)
{
	static const char reset[] = "soft reboot";
	struct fake *board = l->wire->board;
	struct buf *said;

	fake_turn(board);
	if (l->wire->spoiler.pulled || board->phase != FAKE_RUNS ||
	    board->life != l->life) {
		l->link.gone = true;
		return;
	}
	said = sim_console_out(board->console);
	if (said->len == 0)
		return;
	if (strstr(said->data, reset) != NULL)
		board->soft_resets++;
	for (size_t i = 0; i < said->len; i++)
		pass(l->wire, false, said->data[i], &l->in);
	buf_clear(said);
}

/* Time goes by until something is due. */
static void
wait_until(const struct wire_link *l, int64_t deadline)
{
	const int64_t now = clock_ms(), due = fake_due(l->wire->board);
	int64_t next = now + POLL_MS;

	next = due < next ? due : next;
	next = l->wire->hold > now && l->wire->hold < next ? l->wire->hold :
	    next;
	next = deadline < next ? deadline : next;
	clock_sleep_ms(next > now ? next - now : 1);
}

static int
wire_read(struct link *link, void *p, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	struct wire_link *l = (struct wire_link *)link;
	size_t n;

	for (;;) {
		hear(l);
		if (l->in.len > 0 && clock_ms() >= l->wire->hold)
			break;
		if (link->gone)
			return link_gone(link, e);
		if (clock_ms() >= deadline)
			return err_set(e, ERR_TIMEOUT, "%s: no answer",
			    link->name);
		wait_until(l, deadline);
	}
	l->wire->seed = l->wire->seed * 1103515245u + 12345u;
	n = 1 + (l->wire->seed >> 16) % BYTES_A_MS;
	n = n < max ? n : max;
	n = n < l->in.len ? n : l->in.len;
	memcpy(p, l->in.data, n);
	buf_drop(&l->in, n);
	clock_sleep_ms(1);
	*got = n;
	return 0;
}

static int
wire_write(struct link *link, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	struct wire_link *l = (struct wire_link *)link;
	struct buf arrived = BUF_INIT;

	(void)deadline;
	hear(l);
	for (size_t i = 0; i < n; i++)
		pass(l->wire, true, ((const char *)p)[i], &arrived);
	link->gone |= l->wire->spoiler.pulled;
	if (!link->gone)
		sim_console_input(l->wire->board->console, arrived.data,
		    arrived.len, clock_ms());
	buf_release(&arrived);
	clock_sleep_ms((int64_t)(n / BYTES_A_MS));
	return link->gone ? link_gone(link, e) : 0;
}

static int
wire_baud(struct link *l, unsigned baud, struct err *e)
{
	(void)e;
	((struct wire_link *)l)->baud = baud;
	return 0;
}

static int
wire_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	(void)l, (void)dtr, (void)rts, (void)e;
	return 0;
}

static void
wire_flush(struct link *link)
{
	struct wire_link *l = (struct wire_link *)link;

	hear(l);
	buf_clear(&l->in);
}

static void
wire_close(struct link *link)
{
	struct wire_link *l = (struct wire_link *)link;

	hear(l);
	if (l->baud == TOUCH_BAUD && !link->gone)
		fake_touch(l->wire->board);
	buf_release(&l->in);
	free(l);
}

static const struct link_ops wire_ops = {
	.read = wire_read,
	.write = wire_write,
	.baud = wire_baud,
	.lines = wire_lines,
	.flush = wire_flush,
	.close = wire_close,
};

int
__wrap_link_open(const char *path, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	struct wire *w = wire_now;
	struct wire_link *l;

	w->opens++;
	fake_turn(w->board);
	if (w->spoiler.pulled || w->board->phase != FAKE_RUNS)
		return err_set(e, ERR_NOT_FOUND, "%s: not there", path);
	l = mem_alloc(sizeof(*l));
	l->link.ops = &wire_ops;
	l->link.name = mem_str(path);
	l->wire = w;
	l->life = w->board->life;
	l->baud = opts != NULL ? opts->baud : 0;
	l->in = (struct buf)BUF_INIT;
	*out = &l->link;
	return 0;
}
