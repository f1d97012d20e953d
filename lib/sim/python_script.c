/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repl/parcel.h"
#include "repl/script.h"
#include "sim/python_in.h"

/* The scripts of share/probe, known by their text, and what they answer. */

#define PIECE		32		/* bytes a field, as read.py has it */
#define FILE_MAX	8192u		/* bytes of a file, as files.py sends */

static void
put_text_field(struct buf *out, const char *key, const char *s)
{
	parcel_put(out, key, s, strlen(s));
}

static void
put_pieces(struct buf *out, const char *key, const uint8_t *p, size_t n)
{
	for (size_t at = 0; at < n; at += PIECE)
		parcel_put(out, key, p + at,
		    n - at < PIECE ? n - at : PIECE);
}

/* --- facts --- */

/* samd has no os.uname; all have sys.implementation._machine since v1.19. */
static void
put_uname(const struct sim_python *py, struct buf *out, const char *number)
{
	char text[96];

	if (strcmp(py->id->port, "samd") == 0)
		return;
	put_text_field(out, "release", number);
	snprintf(text, sizeof(text), "%s on %s", py->id->tag, py->id->date);
	put_text_field(out, "uversion", text);
}

static void
put_machine(const struct sim_python *py, struct buf *out)
{
	char *machine = mem_str(py->id->machine);

	if (py->garbled && strlen(machine) > 2)
		memcpy(machine, "\xff\xfe", 2);
	put_text_field(out, "machine", machine);
	free(machine);
}

static size_t
count_files(const struct sim_files *fs)
{
	const char *name;
	size_t i, size, n = 0;

	for (i = 0; (name = sim_files_name(fs, i, &size)) != NULL; i++)
		if (strcmp(name, "boot.py") != 0 &&
		    strcmp(name, "mpflash.toml") != 0)
			n++;
	return n;
}

/* All that this board has to say, whatever it is asked. */
static void
put_facts(const struct sim_python *py, struct buf *out)
{
	const struct sim_identity *id = py->id;
	char number[48], text[160];

	snprintf(number, sizeof(number), "%u.%u.%u%s", id->version[0],
	    id->version[1], id->version[2], id->preview ? "-preview" : "");
	put_text_field(out, "name", "micropython");
	put_text_field(out, "version", number);
	put_uname(py, out, number);
	put_machine(py, out);
	snprintf(text, sizeof(text), "%d", py_mpy(py));
	put_text_field(out, "mpy", text);
	snprintf(text, sizeof(text), "3.4.0; MicroPython %s on %s", id->tag,
	    id->date);
	put_text_field(out, "sysver",
	    sim_identity_since(id, 1, 19) ? text : "3.4.0");
	put_text_field(out, "platform", id->platform);
	if (sim_identity_since(id, 1, 25)) {
		snprintf(text, sizeof(text), "%s%s%s", id->board_id,
		    id->variant[0] != '\0' ? "-" : "", id->variant);
		put_text_field(out, "build", text);
	}
	if (id->storage_bytes > 0) {
		snprintf(text, sizeof(text), "%u %u %zu", id->storage_addr,
		    id->storage_bytes, count_files(py->fs));
		put_text_field(out, "storage", text);
	}
	if (id->uid_len > 0)
		parcel_put(out, "uid", id->uid, id->uid_len);
}

static bool
is_asked(const struct script_call *c, const struct parcel_field *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (strncmp(c->arg[i].data, f->key, f->key_len) == 0 &&
		    c->arg[i].data[f->key_len] == '=')
			return true;
	return false;
}

static int
run_facts(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	struct buf all = BUF_INIT;
	struct parcel_field f;
	size_t at = 0, from = 0;

	put_facts(py, &all);
	for (; parcel_next(&all, &at, &f) == 1; from = at)
		if (is_asked(c, &f))
			buf_add(out, all.data + from, at - from);
	buf_release(&all);
	return 0;
}

static int
run_platform(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	(void)c;
	put_text_field(out, "platform", py->id->platform);
	return 0;
}

/* --- files --- */

