/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

static bool faked;
static int64_t fake_now;

int64_t
clock_ms(void)
{
	struct timespec ts;

	if (faked)
		return fake_now;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
clock_left_ms(int64_t deadline)
{
	const int64_t left = deadline - clock_ms();

	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void
clock_sleep_ms(int64_t ms)
{
	struct timespec ts;

	if (ms <= 0)
		return;
	if (faked) {
		fake_now += ms;
		return;
	}
	ts.tv_sec = (time_t)(ms / 1000);
	ts.tv_nsec = (long)(ms % 1000) * 1000000;
	while (nanosleep(&ts, &ts) == -1 && errno == EINTR)
		;			/* ts is the time left */
}

time_t
clock_wall(void)
{
	return faked ? (time_t)(fake_now / 1000) : time(NULL);
}

void
clock_text(time_t t, char out[CLOCK_TEXT])
{
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

void
clock_fake(int64_t ms)
{
	faked = true;
	fake_now = ms;
}
