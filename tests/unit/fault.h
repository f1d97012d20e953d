/* SPDX-License-Identifier: MIT */
#ifndef MPF_TEST_FAULT_H
#define MPF_TEST_FAULT_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE first: fault.h needs RTLD_NEXT"
#endif
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * fault: calls of other people's libraries that fail when a test says so.
 *
 * A test defines the function itself, which takes the place of the library's
 * in the whole program, and asks fault() what to do:
 *
 *	int
 *	fsync(int fd)
 *	{
 *		return fault("fsync") ? -1 : FAULT_REAL(fsync)(fd);
 *	}
 *
 * fault_at(NAME, N, ERRNO) lets the Nth call from now fail, once; NAME NULL is
 * a call of any name.
 */
static const char *fault_name;
static int fault_left, fault_errno;
static bool fault_hit;			/* it came to that call */

static inline void
fault_at(const char *name, int n, int eno)
{
	fault_name = name;
	fault_left = n;
	fault_errno = eno;
	fault_hit = false;
}

static inline bool
fault(const char *name)
{
	if (fault_left == 0 || (fault_name != NULL &&
	    strcmp(fault_name, name) != 0) || --fault_left > 0)
		return false;
	fault_hit = true;
	errno = fault_errno;
	return true;
}

static inline void *
fault_real(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (p == NULL)
		abort();
	return p;
}

/* The library's own function, which POSIX lets dlsym() give as an object. */
#define FAULT_REAL(f)	(*(__typeof__(&f))fault_real(#f))

#endif
