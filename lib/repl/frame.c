/* SPDX-License-Identifier: MIT */
#include "repl/frame.h"

#include <ctype.h>
#include <string.h>

#define END_OF_PART	'\x04'

void
seek_begin(struct seek *s, const struct seek_text *list, size_t n)
{
	s->list = list;
	s->n = n;
	s->len = 0;
}

int
seek_feed(struct seek *s, char c)
{
	if (s->len == SEEK_MAX) {
		memmove(s->tail, s->tail + 1, SEEK_MAX - 1);
		s->len--;
	}
	s->tail[s->len++] = c;
	for (size_t i = 0; i < s->n; i++) {
		const struct seek_text *t = &s->list[i];

		/* The last byte first: it nearly always settles it. */
		if (t->len <= s->len && t->text[t->len - 1] == c &&
		    memcmp(s->tail + s->len - t->len, t->text, t->len) == 0)
			return (int)i;
	}
	return -1;
}

void
frame_begin(struct frame *f, bool paste, struct buf *out, size_t max)
{
	static const struct seek_text plain = SEEK_TEXT("OK");
	static const struct seek_text pasted = SEEK_TEXT("\x04");
	const struct buf none = BUF_MAX(FRAME_TRACE_MAX);

	f->state = FRAME_ACK;
	seek_begin(&f->ack, paste ? &pasted : &plain, 1);
	f->cr = false;
	f->out = out;
	f->left = max;
	f->trace = none;
}

static void
add_output(struct frame *f, char c)
{
	if (f->left == 0 || (f->out != NULL && buf_addc(f->out, c) == -1))
		f->state = FRAME_OVER;
	else
		f->left--;
}

static void
feed_output(struct frame *f, char c)
{
	if (f->cr && c != '\n')
		add_output(f, '\r');
	f->cr = false;
	if (f->state == FRAME_OVER)
		return;
	if (c == END_OF_PART)
		f->state = FRAME_TRACE;
	else if (c == '\r')
		f->cr = true;
	else
		add_output(f, c);
}

static void
feed_trace(struct frame *f, char c)
{
	if (c == END_OF_PART) {
		f->state = FRAME_PROMPT;
	} else if (buf_addc(&f->trace, c) == -1) {
		buf_drop(&f->trace, FRAME_TRACE_MAX / 2);
		buf_addc(&f->trace, c);
	}
}

enum frame_state
frame_feed(struct frame *f, char c)
{
	switch (f->state) {
	case FRAME_ACK:
		if (seek_feed(&f->ack, c) == 0)
			f->state = FRAME_OUTPUT;
		break;
	case FRAME_OUTPUT:
		feed_output(f, c);
		break;
	case FRAME_TRACE:
		feed_trace(f, c);
		break;
	case FRAME_PROMPT:
		if (c == '>')
			f->state = FRAME_DONE;
		break;
	case FRAME_DONE:
	case FRAME_OVER:
		break;
	}
	return f->state;
}

void
frame_end(struct frame *f)
{
	buf_release(&f->trace);
}

void
frame_last_line(struct buf *out, const struct buf *trace)
{
	size_t end = trace->len, start;

	while (end > 0 && isspace((unsigned char)trace->data[end - 1]))
		end--;
	start = end;
	while (start > 0 && trace->data[start - 1] != '\n')
		start--;
	buf_add(out, trace->data + start, end - start);
}

void
frame_exception(struct buf *out, const void *repr, size_t n)
{
	const char *s = repr, *arg = memchr(repr, '(', n);
	size_t len;

	if (arg == NULL || s[n - 1] != ')') {
		buf_add(out, s, n);
		return;
	}
	buf_add(out, s, (size_t)(arg - s));
	buf_adds(out, ": ");
	len = (size_t)(s + n - 1 - ++arg);
	if (len > 0 && arg[len - 1] == ',')
		len--;
	if (len > 1 && strchr("'\"", arg[0]) != NULL &&
	    arg[len - 1] == arg[0]) {
		arg++;
		len -= 2;
	}
	buf_add(out, arg, len);
}

/* "OSError: 28", "OSError: [Errno 28] ENOSPC", "OSError: (28, 'x')" */
int
frame_errno(const char *line)
{
	static const char name[] = "OSError: ";
	int n = 0;

	if (strncmp(line, name, sizeof(name) - 1) != 0)
		return 0;
	line += sizeof(name) - 1;
	line += strspn(line, "[(");
	if (strncmp(line, "Errno ", 6) == 0)
		line += 6;
	for (; isdigit((unsigned char)*line) && n < 1000; line++)
		n = n * 10 + (*line - '0');
	return n;
}
