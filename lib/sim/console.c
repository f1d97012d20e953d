/* SPDX-License-Identifier: MIT */
#include "sim/console.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/answer.h"
#include "sim/console_in.h"

#define TICK_MS		50		/* between lines of the program */

#define INPUT_MAX	260u		/* bytes waiting, as on the boards */

void
con_say(struct sim_console *c, const char *s)
{
	buf_adds(&c->out, s);
}

static void
print_banner(struct sim_console *c)
{
	buf_addf(&c->out, "MicroPython %s on %s; %s\r\n"
	    "Type \"help()\" for more information.\r\n", c->id->tag,
	    c->id->date, c->id->machine);
}

/* The prompt of the mode that c is in now. */
void
con_prompt(struct sim_console *c)
{
	buf_clear(&c->line);
	con_say(c, c->mode == FRIENDLY ? ">>> " : ">");
}

void
con_friendly(struct sim_console *c)
{
	c->mode = FRIENDLY;
	print_banner(c);
	con_prompt(c);
}

void
con_raw(struct sim_console *c)
{
	c->mode = RAW;
	con_say(c, "raw REPL; CTRL-B to exit\r\n");
	con_prompt(c);
}

struct sim_console *
sim_console_new(const struct sim_console_opts *opts,
    const struct sim_kind *kind, const struct sim_identity *id,
    struct sim_files *fs)
{
	struct sim_console *c = mem_alloc(sizeof(*c));

	c->opts = *opts;
	c->id = id;
	c->py = sim_python_new(kind, id, fs);
	if (opts->fault.kind == SIM_FAULT_UTF8)
		sim_python_garble(c->py);
	c->out = (struct buf)BUF_INIT;
	c->line = (struct buf)BUF_MAX(SIM_LINE_MAX);
	c->waiting = (struct buf)BUF_MAX(INPUT_MAX);
	return c;
}

void
sim_console_free(struct sim_console *c)
{
	if (c == NULL)
		return;
	if (c->running)
		sim_outcome_release(&c->result);
	sim_python_free(c->py);
	buf_release(&c->out);
	buf_release(&c->line);
	buf_release(&c->waiting);
	free(c);
}

void
sim_console_boot(struct sim_console *c)
{
	sim_python_reset(c->py);
	c->busy = c->opts.busy && c->mode == FRIENDLY;
	c->tick = 0;
	if (c->mode == FRIENDLY && !c->busy)
		con_friendly(c);
	else if (!c->busy)
		con_raw(c);
}

void
con_soft_reset(struct sim_console *c)
{
	con_say(c, "MPY: soft reboot\r\n");
	sim_console_boot(c);
}

/* --- running code --- */

void
con_traceback(struct sim_console *c, const char *raised)
{
	buf_addf(&c->out, "Traceback (most recent call last):\r\n"
	    "  File \"<stdin>\", line 1, in <module>\r\n%s\r\n", raised);
}

/* The code is done: what it printed, what it raised, and the next prompt. */
static void
finish_code(struct sim_console *c)
{
	struct sim_outcome *o = &c->result;

	c->running = false;
	if (o->action == SIM_RESET || o->action == SIM_BOOTLOADER) {
		c->action = o->action;
		sim_outcome_release(o);
		return;
	}
	sim_answer(&c->opts.fault, &c->answers, o, &c->out);
	if (c->framed)
		buf_addc(&c->out, CTRL_D);
	if (o->raised.len > 0)
		con_traceback(c, o->raised.data);
	if (c->framed)
		buf_addc(&c->out, CTRL_D);
	if (o->action == SIM_SOFT_RESET)
		con_soft_reset(c);
	else
		con_prompt(c);
	sim_outcome_release(o);
}

static bool
hangs(const struct sim_console *c)
{
	const struct sim_fault *f = &c->opts.fault;

	return (f->kind == SIM_FAULT_BOOTLOADER &&
	    c->result.action == SIM_BOOTLOADER) ||
	    (f->kind == SIM_FAULT_SILENCE && c->answers >= f->n);
}

void
con_run(struct sim_console *c, bool framed, int64_t now)
{
	if (c->mode == RAW_PASTE)
		c->mode = RAW;
	sim_python_run(c->py, c->line.data, c->line.len, !framed, &c->result);
	buf_clear(&c->line);
	c->framed = framed;
	c->running = true;
	if (c->opts.fault.kind == SIM_FAULT_PROBE)
		c->result.action = SIM_RESET;
	if (hangs(c)) {
		c->hung = true;
		c->result.took_ms = SIM_FOREVER;
	}
	c->until = c->result.took_ms == SIM_FOREVER ? SIM_FOREVER :
	    now + c->result.took_ms;
	if (c->until <= now)
		finish_code(c);
}

/* ^C while something runs. */
static void
interrupt(struct sim_console *c)
{
	buf_clear(&c->waiting);
	if (c->busy) {
		c->busy = false;
		con_say(c, "Traceback (most recent call last):\r\n"
		    "  File \"main.py\", line 4, in <module>\r\n"
		    "KeyboardInterrupt: \r\n");
		con_friendly(c);
	} else if (!c->hung) {
		c->result.action = SIM_GO_ON;
		buf_clear(&c->result.raised);
		buf_adds(&c->result.raised, "KeyboardInterrupt: ");
		finish_code(c);
	}
}

void
sim_console_input(struct sim_console *c, const void *p, size_t n, int64_t now)
{
	const char *s = p;

	for (size_t i = 0; i < n && c->action == SIM_GO_ON; i++) {
		if ((c->running || c->busy) && s[i] == CTRL_C)
			interrupt(c);
		else if (c->running || c->busy)
			buf_addc(&c->waiting, s[i]);
		else
			con_byte(c, s[i], now);
	}
}

enum sim_action
sim_console_turn(struct sim_console *c, int64_t now)
{
	char held[INPUT_MAX];
	size_t n;

	if (c->running && c->until <= now) {
		finish_code(c);
		n = c->waiting.len;
		memcpy(held, c->waiting.data, n);
		buf_clear(&c->waiting);
		sim_console_input(c, held, n, now);
	}
	if (c->busy && c->tick <= now) {
		buf_addf(&c->out, "reading %u\r\n", c->count++);
		c->tick = now + TICK_MS;
	}
	return c->action;
}

int64_t
sim_console_due(const struct sim_console *c)
{
	if (c->running)
		return c->until;
	return c->busy ? c->tick : SIM_FOREVER;
}

struct buf *
sim_console_out(struct sim_console *c)
{
	return &c->out;
}
