/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "repl/parcel.h"
#include "sim/python_in.h"

/* What a simulated board answers to scripts about all of its files. */

#define BLOCK		4096u		/* bytes that are erased together */

/* Is the first part of the name one of those that the caller skips? */
static bool
is_skipped(const struct script_call *c, const char *name)
{
	const size_t n = strcspn(name, "/");

	for (size_t i = 1; i < c->n; i++)
		if (c->arg[i].len == n &&
		    strncmp(c->arg[i].data, name, n) == 0)
			return true;
	return false;
}

int
py_run_list(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	const struct sim_files *fs = py->fs;
	const char *name;
	size_t i, n;

	for (i = 0; (name = sim_files_folder(fs, i, &n)) != NULL; i++) {
		char *path = mem_printf("/%.*s", (int)n, name);

		if (!is_skipped(c, name))
			parcel_put(out, "folder", path, n + 1);
		free(path);
	}
	for (i = 0; (name = sim_files_name(fs, i, &n)) != NULL; i++) {
		char *text = mem_printf("%zu /%s", n, name);

		if (!is_skipped(c, name))
			parcel_put(out, "file", text, strlen(text));
		free(text);
	}
	return 0;
}

int
py_run_mkdir(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	(void)out;
	return py_result(py, sim_files_mkdir(py->fs, c->arg[0].data));
}

int
py_run_hash(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	uint8_t sum[DIGEST_SIZE];
	const uint8_t *p;
	size_t n;
	int r = sim_files_read(py->fs, c->arg[0].data, &p, &n);

	if (r != 0)
		return py_oserror(py, r);
	digest_raw(p, n, sum);
	parcel_put(out, "sha256", sum, sizeof(sum));
	return 0;
}

static void
put_size(struct buf *out, const char *key, size_t v)
{
	char *text = mem_printf("%zu", v);

	parcel_put(out, key, text, strlen(text));
	free(text);
}

int
py_run_space(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	(void)c;
	put_size(out, "free", sim_files_free(py->fs));
	return 0;
}

int
py_run_format(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	const int r = sim_files_format(py->fs);

	if (r != 0)
		return py_oserror(py, r);
	parcel_put(out, "kind", c->arg[1].data, c->arg[1].len);
	return 0;
}

/* The files go with the first block, where their folder is. */
int
py_run_erase(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	const int r = strcmp(c->arg[2].data, "0") == 0 ?
	    sim_files_format(py->fs) : 0;

	if (r != 0)
		return py_oserror(py, r);
	put_size(out, "blocks", SIM_FILES_MAX / BLOCK);
	return 0;
}
