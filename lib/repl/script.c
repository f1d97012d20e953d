/* SPDX-License-Identifier: MIT */
#include "repl/script.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "repl/parcel.h"

#define FRAME		"frame"

static const struct script *
find_script(const char *name)
{
	for (const struct script *s = scripts; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

/* --- writing --- */

struct script_arg
script_text(const char *s)
{
	return (struct script_arg){ s, strlen(s) };
}

static void
add_literal(struct buf *out, const struct script_arg *a)
{
	const uint8_t *p = a->p;

	buf_adds(out, "b'");
	for (size_t i = 0; i < a->n; i++) {
		if (p[i] == '\n')
			buf_adds(out, "\\n");
		else if (p[i] < 0x20 || p[i] > 0x7e || p[i] == '\'' ||
		    p[i] == '\\')
			buf_addf(out, "\\x%02x", p[i]);
		else
			buf_addc(out, (char)p[i]);
	}
	buf_addc(out, '\'');
}

/* A tuple; the comma at its end is what one of a single argument needs. */
static void
add_args(struct buf *out, const struct script_arg *args, size_t n)
{
	buf_addc(out, '(');
	for (size_t i = 0; i < n; i++) {
		add_literal(out, &args[i]);
		buf_addc(out, ',');
	}
	buf_addc(out, ')');
}

/* Each line of the body as deep as the word that stands for it. */
static void
add_body(struct buf *out, const char *body, size_t depth)
{
	for (bool first = true; *body != '\0'; first = false) {
		const size_t n = strcspn(body, "\n") + 1;

		if (!first)
			buf_addf(out, "%*s", (int)depth, "");
		buf_add(out, body, n);
		body += n;
	}
}

/* The frame up to that word, which is passed; *depth: of its line. */
static void
add_frame(struct buf *out, const char **frame, const char *word,
    size_t *depth)
{
	const char *end = strstr(*frame, word);
	const char *line = end;

	while (line > *frame && line[-1] == ' ')
		line--;
	*depth = (size_t)(end - line);
	buf_add(out, *frame, (size_t)(end - *frame));
	*frame = end + strlen(word);
}

/* All in front of the arguments. */
static void
add_head(struct buf *out, const char *body, const char **frame)
{
	size_t depth;

	add_frame(out, frame, "BODY\n", &depth);
	add_body(out, body, depth);
	add_frame(out, frame, "ARGS", &depth);
}

int
script_add(struct buf *out, const char *name, uint32_t nonce,
    const struct script_arg *args, size_t n)
{
	const char *frame = find_script(FRAME)->body;
	const struct script *s = find_script(name);
	size_t depth;

	if (s == NULL)
		return -1;
	add_head(out, s->body, &frame);
	add_args(out, args, n);
	add_frame(out, &frame, "NONCE", &depth);
	buf_addf(out, "%u", nonce);
	return buf_adds(out, frame);
}

uint32_t
script_nonce(uint32_t nonce, const struct script_arg *args, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nonce = parcel_sum(nonce, args[i].p, args[i].n);
	return nonce;
}

/* --- reading --- */

static bool
skip_text(const char **s, const char *text)
{
	const size_t n = strlen(text);

	if (strncmp(*s, text, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool
read_escape(const char **s, struct buf *out)
{
	uint8_t byte;

	if (skip_text(s, "n"))
		return buf_addc(out, '\n') == 0;
	if (!skip_text(s, "x") || strlen(*s) < 2 ||
	    text_unhex(&byte, 1, *s, 2) != 1)
		return false;
	*s += 2;
	return buf_addc(out, (char)byte) == 0;
}

static bool
read_args(const char **s, struct script_call *out)
{
	if (!skip_text(s, "("))
		return false;
	while (out->n < SCRIPT_ARGS && skip_text(s, "b'")) {
		struct buf *arg = &out->arg[out->n++];

		while (**s != '\0' && **s != '\'')
			if (skip_text(s, "\\")) {
				if (!read_escape(s, arg))
					return false;
			} else {
				buf_addc(arg, *(*s)++);
			}
		if (!skip_text(s, "',"))
			return false;
	}
	return skip_text(s, ")");
}

/* What follows the head of the script that *frame is the rest of. */
static bool
read_tail(const char *s, const char *frame, struct script_call *out)
{
	struct buf between = BUF_INIT;
	char *end;
	size_t depth;
	bool ok;

	add_frame(&between, &frame, "NONCE", &depth);
	ok = read_args(&s, out) && skip_text(&s, between.data);
	buf_release(&between);
	if (!ok)
		return false;
	out->nonce = (uint32_t)strtoul(s, &end, 10);
	for (size_t i = 0; i < out->n; i++)
		out->nonce = parcel_sum(out->nonce, out->arg[i].data,
		    out->arg[i].len);
	return end != s && strcmp(end, frame) == 0;
}

int
script_read(const char *code, size_t n, struct script_call *out)
{
	struct buf text = BUF_INIT, head = BUF_INIT;
	bool found = false;

	buf_add(&text, code, n);
	for (const struct script *s = scripts; !found && s->name != NULL; s++) {
		const char *frame = find_script(FRAME)->body;
		const char *rest = text.data;

		if (strcmp(s->name, FRAME) == 0)
			continue;
		*out = (struct script_call){ .name = s->name };
		for (size_t i = 0; i < SCRIPT_ARGS; i++)
			out->arg[i] = (struct buf)BUF_INIT;
		buf_clear(&head);
		add_head(&head, s->body, &frame);
		if (!skip_text(&rest, head.data))
			continue;
		found = read_tail(rest, frame, out);
		if (!found)
			script_call_release(out);
	}
	buf_release(&text);
	buf_release(&head);
	return found ? 0 : -1;
}

void
script_call_release(struct script_call *c)
{
	for (size_t i = 0; i < SCRIPT_ARGS; i++)
		buf_release(&c->arg[i]);
}
