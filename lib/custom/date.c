/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "custom/date.h"

#define DIGITS	"0123456789"

/* n digits at *p, which is moved behind them. */
static bool
take_digits(const char **p, size_t n, int *out)
{
	*out = 0;
	for (; n > 0; n--, ++*p) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool
take_char(const char **p, const char *set)
{
	if (**p == '\0' || strchr(set, **p) == NULL)
		return false;
	++*p;
	return true;
}

/*
 * Days since 1970 in the Gregorian calendar, which repeats every 400 years:
 * years begin with March here, so that the leap day is the last of one.
 */
static int64_t
days_of(int year, int month, int day)
{
	const int y = month <= 2 ? year - 1 : year;
	const int m = (month + 9) % 12;
	const int64_t before = (int64_t)y * 365 + y / 4 - y / 100 + y / 400;

	return before + (m * 306 + 5) / 10 + day - 1 - 719468;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) ||
	    year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (month == 2 && leap);
}

/* "Z", "+01:00" or "-0530": seconds east of Greenwich. */
static bool
take_zone(const char **p, int *east)
{
	int hours, minutes, sign;

	*east = 0;
	if (take_char(p, "Zz"))
		return true;
	sign = **p == '-' ? -1 : 1;
	if (!take_char(p, "+-") || !take_digits(p, 2, &hours))
		return false;
	take_char(p, ":");
	if (!take_digits(p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*east = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool
date_utc(const char *text, char out[CLOCK_TEXT])
{
	int year, month, day, hour, minute, second, east;
	const char *p = text;

	if (!take_digits(&p, 4, &year) || !take_char(&p, "-") ||
	    !take_digits(&p, 2, &month) || !take_char(&p, "-") ||
	    !take_digits(&p, 2, &day) || !take_char(&p, "Tt ") ||
	    !take_digits(&p, 2, &hour) || !take_char(&p, ":") ||
	    !take_digits(&p, 2, &minute) || !take_char(&p, ":") ||
	    !take_digits(&p, 2, &second))
		return false;
	if (take_char(&p, ".")) {
		const size_t n = strspn(p, DIGITS);

		if (n == 0)
			return false;
		p += n;
	}
	if (!take_zone(&p, &east) || *p != '\0' || year < 1970 ||
	    !is_day(year, month, day) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	clock_text((time_t)(days_of(year, month, day) * 86400 + hour * 3600 +
	    minute * 60 + second - east), out);
	return true;
}
