/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/dirs.h"
#include "base/mem.h"
#include "http/http_impl.h"

#define OTHERS	(S_IRWXG | S_IRWXO)

void
http_netrc_open(struct http *h)
{
	const char *given = getenv("NETRC");
	char *path = given != NULL && *given != '\0' ? mem_str(given) :
	    dirs_home(".netrc");
	struct stat st;

	h->netrc_how = CURL_NETRC_IGNORED;
	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode)) {
		free(path);
		return;
	}
	h->netrc = path;
	if ((st.st_mode & OTHERS) == 0)
		h->netrc_how = CURL_NETRC_OPTIONAL;
}

void
http_netrc_hint(const struct http *h, struct err *e)
{
	if (h->netrc != NULL && h->netrc_how == CURL_NETRC_IGNORED)
		err_hint(e, "chmod 600 %s: it is not used while others may "
		    "read it", h->netrc);
	else
		err_hint(e, "put the name and the password for that server "
		    "into ~/.netrc, with mode 0600");
}
