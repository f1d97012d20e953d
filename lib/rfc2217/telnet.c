/* SPDX-License-Identifier: MIT */
#include "rfc2217/telnet.h"

#define SE	240u

enum state { DATA, COMMAND, OPTION, SUB_OPTION, SUB, SUB_COMMAND };

/* The byte after IAC, or after IAC in a subnegotiation that it cuts off. */
static void
begin_command(struct telnet *t, uint8_t c, struct buf *data)
{
	t->state = DATA;
	if (c == TELNET_IAC)
		buf_addc(data, (char)c);
	else if (c == TELNET_SB)
		t->state = SUB_OPTION;
	else if (c > TELNET_SB) {
		t->verb = c;
		t->state = OPTION;
	}
}

static void
add_sub(struct telnet *t, uint8_t c)
{
	if (t->n < TELNET_SUB_MAX)
		t->sub[t->n++] = c;
	else
		t->too_long = true;
}

/* After IAC in a subnegotiation; true: it is whole. */
static bool
sub_command(struct telnet *t, uint8_t c, struct buf *data,
    struct telnet_command *out)
{
	if (c == TELNET_IAC) {
		t->state = SUB;
		add_sub(t, c);
		return false;
	}
	if (c != SE) {
		begin_command(t, c, data);
		return false;
	}
	t->state = DATA;
	*out = (struct telnet_command){ TELNET_SB, t->verb, t->sub, t->n };
	return !t->too_long;
}

bool
telnet_feed(struct telnet *t, uint8_t c, struct buf *data,
    struct telnet_command *out)
{
	switch ((enum state)t->state) {
	case DATA:
		if (c == TELNET_IAC)
			t->state = COMMAND;
		else
			buf_addc(data, (char)c);
		break;
	case COMMAND:
		begin_command(t, c, data);
		break;
	case OPTION:
		t->state = DATA;
		*out = (struct telnet_command){ t->verb, c, NULL, 0 };
		return true;
	case SUB_OPTION:
		t->verb = c;
		t->n = 0;
		t->too_long = false;
		t->state = SUB;
		break;
	case SUB:
		if (c == TELNET_IAC)
			t->state = SUB_COMMAND;
		else
			add_sub(t, c);
		break;
	case SUB_COMMAND:
		return sub_command(t, c, data, out);
	}
	return false;
}

void
telnet_add(struct buf *out, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == TELNET_IAC)
			buf_addc(out, (char)TELNET_IAC);
		buf_addc(out, (char)bytes[i]);
	}
}

void
telnet_add_option(struct buf *out, enum telnet_verb verb, uint8_t option)
{
	buf_addc(out, (char)TELNET_IAC);
	buf_addc(out, (char)verb);
	buf_addc(out, (char)option);
}

void
telnet_add_com_port(struct buf *out, uint8_t command, const void *p, size_t n)
{
	telnet_add_option(out, TELNET_SB, TELNET_COM_PORT);
	telnet_add(out, &command, 1);
	telnet_add(out, p, n);
	buf_addc(out, (char)TELNET_IAC);
	buf_addc(out, (char)SE);
}

static uint64_t
option_bit(uint8_t option)
{
	return option < 64 ? (uint64_t)1 << option : 0;
}

static bool
is_known(uint8_t option)
{
	return option == TELNET_BINARY || option == TELNET_GO_AHEAD ||
	    option == TELNET_COM_PORT;
}

void
telnet_offer(struct telnet_options *o, enum telnet_verb verb, uint8_t option,
    struct buf *out)
{
	*(verb == TELNET_WILL ? &o->ours : &o->theirs) |= option_bit(option);
	telnet_add_option(out, verb, option);
}

void
telnet_answer(struct telnet_options *o, const struct telnet_command *c,
    struct buf *out)
{
	const bool by_us = c->verb == TELNET_DO || c->verb == TELNET_DONT;
	const bool wanted = c->verb == TELNET_DO || c->verb == TELNET_WILL;
	const enum telnet_verb yes = by_us ? TELNET_WILL : TELNET_DO;
	const uint64_t bit = option_bit(c->option);
	uint64_t *set = by_us ? &o->ours : &o->theirs;
	const bool is = (*set & bit) != 0, will = wanted && is_known(c->option);

	if (will == is && (will || !wanted))
		return;
	*set = will ? *set | bit : *set & ~bit;
	telnet_add_option(out, will ? yes : yes + 1, c->option);
}
