/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_RUN_H
#define MPF_FAULTS_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "wire.h"

/*
 * run: one thing that a tool does to one board, with faults; and the oracles,
 * which know what the board really is.
 *
 * All runs of a seed are the same each time, and have a number; a run that
 * breaks a promise says how to do it again alone.
 */

#define HANG_S		20u		/* of real time, for one run */
#define PLACES		100000u		/* where a fault may sit, at most */

struct run {
	/* What is wanted. */
	uint64_t	 seed;
	uint64_t	 only;		/* this number alone; 0: all */
	uint64_t	 share;		/* one of so many; 1: all */
	const char	*test;		/* this test alone; NULL: all */
	/* What has been. */
	uint64_t	 number, done, bad;
	uint64_t	 ok, failed;	/* what the tools said of them */
	uint64_t	 random;	/* state */
	char		 what[400];	/* the run that is on */
	bool		 broken;	/* it has broken a promise */
};

/* A number from 0 to below n. */
uint32_t	run_random(struct run *r, uint32_t n);
/* Is this run's number wanted?  Sets the clock; what names it. */
bool	run_begin(struct run *r, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The run that is on has broken a promise. */
void	run_broken(struct run *r, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The run is over; said: what the function returned, and its error. */
void	run_end(struct run *r, int said, const struct err *e);

/* One run of a test, with these faults. */
typedef void run_fn(struct run *r, const struct spoil *f, size_t n, void *ctx);

/*
 * Calls go for each fault of the wire that is worth it: at each of the bytes
 * that went each way when all was well.
 */
void	run_wire(struct run *r, const struct spoiler *calm, run_fn *go,
	    void *ctx);

/* Each returns when all its runs are done. */
void	test_detect(struct run *r);
void	test_record(struct run *r);
void	test_flash(struct run *r);		/* faults of the wire */
void	test_swap(struct run *r);		/* another board comes */
void	test_calls(struct run *r);		/* system calls that fail */
void	test_dfu(struct run *r);		/* faults of a DFU device */
void	test_picoboot(struct run *r);	/* faults of an RP2's ROM */
void	test_esp(struct run *r);	/* faults of an ESP chip's line */

#endif
