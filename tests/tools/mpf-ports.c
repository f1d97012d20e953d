/* SPDX-License-Identifier: MIT */

/*
 * mpf-ports bus | list: the names of the serial ports on USB, one a line,
 * as sysfs or as libserialport knows them.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/bus.h"
#include "link/link.h"

static int
by_bus(struct err *e)
{
	struct bus *b = bus_new(NULL);
	struct bus_place *list;
	size_t n;
	const int r = bus_places(b, &list, &n, e);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_ttys; k++)
			puts(list[i].ttys[k].dev);
	bus_places_free(list, n);
	bus_free(b);
	return r;
}

static int
by_list(struct err *e)
{
	char **names;

	if (link_list(&names, e) == -1)
		return -1;
	for (char **p = names; *p != NULL; p++)
		if (strstr(*p, "/ttyACM") != NULL ||
		    strstr(*p, "/ttyUSB") != NULL)
			puts(*p);
	link_list_free(names);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct err e = ERR_INIT;

	if (argc != 2)
		return 2;
	if ((strcmp(argv[1], "bus") == 0 ? by_bus(&e) : by_list(&e)) == 0)
		return 0;
	fprintf(stderr, "mpf-ports: %s\n", e.msg);
	return 1;
}
