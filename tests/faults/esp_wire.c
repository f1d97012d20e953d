/* SPDX-License-Identifier: MIT */
#include "esp_wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/ops.h"

#define START_BAUD	115200u
#define GARBAGE		0x55		/* what another rate reads as */

/* One port that is open; dead once the cable was cut. */
struct esp_wire_link {
	struct link	 link;
	struct esp_wire	*wire;
	unsigned	 life;
	const char	*pid;		/* of the chip's own USB then; NULL */
	struct buf	 in;		/* came, and was not read yet */
};

bool
esp_wire_there(struct esp_wire *w)
{
	if (!w->spoiler.pulled)
		return true;
	if (w->back_ms < 0 || clock_ms() < w->back_at)
		return false;
	w->spoiler.pulled = false;
	w->life++;
	if (w->other != NULL && !w->swapped) {
		struct sim_esp *first = w->chip;

		w->chip = w->other;
		w->other = first;
		w->swapped = true;
	}
	buf_clear(sim_esp_out(w->chip));
	sim_esp_lines(w->chip, false, false, clock_ms() * 1000);
	sim_esp_reset(w->chip, false, clock_ms() * 1000);
	return true;
}

/* Most of what looks like a frame, so that parsers see something of it. */
static char
noise_byte(struct esp_wire *w)
{
	static const uint8_t often[] = { 0xc0, 0x01, 0x00, 0xdb, 0xdc, 0x08,
		0x13, 0x0a };
	uint32_t v;

	w->noise = w->noise * 1664525u + 1013904223u;
	v = w->noise >> 8;
	return (char)(v % 3 == 0 ? v >> 8 : often[(v >> 8) % sizeof(often)]);
}

static void
pass(struct esp_wire *w, bool to_board, char c, struct buf *out)
{
	const size_t at = w->spoiler.from_board;
	const bool was = w->spoiler.pulled;

	if (w->bad_above != 0 && w->baud > w->bad_above &&
	    ++w->bad_seen % w->bad_every == 0)
		c ^= 0x10;
	if (!to_board && at >= w->noise_at && at < w->noise_at + w->noise_n)
		c = noise_byte(w);
	spoil_byte(&w->spoiler, to_board, c, out);
	if (w->spoiler.late_ms > 0)
		w->hold = clock_ms() + w->spoiler.late_ms;
	w->spoiler.late_ms = 0;
	if (w->spoiler.pulled && !was)
		w->back_at = clock_ms() + w->back_ms;
}

/* Is the chip another device on the bus than it was? */
static bool
has_changed(const struct esp_wire_link *l)
{
	const char *pid = sim_esp_pid(l->wire->chip);

	return pid != NULL && strcmp(pid, l->pid) != 0;
}

/* Moves what the chip has said through the faults. */
static void
hear(struct esp_wire_link *l)
{
	struct esp_wire *w = l->wire;
	struct buf *said = sim_esp_out(w->chip);
	const bool noise = w->baud != sim_esp_rate(w->chip);

	sim_esp_turn(w->chip, clock_ms() * 1000);
	for (size_t i = 0; i < said->len && !w->spoiler.pulled; i++)
		pass(w, false, noise ? GARBAGE : said->data[i], &l->in);
	buf_clear(said);
	l->link.gone |= !esp_wire_there(w) || w->life != l->life ||
	    has_changed(l);
}

/* Time goes by until something is due. */
static void
wait_until(const struct esp_wire *w, int64_t deadline)
{
	const int64_t now = clock_ms(), due = sim_esp_due(w->chip);
	int64_t next = deadline;

	if (due != INT64_MAX && due / 1000 + 1 < next)
		next = due / 1000 + 1;
	if (w->hold > now && w->hold < next)
		next = w->hold;
	clock_sleep_ms(next > now ? next - now : 1);
}

static int
wire_read(struct link *link, void *p, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;
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
		wait_until(l->wire, deadline);
	}
	n = l->in.len < max ? l->in.len : max;
	memcpy(p, l->in.data, n);
	buf_drop(&l->in, n);
	*got = n;
	return 0;
}

static int
wire_write(struct link *link, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;
	struct buf arrived = BUF_INIT;

	(void)deadline;
	hear(l);
	for (size_t i = 0; i < n && !link->gone; i++) {
		pass(l->wire, true, ((const char *)p)[i], &arrived);
		link->gone |= l->wire->spoiler.pulled;
	}
	sim_esp_input(l->wire->chip, arrived.data, arrived.len, l->wire->baud,
	    clock_ms() * 1000);
	buf_release(&arrived);
	return link->gone ? link_gone(link, e) : 0;
}

static int
wire_baud(struct link *link, unsigned baud, struct err *e)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;

	hear(l);
	l->wire->baud = baud;
	if (l->wire->n_rates < ESP_WIRE_RATES)
		l->wire->rates[l->wire->n_rates++] = baud;
	return link->gone ? link_gone(link, e) : 0;
}

static int
wire_lines(struct link *link, bool dtr, bool rts, struct err *e)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;

	hear(l);
	if (link->gone)
		return link_gone(link, e);
	l->wire->moved++;
	sim_esp_lines(l->wire->chip, dtr, rts, clock_ms() * 1000);
	return 0;
}

static void
wire_flush(struct link *link)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;

	hear(l);
	buf_clear(&l->in);
}

static void
wire_close(struct link *link)
{
	struct esp_wire_link *l = (struct esp_wire_link *)link;

	buf_release(&l->in);
	free(l);
}

static const struct link_ops wire_ops = {
	.read = wire_read, .write = wire_write, .baud = wire_baud,
	.lines = wire_lines, .flush = wire_flush, .close = wire_close,
};

int
esp_wire_open(struct esp_wire *w, const char *path, struct link **out,
    struct err *e)
{
	struct esp_wire_link *l;

	if (!esp_wire_there(w))
		return err_set(e, ERR_NOT_FOUND, "%s: not there", path);
	l = mem_alloc(sizeof(*l));
	l->link.ops = &wire_ops;
	l->link.name = mem_str(path);
	l->wire = w;
	l->life = w->life;
	l->pid = sim_esp_pid(w->chip);
	l->in = (struct buf)BUF_INIT;
	w->baud = START_BAUD;
	*out = &l->link;
	return 0;
}
