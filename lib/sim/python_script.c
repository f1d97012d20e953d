/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sim/python_in.h"

/*
 * The scripts of share/probe, answered from their first line.  Arguments are
 * in hex, so that no name and no byte can break the line.
 */

#define ARGS_MAX	2
#define HEX_LINE	32		/* bytes a line, as read.py prints */
#define FILE_MAX	8192u		/* bytes of a file, files.py prints */

struct arg {
	char	*p;			/* a NUL behind it */
	size_t	 n;
};

static void
hex(struct buf *out, const void *p, size_t n)
{
	char pair[3];

	for (size_t i = 0; i < n; i++) {
		text_hex(pair, (const uint8_t *)p + i, 1);
		buf_adds(out, pair);
	}
}

static void
fact(struct sim_python *py, const char *key, const void *p, size_t n)
{
	struct buf *out = &py->now->out;

	if (n == 0)
		return;
	buf_addf(out, "%s ", key);
	hex(out, p, n);
	buf_addc(out, '\n');
}

static void
fact_str(struct sim_python *py, const char *key, const char *s)
{
	fact(py, key, s, strlen(s));
}

/* As share/probe/files.py does it. */
static void
fact_file(struct sim_python *py, const char *key, const char *name)
{
	struct buf *out = &py->now->out;
	const uint8_t *p = NULL;
	unsigned long sum = 0;
	size_t n = 0, size;

	if (sim_files_read(py->fs, name, &p, &n) != 0) {
		buf_addf(out, "%s-sum 0 [Errno 2] ENOENT\n", key);
		return;
	}
	size = n < FILE_MAX ? n : FILE_MAX;
	buf_addf(out, "%s ", key);
	hex(out, p, size);
	buf_addc(out, '\n');
	for (size_t i = 0; i < size; i++)
		sum = (sum * 257 + p[i]) % 65521;
	buf_addf(out, "%s-sum %zu %lu\n", key, n > FILE_MAX ? FILE_MAX + 1 : n,
	    sum);
}

/* samd has no os.uname; all have sys.implementation._machine since v1.19. */
static void
facts_uname(struct sim_python *py, const char *number)
{
	char *text;

	if (strcmp(py->id->port, "samd") == 0)
		return;
	fact_str(py, "release", number);
	text = mem_printf("%s on %s", py->id->tag, py->id->date);
	fact_str(py, "uversion", text);
	free(text);
}

static int
run_probe(struct sim_python *py, const struct arg *a)
{
	const struct sim_identity *id = py->id;
	char number[48], text[160];

	(void)a;
	snprintf(number, sizeof(number), "%u.%u.%u%s", id->version[0],
	    id->version[1], id->version[2], id->preview ? "-preview" : "");
	fact_str(py, "name", "micropython");
	fact_str(py, "version", number);
	facts_uname(py, number);
	fact_str(py, "machine", id->machine);
	snprintf(text, sizeof(text), "%d", py_mpy(py));
	fact_str(py, "mpy", text);
	snprintf(text, sizeof(text), "3.4.0; MicroPython %s on %s", id->tag,
	    id->date);
	fact_str(py, "sysver",
	    sim_identity_since(id, 1, 19) ? text : "3.4.0");
	fact_str(py, "platform", id->platform);
	if (sim_identity_since(id, 1, 25)) {
		snprintf(text, sizeof(text), "%s%s%s", id->board_id,
		    id->variant[0] != '\0' ? "-" : "", id->variant);
		fact_str(py, "build", text);
	}
	fact(py, "uid", id->uid, id->uid_len);
	fact_file(py, "info", "board_info.toml");
	fact_file(py, "record", "mpflash.toml");
	buf_adds(&py->now->out, "end\n");
	return 0;
}

static int
run_platform(struct sim_python *py, const struct arg *a)
{
	(void)a;
	buf_addf(&py->now->out, "%s\n", py->id->platform);
	return 0;
}

