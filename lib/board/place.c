/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "board/board.h"

#define HOST_MAX	256

char *
board_host(void)
{
	const char *given = getenv("MPF_HOST");
	char name[HOST_MAX];

	if (given != NULL && given[0] != '\0')
		return mem_str(given);
	if (gethostname(name, sizeof(name)) == -1)
		return mem_str("localhost");
	name[sizeof(name) - 1] = '\0';
	return mem_str(name);
}
