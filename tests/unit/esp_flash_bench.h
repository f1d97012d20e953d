/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_FLASH_BENCH_H
#define MPF_ESP_FLASH_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/faults/esp_world.h"
#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/clock.h"
#include "base/mem.h"

/* esp_flash_bench: mpf-flash's work on a simulated ESP board, in memory. */

static struct err e;

static inline void
plug(struct esp_kind *k, enum content c)
{
	clock_fake(1000000);
	esp_world_plug(k, c, SIM_ESP_NO_FAULT, 0);
}

/* What went wrong, where all should have gone well. */
static inline int
flash_well(const struct flash_job *job)
{
	struct flash_outcome out;
	const int r = esp_world_run(job, &out, &e);

	if (r == -1)
		printf("# %s\n", e.msg);
	OK(r == 0 && esp_world_holds_new() && esp_world_runs());
	OK(r == -1 || strcmp(out.result.state, "running") == 0);
	flash_release(&out);
	return r;
}

static inline unsigned
last_rate(void)
{
	return esp_cable.n_rates == 0 ? 0 :
	    esp_cable.rates[esp_cable.n_rates - 1];
}

/* A folder for its images, and for the state and locks of the tools. */
static inline void
begin_esp_bench(void)
{
	char *state;

	tmp_enter();
	state = mem_printf("%s/state", tmp_path);
	setenv("XDG_STATE_HOME", state, 1);
	setenv("MPF_LOCKS", tmp_path, 1);
	free(state);
	esp_world_open();
}

static inline int
end_esp_bench(void)
{
	esp_world_close();
	tmp_leave();
	return tap_done();
}

#endif
