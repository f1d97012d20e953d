/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/dirs.h"
#include "base/mem.h"
#include "http/http.h"

#define OTHERS	(S_IRWXG | S_IRWXO)

char *
http_netrc(void (*say)(const char *fmt, ...))
{
	const char *given = getenv("NETRC");
	char *path = given != NULL && *given != '\0' ? mem_str(given) :
	    dirs_home(".netrc");
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & OTHERS) == 0)
		return path;
	if (stat(path, &st) == 0 && say != NULL)
		say("%s: not used, as others may read it: chmod 600 it", path);
	free(path);
	return NULL;
}
