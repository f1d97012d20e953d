/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_MEM_H
#define MPF_BASE_MEM_H

#include <stddef.h>

/*
 * mem: allocation that succeeds or ends the process with status 2.
 *
 * So no function has an out-of-memory path.  The price is one rule: a flash
 * backend allocates everything it needs in open(), before the first erase.
 * What these return is released with free(3).
 */
void	*mem_alloc(size_t size);	/* zeroed; never NULL */
void	*mem_grow(void *p, size_t n, size_t size);
void	*mem_copy(const void *p, size_t n);
char	*mem_str(const char *s);	/* a copy; NULL gives NULL */
char	*mem_printf(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
/* Gives back to the system what was freed, where the C library can. */
void	mem_trim(void);

#endif
