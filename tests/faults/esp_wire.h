/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_ESP_WIRE_H
#define MPF_FAULTS_ESP_WIRE_H

#include "link/link.h"
#include "sim/esp.h"
#include "spoil.h"

/*
 * esp_wire: a cable with a bridge between the tools and a simulated ESP chip,
 * and what goes wrong there.  While esp_wire_now is set, whoever in libmpf.a
 * opens a port gets this cable.
 */

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
	unsigned	 baud;
	unsigned	 life;		/* times that it was plugged in */
};

extern struct esp_wire *esp_wire_now;

/* Is it plugged in now?  A board that comes back starts anew. */
bool	esp_wire_there(struct esp_wire *w);
int	esp_wire_open(const char *path, struct link **out, struct err *e);

#endif
