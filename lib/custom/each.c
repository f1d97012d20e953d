/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/text.h"
#include "custom/impl.h"
#include "site/source.h"

/* each: the files that a word means; of a folder all that are firmware. */

#define FILES_MAX	4096u

/* The whole image of a build, the best first; "firmware" in all of them. */
static const char *const whole[] = { "firmware.uf2", "firmware.dfu",
	"firmware.hex", "firmware.bin" };

/* What only a folder has in which something was built. */
static const char *const marks[] = { "CMakeCache.txt", "genhdr",
	"flasher_args.json", "firmware.elf" };

struct names {
	char	**v;
	size_t	 n;
};

static bool
has_path(const char *dir, const char *name)
{
	char *path = mem_printf("%s/%s", dir, name);
	struct stat st;
	const bool is = stat(path, &st) == 0;

	free(path);
	return is;
}

static bool
is_build(const char *dir)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (has_path(dir, marks[i]))
			return true;
	return false;
}

static int
no_whole(const char *dir, struct err *e)
{
	err_set(e, ERR_UNSUPPORTED, "%s: a build, but without the whole "
	    "image: no firmware.uf2, .dfu, .hex or .bin", dir);
	return err_hint(e, has_path(dir, "flasher_args.json") ?
	    "in that folder: esptool --chip CHIP merge_bin -o firmware.bin "
	    "@flash_args" : "finish the build, or name the file");
}

static int
each_build(const char *dir, int (*fn)(const char *source, void *ctx),
    void *ctx, struct err *e)
{
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		char *path;

		/* For an ESP32 the UF2 file is the application alone. */
		if (!has_path(dir, whole[i]) || (i == 0 &&
		    has_path(dir, "flasher_args.json") &&
		    has_path(dir, "firmware.bin")))
			continue;
		path = mem_printf("%s/%s", dir, whole[i]);
		fn(path, ctx);
		free(path);
		return 0;
	}
	return no_whole(dir, e);
}

static int
list_folder(const char *dir, struct names *l, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *de;
	int r = 0;

	if (d == NULL)
		return err_sys(e, "%s", dir);
	while (r == 0 && (de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.' || !image_name_fits(de->d_name))
			continue;
		if (l->n == FILES_MAX) {
			r = err_set(e, ERR_INPUT, "%s: more than %u files",
			    dir, FILES_MAX);
			break;
		}
		l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
		l->v[l->n++] = mem_printf("%s/%s", dir, de->d_name);
	}
	closedir(d);
	return r;
}

static int
each_folder(const char *dir, int (*fn)(const char *source, void *ctx),
    void *ctx, struct err *e)
{
	struct names l = { NULL, 0 };
	int r = list_folder(dir, &l, e);

	if (r == 0 && l.n == 0) {
		err_set(e, ERR_NOT_FOUND, "%s: no firmware in this folder",
		    dir);
		r = err_hint(e, ".uf2, .bin, .hex and .dfu files count");
	}
	if (l.n > 0)
		qsort(l.v, l.n, sizeof(*l.v), text_order);
	for (size_t i = 0; i < l.n; i++) {
		if (r == 0 && fn(l.v[i], ctx) != 0)
			r = 1;
		free(l.v[i]);
	}
	free(l.v);
	return r == -1 ? -1 : 0;
}

int
custom_each(const char *word, int (*fn)(const char *source, void *ctx),
    void *ctx, struct err *e)
{
	struct err ignored;
	struct stat st;
	char *path = NULL;
	int r = 0;

	if (source_kind(word) == SOURCE_FILE && strcmp(word, "-") != 0 &&
	    strncmp(word, "gitlab:", 7) != 0)
		path = source_path(word, &ignored);
	if (path == NULL || stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		fn(word, ctx);
	else
		r = is_build(path) ? each_build(path, fn, ctx, e) :
		    each_folder(path, fn, ctx, e);
	free(path);
	return r;
}