static int
run_read(struct sim_python *py, const struct arg *a)
{
	const uint8_t *p;
	size_t n, at;
	int r = sim_files_read(py->fs, a[0].p, &p, &n);

	if (r != 0)
		return py_oserror(py, r);
	for (at = 0; at < n; at += HEX_LINE) {
		hex(&py->now->out, p + at,
		    n - at < HEX_LINE ? n - at : HEX_LINE);
		buf_addc(&py->now->out, '\n');
	}
	buf_adds(&py->now->out, "end\n");
	return 0;
}

/* What a script that only changes something prints, or why it could not. */
static int
done(struct sim_python *py, int r)
{
	if (r != 0)
		return py_oserror(py, r);
	buf_adds(&py->now->out, "ok\n");
	return 0;
}

static int
run_open(struct sim_python *py, const struct arg *a)
{
	int r = sim_files_write(py->fs, a[0].p, "", 0);

	free(py->upload_name);
	py->upload_name = r == 0 ? mem_str(a[0].p) : NULL;
	buf_clear(&py->upload);
	return done(py, r);
}

static int
run_write(struct sim_python *py, const struct arg *a)
{
	if (py->upload_name == NULL)
		return py_raise(py, "NameError: name '_mpf_f' isn't defined");
	return done(py, buf_add(&py->upload, a[0].p, a[0].n) == 0 ? 0 :
	    SIM_ENOSPC);
}

static int
run_close(struct sim_python *py, const struct arg *a)
{
	int r;

	(void)a;
	if (py->upload_name == NULL)
		return py_raise(py, "NameError: name '_mpf_f' isn't defined");
	r = sim_files_write(py->fs, py->upload_name, py->upload.data,
	    py->upload.len);
	free(py->upload_name);
	py->upload_name = NULL;
	return done(py, r);
}

static int
run_rename(struct sim_python *py, const struct arg *a)
{
	return done(py, sim_files_rename(py->fs, a[0].p, a[1].p));
}

static int
run_remove(struct sim_python *py, const struct arg *a)
{
	return done(py, sim_files_remove(py->fs, a[0].p));
}

static int
run_bootloader(struct sim_python *py, const struct arg *a)
{
	struct py_args none = { .n = 0 };
	struct py_value v = { .type = PY_NONE };

	(void)a;
	py->now->took_ms = 100;
	return py_call(py, "machine.bootloader", &none, &v) == 0 ? 0 : -1;
}

static const struct {
	const char	*name;
	size_t		 args;
	int		(*run)(struct sim_python *py, const struct arg *a);
} scripts[] = {
	{ "probe", 0, run_probe },
	{ "platform", 0, run_platform },
	{ "read", 1, run_read },
	{ "open", 1, run_open },
	{ "write", 1, run_write },
	{ "close", 0, run_close },
	{ "rename", 2, run_rename },
	{ "remove", 1, run_remove },
	{ "bootloader", 0, run_bootloader },
};

/* Cuts the next word off *line and undoes its hex. */
static int
next_arg(const char **line, struct arg *out)
{
	const size_t n = strcspn(*line += strspn(*line, " "), " ");
	int got;

	out->p = mem_alloc(n / 2 + 1);
	got = text_unhex((uint8_t *)out->p, n / 2, *line, n);
	out->n = got > 0 ? (size_t)got : 0;
	*line += n;
	return got == -1 ? -1 : 0;
}

void
py_script(struct sim_python *py, const char *line)
{
	const size_t n = strcspn(line, " ");
	struct arg a[ARGS_MAX] = { { NULL, 0 }, { NULL, 0 } };
	const char *rest = line + n;
	size_t i, k;

	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (strlen(scripts[i].name) == n &&
		    strncmp(scripts[i].name, line, n) == 0)
			break;
	if (i == sizeof(scripts) / sizeof(scripts[0])) {
		py_raise(py, "NotImplementedError: #mpf %.40s", line);
		return;
	}
	for (k = 0; k < scripts[i].args; k++)
		if (next_arg(&rest, &a[k]) == -1)
			break;
	if (k < scripts[i].args)
		py_raise(py, "ValueError: #mpf %.40s", line);
	else
		scripts[i].run(py, a);
	for (k = 0; k < ARGS_MAX; k++)
		free(a[k].p);
}
