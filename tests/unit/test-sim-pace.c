/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sim/pace.h"
#include "tap.h"

#define BAUD	10000u			/* a byte takes 1 ms */

static void
test_in(void)
{
	struct sim_pace p = { .on = true, .held = BUF_INIT };
	char to[8];

	OK(sim_pace_due(&p) == INT64_MAX);
	sim_pace_in(&p, "abcdef", 6, BAUD, 100);
	OK(sim_pace_due(&p) == 107);
	OK(sim_pace_take(&p, to, sizeof(to), 105) == 0);
	OK(sim_pace_take(&p, to, sizeof(to), 107) == 6);
	OK(memcmp(to, "abcdef", 6) == 0);
	/* Who comes at once loses nothing: the line was never free. */
	sim_pace_in(&p, "gh", 2, BAUD, 107);
	OK(sim_pace_take(&p, to, 1, 108) == 1);
	OK(sim_pace_take(&p, to, sizeof(to), 108) == 1);
	OK(to[0] == 'h');
	sim_pace_release(&p);
}

static void
test_out(void)
{
	struct sim_pace p = { .on = true, .held = BUF_INIT };

	OK(sim_pace_out(&p, 0, BAUD, 100) == 0);
	OK(sim_pace_out(&p, 5, BAUD, 100) == 0);
	OK(sim_pace_due(&p) == 106);
	/* What comes behind it waits for its turn. */
	OK(sim_pace_out(&p, 9, BAUD, 105) == 5);
	sim_pace_sent(&p, 5);
	OK(sim_pace_out(&p, 4, BAUD, 105) == 0);
	OK(sim_pace_out(&p, 4, BAUD, 109) == 4);
}

static void
test_idle(void)
{
	struct sim_pace p = { .on = true, .held = BUF_INIT };
	char to[8];

	sim_pace_in(&p, "a", 1, BAUD, 100);
	sim_pace_take(&p, to, sizeof(to), 101);
	sim_pace_out(&p, 1, BAUD, 150);
	sim_pace_sent(&p, sim_pace_out(&p, 1, BAUD, 151));
	/* The board worked until 150, and its answer took 1 ms. */
	sim_pace_in(&p, "b", 1, BAUD, 171);
	OK(sim_pace_idle(&p) == 20000);
	/* No answer came: nobody could go on. */
	sim_pace_take(&p, to, sizeof(to), 172);
	sim_pace_in(&p, "c", 1, BAUD, 300);
	OK(sim_pace_idle(&p) == 0);
	sim_pace_release(&p);
}

int
main(void)
{
	test_in();
	test_out();
	test_idle();
	return tap_done();
}
