/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Room for n more bytes and the NUL; -1 if that passes the ceiling. */
static int
reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap;

	if (n > b->max - b->len || b->max < b->len)
		return -1;
	if (b->len + n < cap)
		return 0;
	if (cap == 0)
		cap = 64;
	while (cap <= b->len + n && cap <= SIZE_MAX / 2)
		cap *= 2;
	if (cap <= b->len + n)
		cap = SIZE_MAX;		/* there is not: mem_grow says so */
	b->data = mem_grow(b->cap == 0 ? NULL : b->data, cap, 1);
	b->cap = cap;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_room(struct buf *b, size_t n)
{
	if (b->max < b->len || n > b->max - b->len)
		return -1;
	if (n >= SIZE_MAX - b->len || b->len + n < b->cap)
		return 0;
	b->data = mem_grow(b->cap == 0 ? NULL : b->data, b->len + n + 1, 1);
	b->cap = b->len + n + 1;
	b->data[b->len] = '\0';
	return 0;
}

void
buf_took(struct buf *b, size_t n)
{
	b->len += n;
	b->data[b->len] = '\0';
}

int
buf_add(struct buf *b, const void *p, size_t n)
{
	if (reserve(b, n) == -1)
		return -1;
	if (n > 0)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || reserve(b, (size_t)n) == -1)
		return -1;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (b->cap == 0)
		return;
	if (n > b->len)
		n = b->len;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

void
buf_clear(struct buf *b)
{
	buf_drop(b, b->len);
}

void
buf_release(struct buf *b)
{
	if (b->cap > 0)
		free(b->data);
	b->data = (char *)"";
	b->len = b->cap = 0;
}

char *
buf_steal(struct buf *b)
{
	char *p = b->cap > 0 ? b->data : mem_str("");

	b->data = (char *)"";
	b->len = b->cap = 0;
	return p;
}