/* "KEY=PATH|PATH..." */
static void
put_first(const struct sim_python *py, char *arg, struct buf *out)
{
	char *path = strchr(arg, '='), *end = NULL, key[40];
	const uint8_t *p = NULL;
	size_t n = 0;
	int r = 0;

	if (path == NULL)
		return;
	*path++ = '\0';
	for (; path != NULL; path = end == NULL ? NULL : end + 1) {
		end = strchr(path, '|');
		if (end != NULL)
			*end = '\0';
		r = sim_files_read(py->fs, path, &p, &n);
		if (r == 0)
			break;
	}
	if (r != 0) {
		char why[32];

		snprintf(key, sizeof(key), "%.32s-shut", arg);
		snprintf(why, sizeof(why), "OSError(%d,)", r);
		put_text_field(out, key, why);
		return;
	}
	put_pieces(out, arg, p, n < FILE_MAX ? n : FILE_MAX);
	snprintf(key, sizeof(key), "%.32s-more", arg);
	if (n > FILE_MAX)
		parcel_put(out, key, p + FILE_MAX, 1);
}

static int
run_files(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		char *arg = mem_str(c->arg[i].data);

		put_first(py, arg, out);
		free(arg);
	}
	return 0;
}

static int
run_read(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	const size_t from = c->n > 1 ? strtoul(c->arg[1].data, NULL, 10) : 0;
	const size_t most = c->n > 2 ? strtoul(c->arg[2].data, NULL, 10) :
	    SIM_FILES_MAX;
	const uint8_t *p;
	size_t n;
	int r = sim_files_read(py->fs, c->arg[0].data, &p, &n);

	if (r != 0)
		return py_oserror(py, r);
	if (from < n)
		put_pieces(out, "data", p + from,
		    n - from < most ? n - from : most);
	return 0;
}

static int
close_upload(struct sim_python *py)
{
	int r = sim_files_write(py->fs, py->upload_name, py->upload.data,
	    py->upload.len);

	free(py->upload_name);
	py->upload_name = NULL;
	return py_result(py, r);
}

static int
run_write(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	int r = 0;

	(void)out;
	if (c->arg[0].len > 0) {
		r = sim_files_write(py->fs, c->arg[0].data, "", 0);
		free(py->upload_name);
		py->upload_name = r == 0 ? mem_str(c->arg[0].data) : NULL;
		buf_clear(&py->upload);
	} else if (py->upload_name == NULL) {
		return py_raise(py, "NameError: name '_mpf_f' isn't defined");
	}
	if (r == 0 && buf_add(&py->upload, c->arg[1].data,
	    c->arg[1].len) == -1)
		r = SIM_ENOSPC;
	return r == 0 && c->arg[2].len > 0 ? close_upload(py) :
	    py_result(py, r);
}

static int
run_rename(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	(void)out;
	return py_result(py, sim_files_rename(py->fs, c->arg[0].data,
	    c->arg[1].data));
}

static int
run_remove(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	(void)out;
	return py_result(py, sim_files_remove(py->fs, c->arg[0].data));
}

static int
run_bootloader(struct sim_python *py, const struct script_call *c,
    struct buf *out)
{
	struct py_args none = { .n = 0 };
	struct py_value v = { .type = PY_NONE };

	(void)c, (void)out;
	py->now->took_ms = 100;
	return py_call(py, "machine.bootloader", &none, &v) == 0 ? 0 : -1;
}

/* --- all of them --- */

static const struct {
	const char	*name;
	size_t		 args;		/* at least */
	int		(*run)(struct sim_python *py,
			    const struct script_call *c, struct buf *out);
} answers[] = {
	{ "facts", 0, run_facts },
	{ "files", 0, run_files },
	{ "platform", 0, run_platform },
	{ "read", 1, run_read },
	{ "write", 3, run_write },
	{ "rename", 2, run_rename },
	{ "remove", 1, run_remove },
	{ "list", 1, py_run_list },
	{ "mkdir", 1, py_run_mkdir },
	{ "hash", 1, py_run_hash },
	{ "space", 1, py_run_space },
	{ "format", 4, py_run_format },
	{ "erase", 4, py_run_erase },
	{ "bootloader", 0, run_bootloader },
};

#define ANSWERS	(sizeof(answers) / sizeof(answers[0]))

bool
py_script(struct sim_python *py, const char *code, size_t n)
{
	struct buf *raised = &py->now->raised, out = BUF_INIT;
	struct script_call c;
	uint32_t nonce;

	if (script_read(code, n, &c) == -1)
		return false;
	nonce = c.nonce;
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].name, c.name) == 0 &&
		    c.n >= answers[i].args && answers[i].run(py, &c,
		    &out) == -1) {
			buf_clear(&out);
			parcel_put(&out, "error", raised->data, raised->len);
			buf_clear(raised);
			nonce = parcel_error(c.nonce);
		}
	parcel_pack(&py->now->out, nonce, out.data, out.len);
	script_call_release(&c);
	buf_release(&out);
	return true;
}
