/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void *
mem_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL) {
		fprintf(stderr, "out of memory (%zu bytes)\n", size);
		exit(2);
	}
	return p;
}

void *
mem_grow(void *p, size_t n, size_t size)
{
	void *q;

	if ((size != 0 && n > SIZE_MAX / size) ||
	    (q = realloc(p, n * size > 0 ? n * size : 1)) == NULL) {
		fprintf(stderr, "out of memory (%zu of %zu bytes)\n", n, size);
		exit(2);
	}
	return q;
}

void *
mem_copy(const void *p, size_t n)
{
	void *q = mem_alloc(n);

	if (n > 0)
		memcpy(q, p, n);
	return q;
}

char *
mem_str(const char *s)
{
	return s == NULL ? NULL : mem_copy(s, strlen(s) + 1);
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return mem_alloc(1);	/* only a broken locale gets here */
	s = mem_alloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
mem_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
