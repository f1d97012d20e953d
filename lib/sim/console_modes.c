/* SPDX-License-Identifier: MIT */
#include "sim/console_in.h"

/* What each byte does, mode by mode. */

static void
friendly_control(struct sim_console *c, char b)
{
	con_say(c, "\r\n");
	switch (b) {
	case CTRL_A:
		con_raw(c);
		break;
	case CTRL_B:
		con_friendly(c);
		break;
	case CTRL_D:
		con_soft_reset(c);
		break;
	case CTRL_E:
		c->mode = PASTE;
		con_say(c, "paste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n"
		    "=== ");
		break;
	default:
		con_prompt(c);
	}
}

static void
friendly_byte(struct sim_console *c, char b, int64_t now)
{
	if (c->escape != '\0') {	/* arrow keys and the like */
		if (c->escape == ESCAPE && b == '[')
			c->escape = b;
		else if (b >= '@' || c->escape == ESCAPE)
			c->escape = '\0';
	} else if ((b >= CTRL_A && b <= CTRL_E && c->line.len == 0) ||
	    b == CTRL_C) {
		friendly_control(c, b);
	} else if (b == '\r') {
		con_say(c, "\r\n");
		if (c->line.len == 0)
			con_prompt(c);
		else
			con_run(c, false, now);
	} else if (b == BACKSPACE || b == DEL) {
		if (c->line.len > 0) {
			c->line.data[--c->line.len] = '\0';
			con_say(c, "\b \b");
		}
	} else if (b == ESCAPE) {
		c->escape = ESCAPE;
	} else if ((unsigned char)b >= ' ') {
		if (buf_addc(&c->line, b) == 0)
			buf_addc(&c->out, b);
	}
}

static void
paste_byte(struct sim_console *c, char b, int64_t now)
{
	if (b == CTRL_C || b == CTRL_D) {
		c->mode = FRIENDLY;
		con_say(c, "\r\n");
		if (b == CTRL_C)
			con_prompt(c);
		else
			con_run(c, false, now);
	} else if (buf_addc(&c->line, b == '\r' ? '\n' : b) == 0) {
		if (b == '\r')
			con_say(c, "\r\n=== ");
		else
			buf_addc(&c->out, b);
	}
}

/* ^E X ^A, where X is a wish: 'A' is raw-paste. */
static void
raw_command(struct sim_console *c)
{
	const char wish = c->line.data[1];

	if (wish != 'A') {
		buf_add(&c->out, "R\0", 2);
		con_prompt(c);
		return;
	}
	con_say(c, "R\001");
	buf_addc(&c->out, (char)(SIM_WINDOW & 0xff));
	buf_addc(&c->out, (char)(SIM_WINDOW >> 8));
	buf_addc(&c->out, 1);		/* a second window at once */
	buf_clear(&c->line);
	c->mode = RAW_PASTE;
	c->window = SIM_WINDOW;
}

static void
raw_byte(struct sim_console *c, char b, int64_t now)
{
	switch (b) {
	case CTRL_A:
		if (!c->opts.old && c->line.len == 2 &&
		    c->line.data[0] == CTRL_E)
			raw_command(c);
		else
			con_raw(c);
		break;
	case CTRL_B:
		con_say(c, "\r\n");
		con_friendly(c);
		break;
	case CTRL_C:
		buf_clear(&c->line);
		break;
	case CTRL_D:
		con_say(c, "OK");
		if (c->line.len > 0) {
			con_run(c, true, now);
		} else {
			con_say(c, "\r\n");
			con_soft_reset(c);
		}
		break;
	default:
		buf_addc(&c->line, b);
	}
}

static void
raw_paste_byte(struct sim_console *c, char b, int64_t now)
{
	if (b == CTRL_C || b == CTRL_D) {
		buf_addc(&c->out, CTRL_D);
		if (b == CTRL_D) {
			con_run(c, true, now);
			return;
		}
		c->mode = RAW;
		buf_addc(&c->out, CTRL_D);
		con_traceback(c, "KeyboardInterrupt: ");
		buf_addc(&c->out, CTRL_D);
		con_prompt(c);
		return;
	}
	buf_addc(&c->line, b);
	if (--c->window == 0) {
		buf_addc(&c->out, 1);
		c->window = SIM_WINDOW;
	}
}

void
con_byte(struct sim_console *c, char b, int64_t now)
{
	switch (c->mode) {
	case FRIENDLY:
		friendly_byte(c, b, now);
		break;
	case PASTE:
		paste_byte(c, b, now);
		break;
	case RAW:
		raw_byte(c, b, now);
		break;
	case RAW_PASTE:
		raw_paste_byte(c, b, now);
		break;
	}
}
