/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_FLASH_BENCH_H
#define MPF_DFU_FLASH_BENCH_H

#include <stdlib.h>
#include <string.h>

#include "../tests/unit/dfu_world.h"
#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "flash/driver.h"

/* dfu_flash_bench: flash_run over that board, for tests. */

static struct err e;

/* Runs it; how it ended. */
static inline enum err_code
flash(const struct flash_job *job, struct flash_outcome *out)
{
	e = (struct err)ERR_INIT;
	if (flash_run(job, flash_drivers, out, &e) == 0)
		e.code = ERR_NONE;
	return e.code;
}

/* Refused with these words, and not a byte is erased or written. */
static inline void
refused(const struct flash_job *job, enum err_code code, const char *words)
{
	struct flash_outcome out;

	OK(flash(job, &out) == code);
	if (strstr(e.msg, words) == NULL)
		IS_STR(e.msg, words);
	OK(sim_dfu_counts(usb.sim)->erases == 0 &&
	    sim_dfu_counts(usb.sim)->writes == 0 &&
	    sim_dfu_counts(usb.sim)->mass_erases == 0);
	flash_release(&out);
}

static inline void
bench_enter(void)
{
	tmp_enter();
	setenv("XDG_STATE_HOME", tmp_path, 1);
	setenv("MPF_LOCKS", tmp_path, 1);
	clock_fake(1000);
}

static inline void
bench_leave(void)
{
	bench_end(&usb);
	tmp_leave();
}

#endif
