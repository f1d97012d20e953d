/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_ESP_OPTS_H
#define MPF_SIM_ESP_OPTS_H

#include "base/err.h"
#include "sim/esp.h"
#include "sim/fault.h"
#include "sim/identity.h"

/*
 * esp_opts: an ESP chip in the words of a user, as the options of mpf-sim have
 * them.  Pure.
 */

/* Each NULL where nothing was said. */
struct sim_esp_words {
	const char	*flash;		/* "8MB", "512KB" */
	const char	*psram;		/* "8MB" */
	const char	*revision;	/* "3.1" */
	const char	*package;	/* "ESP32-D2WD", "ESP32-S0WD" */
	const char	*rise;		/* "150": milliseconds */
	const char	*wiring;	/* "direct" */
	const char	*hold;		/* "boot", "reset" */
	const char	*flash_lines;	/* "2", "4" */
	const char	*secure;	/* "boot,flash,download" */
	const char	*timing;	/* "line,flash" */
};

/*
 * Fills in out, whose chip is set.  The MAC is made of id's unique id; an
 * ESP8266's unique id is made to be the end of its MAC, as it is.  ERR_USAGE.
 */
int	sim_esp_words(const struct sim_esp_words *w, struct sim_identity *id,
	    struct sim_esp_opts *out, struct err *e);
/* Does w ask for a line that takes its time? */
bool	sim_esp_paced(const struct sim_esp_words *w);
/* A fault of the chip or of its loader; others are none of its business. */
void	sim_esp_fail(const struct sim_fault *f, struct sim_esp_opts *out);

#endif
