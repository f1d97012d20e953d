/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>

#include "sim/console.h"

int	LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Bytes to a simulated board: it answers, and never breaks. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct sim_console_opts opts = { .old = false };
	const struct sim_identity id = { .port = "rp2", .tag = "v1.24.1",
	    .machine = "Raspberry Pi Pico W with RP2040", .mcu = "rp2040",
	    .version = { 1, 24, 1 }, .uid_len = 8 };
	struct err e = ERR_INIT;
	struct sim_files *fs = sim_files_open(NULL, &e);
	struct sim_console *c;

	c = sim_console_new(&opts, sim_kind("rp2"), &id, fs);
	sim_console_boot(c);
	sim_console_input(c, p, n, 0);
	sim_console_turn(c, 1000);
	sim_console_free(c);
	sim_files_close(fs);
	return 0;
}
