/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_ESP_WIRE_H
#define MPF_FAULTS_ESP_WIRE_H

#include "link/link.h"
#include "sim/esp.h"
#include "spoil.h"

/*
 * esp_wire: a cable with a bridge between the tools and a simulated ESP chip,
 * and what goes wrong there; or the chip's own USB.
 */

#define ESP_WIRE_RATES	16u

struct esp_wire {
	struct sim_esp	*chip;
	struct sim_esp	*other;		/* is there when it is back; NULL */
	bool		 swapped;
	struct spoiler	 spoiler;
	/* From this byte of the chip's on, so many are replaced by noise. */
	size_t		 noise_at, noise_n;
	uint32_t	 noise;		/* state of its random numbers */
	int64_t		 back_ms;	/* a cable that was cut; -1: never */
	int64_t		 back_at;
	int64_t		 hold;		/* the chip's bytes wait until then */
	/* Above this rate one byte in so many is spoilt; 0: none is. */
	unsigned	 bad_above;
	size_t		 bad_every, bad_seen;
	unsigned	 baud;
	unsigned	 rates[ESP_WIRE_RATES];	/* that were set, in turn */
	size_t		 n_rates;
	unsigned	 moved;		/* times that DTR and RTS were set */
	unsigned	 life;		/* times that it was plugged in */
};

/* Is it plugged in now?  A board that comes back starts anew. */
bool	esp_wire_there(struct esp_wire *w);
int	esp_wire_open(struct esp_wire *w, const char *path, struct link **out,
	    struct err *e);

#endif
