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

char *
board_path(const struct bus *b, const char *serial_port)
{
	char *path = bus_path(b, serial_port);
	char *usb = bus_usb_of_tty(b, serial_port);
	const bool ours = usb != NULL;	/* the tree's, node or no node */

	free(usb);
	if (ours || access(path, F_OK) == 0 ||
	    access(serial_port, F_OK) == -1)
		return path;
	free(path);
	return mem_str(serial_port);
}
