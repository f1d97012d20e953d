/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_RATE_H
#define MPF_FLASH_ESP_RATE_H

#include "model/model.h"

/*
 * rate: how fast the line to a board is: by the bridge on it, and as it turned
 * out before.
 *
 * Source: the data sheets of the bridges.  What a cable takes shows itself: a
 * rate at which a board was flashed is kept for its USB serial number, or its
 * place where it has none.
 */

#define RATE_LOW	115200u		/* that any line takes */

/* In bits per second. */
unsigned	rate_for(const struct device *d);
/* The next lower step; RATE_LOW has none and stays. */
unsigned	rate_below(unsigned rate);
/* Keeps it; what cannot be kept is found out again. */
void		rate_keep(const struct device *d, unsigned rate);

#endif
