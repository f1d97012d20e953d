/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rfc2217/rfc2217.h"

static const char scheme[] = "rfc2217://";

#define PORT_MAX	65535

bool
rfc2217_is_address(const char *name)
{
	return strncmp(name, scheme, sizeof(scheme) - 1) == 0;
}

static bool
is_port_number(const char *text)
{
	char *end;
	const long n = strtol(text, &end, 10);

	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && n > 0 &&
	    n <= PORT_MAX;
}

int
rfc2217_parse(const char *address, char **host, char **port, struct err *e)
{
	const char *p = address + sizeof(scheme) - 1, *end = NULL, *colon;

	if (rfc2217_is_address(address)) {
		if (*p == '[')
			end = strchr(p++, ']');
		else
			end = p + strcspn(p, ":/?#@[] ");
	}
	if (end == NULL || end == p)
		goto bad;
	colon = *end == ']' ? end + 1 : end;
	if (*colon != ':' || !is_port_number(colon + 1))
		goto bad;
	*host = mem_printf("%.*s", (int)(end - p), p);
	*port = mem_str(colon + 1);
	return 0;
bad:
	err_set(e, ERR_USAGE, "%s: not an address of RFC 2217", address);
	return err_hint(e, "write rfc2217://HOST:PORT");
}
