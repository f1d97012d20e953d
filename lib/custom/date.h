/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_DATE_H
#define MPF_CUSTOM_DATE_H

#include <stdbool.h>

#include "base/clock.h"

/* date: times as RFC 3339 and ISO 8601 have them, as records have them. */

/*
 * "2025-07-08T01:15:00.5+02:00" as "2025-07-07T23:15:00Z".  False: not a time,
 * of no zone, or before 1970.
 */
bool	date_utc(const char *text, char out[CLOCK_TEXT]);

#endif
