/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/python_in.h"

/* What a simulated board can do with files. */

static int
want_str(struct sim_python *py, const struct py_args *a, size_t i,
    const char **out)
{
	*out = "";
	if (i >= a->n || a->v[i].type != PY_STR)
		return py_raise(py, "TypeError: argument %zu: want str",
		    i + 1);
	*out = a->v[i].p;
	return 0;
}

static int
call_listdir(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	struct buf b = BUF_INIT;
	const char *name;
	size_t size, i = 0;

	(void)a;
	buf_addc(&b, '[');
	while ((name = sim_files_name(py->fs, i++, &size)) != NULL)
		buf_addf(&b, "%s'%s'", i > 1 ? ", " : "", name);
	buf_addc(&b, ']');
	*out = py_bytes(PY_TEXT, b.data, b.len);
	buf_release(&b);
	return 0;
}

static int
call_stat(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	const char *name;
	const uint8_t *p;
	struct buf b = BUF_INIT;
	size_t n;
	int r;

	if (want_str(py, a, 0, &name) == -1)
		return -1;
	r = sim_files_read(py->fs, name, &p, &n);
	if (name[0] == '\0' || strcmp(name, "/") == 0)
		buf_adds(&b, "(16384, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
	else if (r == 0)
		buf_addf(&b, "(32768, 0, 0, 0, 0, 0, %zu, 0, 0, 0)", n);
	else
		return py_oserror(py, r);
	*out = py_bytes(PY_TEXT, b.data, b.len);
	buf_release(&b);
	return 0;
}

static int
call_remove(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	const char *name;
	int r;

	(void)out;
	if (want_str(py, a, 0, &name) == -1)
		return -1;
	r = sim_files_remove(py->fs, name);
	return py_result(py, r);
}

static int
call_rename(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	const char *from, *to;
	int r;

	(void)out;
	if (want_str(py, a, 0, &from) == -1 || want_str(py, a, 1, &to) == -1)
		return -1;
	r = sim_files_rename(py->fs, from, to);
	return py_result(py, r);
}

static int
call_open(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	const char *name, *mode = "r";
	const uint8_t *p;
	size_t n;
	int i, r = 0;

	if (want_str(py, a, 0, &name) == -1 ||
	    (a->n > 1 && want_str(py, a, 1, &mode) == -1))
		return -1;
	for (i = 0; i < PY_FILES && py->files[i].name != NULL; i++)
		;
	if (i == PY_FILES)
		return py_oserror(py, 24);	/* EMFILE */
	if (mode[0] == 'w')
		r = sim_files_write(py->fs, name, "", 0);
	else if (mode[0] == 'a')
		r = sim_files_append(py->fs, name, "", 0);
	else
		r = sim_files_read(py->fs, name, &p, &n);
	if (r != 0)
		return py_oserror(py, r);
	py->files[i] = (struct py_file){ mem_str(name), 0, mode[0] != 'r' };
	*out = (struct py_value){ .type = PY_FILE, .i = i };
	return 0;
}

static int
file_read_some(struct sim_python *py, struct py_file *f,
    const struct py_args *a, struct py_value *out)
{
	const uint8_t *p;
	size_t n, want;
	int r = sim_files_read(py->fs, f->name, &p, &n);

	if (r != 0)
		return py_oserror(py, r);
	n = f->at < n ? n - f->at : 0;
	want = a->n > 0 && a->v[0].type == PY_INT && a->v[0].i >= 0 &&
	    (uint64_t)a->v[0].i < n ? (size_t)a->v[0].i : n;
	*out = py_bytes(PY_BYTES, p + f->at, want);
	f->at += want;
	return 0;
}

static int
file_write_some(struct sim_python *py, struct py_file *f,
    const struct py_args *a, struct py_value *out)
{
	int r;

	if (a->n != 1 || a->v[0].p == NULL || !f->writes)
		return py_raise(py, "OSError: 9");	/* EBADF */
	r = sim_files_append(py->fs, f->name, a->v[0].p, a->v[0].n);
	if (r != 0)
		return py_oserror(py, r);
	*out = py_int((int64_t)a->v[0].n);
	return 0;
}

static int
call_method(struct sim_python *py, int64_t file, const char *what,
    const struct py_args *a, struct py_value *out)
{
	struct py_file *f = &py->files[file];

	if (f->name == NULL)
		return py_raise(py, "ValueError: closed file");
	if (strcmp(what, "read") == 0)
		return file_read_some(py, f, a, out);
	if (strcmp(what, "write") == 0)
		return file_write_some(py, f, a, out);
	if (strcmp(what, "close") == 0) {
		free(f->name);
		f->name = NULL;
		return 0;
	}
	return 1;
}

static const struct {
	const char	*name;
	int		(*call)(struct sim_python *py,
			    const struct py_args *a, struct py_value *out);
} functions[] = {
	{ "open", call_open }, { "os.listdir", call_listdir },
	{ "os.stat", call_stat }, { "os.remove", call_remove },
	{ "os.unlink", call_remove }, { "os.rename", call_rename },
};

int
py_call_file(struct sim_python *py, const char *name,
    const struct py_args *a, struct py_value *out)
{
	struct py_value m = { .type = PY_NONE };
	int r = 1;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].call(py, a, out);
	if (py_name(py, name, &m) == 0 && m.type == PY_METHOD)
		r = call_method(py, m.i, m.p, a, out);
	py_release(&m);
	return r;
}
