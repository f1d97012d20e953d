/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_ANSWER_H
#define MPF_SIM_ANSWER_H

#include "base/buf.h"
#include "sim/fault.h"
#include "sim/python.h"

/*
 * answer: what code has printed, as it goes over the wire; or what a fault
 * makes of it.  *count is how many answers there were so far.
 */
void	sim_answer(const struct sim_fault *fault, unsigned *count,
	    struct sim_outcome *o, struct buf *out);

#endif
