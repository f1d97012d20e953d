/* SPDX-License-Identifier: MIT */
#include "sim/talk.h"

#include <stdio.h>
#include <unistd.h>

#define NMEA_MS		100
#define BOOTLOADER	12		/* exit status: see mpf-sim(1) */
#define CHILD_BYTES	4096

/* A sentence with its checksum: the exclusive or between $ and *. */
static void
nmea(struct buf *out)
{
	static const char text[] = "GPGGA,120000.00,4717.11399,N,00833.91590,"
	    "E,1,08,1.01,499.6,M,48.0,M,,";
	unsigned sum = 0;

	for (const char *s = text; *s != '\0'; s++)
		sum ^= (unsigned char)*s;
	buf_addf(out, "$%s*%02X\r\n", text, sum);
}

int
sim_talk_start(struct sim_talker *t, const struct sim_talk_opts *opts,
    const struct sim_kind *kind, const struct sim_identity *id,
    struct sim_files *fs, int64_t now, struct err *e)
{
	*t = (struct sim_talker)SIM_TALKER_INIT;
	t->kind = kind;
	t->opts = opts;
	if (opts->command != NULL)
		return sim_child_open_pty(&t->child, opts->command, e);
	if (kind->talk == SIM_TALK_NMEA)
		t->next = now;
	if (kind->talk != SIM_TALK_REPL)
		return 0;
	t->console = sim_console_new(&opts->console, kind, id, fs);
	sim_console_boot(t->console);
	return 0;
}

void
sim_talk_stop(struct sim_talker *t)
{
	sim_console_free(t->console);
	sim_child_close(&t->child);
	buf_release(&t->out);
	*t = (struct sim_talker)SIM_TALKER_INIT;
}

void
sim_talk_input(struct sim_talker *t, const void *p, size_t n, int64_t now)
{
	if (t->console != NULL)
		sim_console_input(t->console, p, n, now);
	else if (t->child.fd != -1 && write(t->child.fd, p, n) == -1)
		return;			/* as a UART that is overrun */
}

/* What the program has said by now. */
static enum sim_action
hear_child(struct sim_talker *t)
{
	char some[CHILD_BYTES];
	ssize_t n;

	while (t->child.fd != -1 &&
	    (n = read(t->child.fd, some, sizeof(some))) > 0)
		buf_add(&t->out, some, (size_t)n);
	if (!sim_child_ended(&t->child))
		return SIM_GO_ON;
	return t->child.status == BOOTLOADER ? SIM_BOOTLOADER : SIM_RESET;
}

enum sim_action
sim_talk_turn(struct sim_talker *t, int64_t now)
{
	if (t->console != NULL)
		return sim_console_turn(t->console, now);
	if (t->opts->command != NULL)
		return hear_child(t);
	if (t->next <= now) {
		nmea(&t->out);
		t->next = now + NMEA_MS;
	}
	return SIM_GO_ON;
}

int64_t
sim_talk_due(const struct sim_talker *t)
{
	const int64_t due = t->console != NULL ?
	    sim_console_due(t->console) : t->next;

	return t->hold != 0 && t->hold < due ? t->hold : due;
}

void
sim_talk_send(struct sim_talker *t, struct buf *out, int64_t now)
{
	struct buf *from = t->console != NULL ? sim_console_out(t->console) :
	    &t->out;

	if (from->len == 0)
		return;
	if (t->opts->slow_ms > 0 && t->hold == 0)
		t->hold = now + t->opts->slow_ms;
	if (t->hold > now)
		return;
	t->hold = 0;
	buf_add(out, from->data, from->len);
	buf_clear(from);
}
