/* SPDX-License-Identifier: MIT */
#include "sim/probe.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "image/hex.h"
#include "image/image.h"

void
sim_probe_open(struct sim_probe *p, const char *dir)
{
	*p = (struct sim_probe)SIM_PROBE_INIT;
	p->dir = mem_str(dir);
	sim_watch_open(&p->watch, dir, SIM_WATCH_CHANGE);
}

static bool
is_whole(const struct buf *file)
{
	struct image_source s = IMAGE_MEMORY((const uint8_t *)file->data,
	    file->len);
	struct hex_file hex;
	struct err ignored;

	return file->len > 0 && hex_check(&s, &hex, NULL, &ignored) == 0;
}

static bool
take_hex_file(struct sim_probe *p, const char *name)
{
	const char *dot = strrchr(name, '.');
	char *path;
	struct err ignored;

	if (dot == NULL || strcasecmp(dot, ".hex") != 0)
		return false;
	path = mem_printf("%s/%s", p->dir, name);
	buf_clear(&p->file);
	if (file_read(path, &p->file, &ignored) == -1)
		buf_clear(&p->file);
	free(path);
	return is_whole(&p->file);
}

bool
sim_probe_look(struct sim_probe *p)
{
	DIR *dir = opendir(p->dir);
	const struct dirent *ent;
	bool taken = false;

	sim_watch_drain(&p->watch);
	while (dir != NULL && !taken && (ent = readdir(dir)) != NULL)
		taken = take_hex_file(p, ent->d_name);
	if (dir != NULL)
		closedir(dir);
	return taken;
}

bool
sim_probe_strings(const struct sim_probe *p, struct image_strings *out)
{
	struct image_source s = IMAGE_MEMORY((const uint8_t *)p->file.data,
	    p->file.len);
	struct image_facts facts;
	struct err ignored;

	if (image_inspect(&s, &facts, &ignored) == -1)
		return false;
	*out = facts.strings;
	return out->machine[0] != '\0';
}

int
sim_probe_keep(const struct sim_probe *p, const char *keep, struct err *e)
{
	return keep == NULL ? 0 :
	    file_write(keep, p->file.data, p->file.len, 0666, e);
}

void
sim_probe_close(struct sim_probe *p)
{
	if (p->dir == NULL)
		return;
	sim_watch_close(&p->watch);
	free(p->dir);
	buf_release(&p->file);
	p->dir = NULL;
}
