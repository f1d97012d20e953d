/* SPDX-License-Identifier: MIT */
#include "journal/who.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "board/board.h"

static void
find_user(char *out, size_t size)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *pw;

	if (getuid() == 0 && sudo != NULL && sudo[0] != '\0') {
		snprintf(out, size, "%s", sudo);
		return;
	}
	pw = getpwuid(getuid());
	if (pw != NULL)
		snprintf(out, size, "%s", pw->pw_name);
	else
		snprintf(out, size, "%lu", (unsigned long)getuid());
}

struct journal_who
journal_who(int64_t flash_ms, int64_t record_ms)
{
	struct journal_who w = { .user = "" };
	char *host = board_host();
	int n = 0;

	find_user(w.user, sizeof(w.user));
	snprintf(w.host, sizeof(w.host), "%s", host);
	free(host);
	if (flash_ms >= 0)
		n = snprintf(w.stages, sizeof(w.stages), "{\"flash\":%lld}",
		    (long long)flash_ms);
	if (record_ms >= 0)
		snprintf(w.stages + (n > 0 ? n - 1 : 0), sizeof(w.stages) / 2,
		    "%s\"record\":%lld}", n > 0 ? "," : "{",
		    (long long)record_ms);
	return w;
}
