/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PYTHON_H
#define MPF_SIM_PYTHON_H

#include <stdint.h>

#include "base/buf.h"
#include "sim/files.h"
#include "sim/identity.h"
#include "sim/kind.h"

/*
 * python: the little that a simulated board understands of Python.
 *
 * Two things: the scripts of share/probe, which it knows by their text (see
 * repl/script.h), and single statements such as people and mpremote send:
 * import, an assignment, an expression of literals, a call of what is in the
 * table of python_call.c.  All else raises NotImplementedError, so that nobody
 * takes the simulator for the real thing.
 */

enum sim_action {
	SIM_GO_ON,
	SIM_SOFT_RESET,			/* machine.soft_reset() */
	SIM_RESET,			/* machine.reset() */
	SIM_BOOTLOADER			/* machine.bootloader() */
};

#define SIM_FOREVER	INT64_MAX

/* What running some code came to. */
struct sim_outcome {
	struct buf	 out;		/* printed, lines end with "\n" */
	struct buf	 raised;	/* "OSError: [Errno 2] ENOENT"; or "" */
	int64_t		 took_ms;	/* SIM_FOREVER: until ^C */
	enum sim_action	 action;	/* after took_ms */
};

#define SIM_OUTCOME_INIT { .out = BUF_INIT, .raised = BUF_INIT }

struct sim_python;

/* All borrowed: they must outlive it. */
struct sim_python	*sim_python_new(const struct sim_kind *kind,
			    const struct sim_identity *id,
			    struct sim_files *fs);
void	sim_python_free(struct sim_python *py);
/* Variables and open files are gone: a soft reset. */
void	sim_python_reset(struct sim_python *py);
/* From now on its machine string holds bytes that are not UTF-8. */
void	sim_python_garble(struct sim_python *py);

/*
 * Runs code of n bytes.  show: the value of an expression is printed, as at
 * the friendly prompt.  The caller releases *out with sim_outcome_release.
 */
void	sim_python_run(struct sim_python *py, const char *code, size_t n,
	    int show, struct sim_outcome *out);
void	sim_outcome_release(struct sim_outcome *o);

#endif
