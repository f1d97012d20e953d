/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "custom/impl.h"

/* sweep: what killed processes left in PORT/custom/DIGEST. */

static void
each_entry(const char *path, void (*fn)(const char *path))
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char *below;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		below = mem_printf("%s/%s", path, entry->d_name);
		fn(below);
		free(below);
	}
	if (d != NULL)
		closedir(d);
}

static void
sweep_port(const char *path)
{
	char *custom = mem_printf("%s/custom", path);

	each_entry(custom, file_sweep);
	free(custom);
}

void
custom_sweep(const char *dir)
{
	each_entry(dir, sweep_port);
}
