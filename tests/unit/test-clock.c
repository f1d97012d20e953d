/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include "tap.h"

static void
test_real(void)
{
	const int64_t t = clock_ms(), wall = clock_wall();

	clock_sleep_ms(2);
	OK(clock_ms() >= t + 2);
	clock_sleep_ms(0);
	clock_sleep_ms(-5);		/* returns at once */
	OK(clock_wall() >= wall && wall > 1600000000);
	OK(clock_left_ms(t) == 0);
	OK(clock_left_ms(INT64_MAX) == INT_MAX);
	OK(clock_left_ms(clock_ms() + 60000) > 0);
}

static volatile sig_atomic_t signals;

static void
count_signal(int sig)
{
	(void)sig;
	signals = signals + 1;
}

/* Signals do not cut it short, however many come. */
static void
test_signals(void)
{
	const struct itimerval every = { { 0, 3000 }, { 0, 3000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	const struct sigaction act = { .sa_handler = count_signal };
	int64_t began;

	OK(sigaction(SIGALRM, &act, NULL) == 0);
	OK(setitimer(ITIMER_REAL, &every, NULL) == 0);
	do {				/* once, unless the machine is busy */
		began = clock_ms();
		clock_sleep_ms(40);
		OK(clock_ms() >= began + 40);
	} while (signals < 2);
	OK(setitimer(ITIMER_REAL, &never, NULL) == 0);
}

static void
test_fake(void)
{
	clock_fake(1000000);
	OK(clock_ms() == 1000000 && clock_wall() == 1000);
	OK(clock_left_ms(1000250) == 250);
	clock_sleep_ms(3600000);	/* an hour, in no time */
	OK(clock_ms() == 4600000 && clock_wall() == 4600);
	OK(clock_left_ms(1000250) == 0);
}

static void
test_text(void)
{
	char out[CLOCK_TEXT];

	setenv("TZ", "EST5EDT", 1);
	tzset();
	clock_text(0, out);
	IS_STR(out, "1970-01-01T00:00:00Z");
	clock_text(951782400, out);	/* the leap day of 2000 */
	IS_STR(out, "2000-02-29T00:00:00Z");
	clock_text(1795176000, out);
	IS_STR(out, "2026-11-20T12:00:00Z");
	clock_text((time_t)253402300799, out);
	IS_STR(out, "9999-12-31T23:59:59Z");
	clock_text((time_t)253402300800, out);	/* five digits do not fit */
	IS_STR(out, "");
	clock_text((time_t)INT64_MAX, out);
	IS_STR(out, "");
}

int
main(void)
{
	test_real();
	test_signals();
	test_text();
	test_fake();
	return tap_done();
}
