/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sim/python_in.h"

int
py_raise(struct sim_python *py, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(&py->now->raised);
	buf_adds(&py->now->raised, text);
	return -1;
}

/* As py/mperrno.h spells them where MICROPY_PY_ERRNO is on. */
int
py_oserror(struct sim_python *py, int number)
{
	if (number == SIM_ENOENT)
		return py_raise(py, "OSError: [Errno 2] ENOENT");
	return py_raise(py, "OSError: %d", number);
}

int
py_result(struct sim_python *py, int number)
{
	return number == 0 ? 0 : py_oserror(py, number);
}

struct py_value
py_int(int64_t i)
{
	return (struct py_value){ .type = PY_INT, .i = i };
}

struct py_value
py_bytes(enum py_type type, const void *p, size_t n)
{
	struct py_value v = { .type = type, .n = n };

	v.p = mem_alloc(n + 1);
	if (n > 0)
		memcpy(v.p, p, n);
	return v;
}

struct py_value
py_copy(const struct py_value *v)
{
	struct py_value copy = *v;

	if (v->p != NULL) {
		copy = py_bytes(v->type, v->p, v->n);
		copy.i = v->i;
	}
	return copy;
}

void
py_release(struct py_value *v)
{
	free(v->p);
	*v = (struct py_value){ .type = PY_NONE };
}

static void
quoted(struct buf *out, const struct py_value *v)
{
	const bool bytes = v->type == PY_BYTES;
	const char quote = memchr(v->p, '\'', v->n) != NULL &&
	    memchr(v->p, '"', v->n) == NULL ? '"' : '\'';

	if (bytes)
		buf_addc(out, 'b');
	buf_addc(out, quote);
	for (size_t i = 0; i < v->n; i++) {
		const unsigned char c = (unsigned char)v->p[i];

		if (c == (unsigned char)quote || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c == '\n' || c == '\r' || c == '\t')
			buf_addf(out, "\\%c",
			    c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
		else if (c < 0x20 || c == 0x7f || (bytes && c > 0x7f))
			buf_addf(out, "\\x%02x", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, quote);
}

void
py_print(struct buf *out, const struct py_value *v, bool repr)
{
	switch (v->type) {
	case PY_NONE:
		buf_adds(out, "None");
		break;
	case PY_BOOL:
		buf_adds(out, v->i != 0 ? "True" : "False");
		break;
	case PY_INT:
		buf_addf(out, "%" PRId64, v->i);
		break;
	case PY_STR:
		if (repr)
			quoted(out, v);
		else
			buf_add(out, v->p, v->n);
		break;
	case PY_BYTES:
		quoted(out, v);
		break;
	case PY_FILE:
		buf_adds(out, "<io.FileIO>");
		break;
	case PY_METHOD:
		buf_adds(out, "<bound_method>");
		break;
	case PY_TEXT:
		buf_add(out, v->p, v->n);
		break;
	}
}

struct py_value *
py_var(struct sim_python *py, const char *name)
{
	for (size_t i = 0; i < py->n_vars; i++)
		if (strcmp(py->vars[i].name, name) == 0)
			return &py->vars[i].v;
	return NULL;
}

/* py/persistentcode.h: version, sub-version and native code, by release. */
int
py_mpy(const struct sim_python *py)
{
	const struct sim_identity *id = py->id;
	const int arch = strncmp(id->mcu, "rp2350", 6) == 0 ? 7 :
	    strncmp(id->mcu, "samd21", 6) == 0 ? 4 : (int)py->kind->arch;
	const int sub = sim_identity_since(id, 1, 23) ? 3 :
	    sim_identity_since(id, 1, 20) ? 1 : 0;

	return arch << 10 | sub << 8 | (sim_identity_since(id, 1, 19) ? 6 : 5);
}

void
py_version_tuple(const struct sim_python *py, struct buf *out)
{
	const struct sim_identity *id = py->id;

	buf_addf(out, "(%u, %u, %u", id->version[0], id->version[1],
	    id->version[2]);
	if (sim_identity_since(id, 1, 22))
		buf_addf(out, ", '%s'", id->preview ? "preview" : "");
	buf_addc(out, ')');
}

void
py_implementation(const struct sim_python *py, struct buf *out)
{
	const struct sim_identity *id = py->id;

	buf_adds(out, "(name='micropython', version=");
	py_version_tuple(py, out);
	if (sim_identity_since(id, 1, 19))
		buf_addf(out, ", _machine='%s', _mpy=%d", id->machine,
		    py_mpy(py));
	else
		buf_addf(out, ", mpy=%d", py_mpy(py));
	if (sim_identity_since(id, 1, 25))
		buf_addf(out, ", _build='%s%s%s'", id->board_id,
		    id->variant[0] != '\0' ? "-" : "", id->variant);
	buf_addc(out, ')');
}

void
py_uname(const struct sim_python *py, struct buf *out)
{
	const struct sim_identity *id = py->id;

	buf_addf(out, "(sysname='%s', nodename='%s', release='%u.%u.%u%s', "
	    "version='%s on %s', machine='%s')", id->platform, id->platform,
	    id->version[0], id->version[1], id->version[2],
	    id->preview ? "-preview" : "", id->tag, id->date, id->machine);
}
