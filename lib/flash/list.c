/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "flash/driver.h"
#include "means/means.h"

/* "picoboot, uf2", or the other tool's command line. */
static void
list_means(const struct means *m, struct buf *out)
{
	buf_addf(out, "  %-11s %-26s ", m->port, m->board);
	for (size_t i = 0; m->method[i] != NULL; i++)
		buf_addf(out, "%s%s", i > 0 ? ", " : "", m->method[i]);
	buf_addf(out, "%s\n", m->method[0] == NULL ? m->command : "");
}

int
flash_list(struct buf *out, struct err *e)
{
	const struct means *m;
	struct means_table *t;
	size_t n;

	if (means_open(&t, e) == -1)
		return -1;
	buf_adds(out, "Methods:\n");
	for (size_t i = 0; flash_drivers[i] != NULL; i++) {
		const char *name = flash_drivers[i]->name;

		/* A name of two drivers stands once, as it is one method. */
		if (i > 0 && strcmp(name, flash_drivers[i - 1]->name) == 0)
			name = "";
		buf_addf(out, "  %-10s %s\n", name,
		    flash_drivers[i]->summary);
	}
	buf_adds(out, "Ways into a bootloader:\n");
	for (size_t i = 0; boot_methods[i] != NULL; i++)
		buf_addf(out, "  %-10s %s\n", boot_methods[i]->name,
		    boot_methods[i]->summary);
	buf_adds(out, "Boards (the first line that fits), and by what:\n");
	m = means_rows(t, &n);
	for (size_t i = 0; i < n; i++)
		list_means(&m[i], out);
	means_close(t);
	return 0;
}
