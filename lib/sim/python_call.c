/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sim/python_in.h"

/* The names and functions that a simulated board knows. */

static struct py_value
py_text(enum py_type type, const char *s)
{
	return py_bytes(type, s, strlen(s));
}

static struct py_value
from_buf(enum py_type type, struct buf *b)
{
	struct py_value v = py_bytes(type, b->data, b->len);

	buf_release(b);
	return v;
}

/* --- names --- */

enum name_id { N_TRUE, N_FALSE, N_NONE, N_PLATFORM, N_VERSION, N_IMPL,
    N_IMPL_NAME, N_IMPL_VERSION, N_MACHINE, N_MPY, N_BUILD, N_UNAME };

static const struct {
	const char	*name;
	enum name_id	 id;
} names[] = {
	{ "True", N_TRUE }, { "False", N_FALSE }, { "None", N_NONE },
	{ "sys.platform", N_PLATFORM }, { "sys.version", N_VERSION },
	{ "sys.implementation", N_IMPL },
	{ "sys.implementation.name", N_IMPL_NAME },
	{ "sys.implementation.version", N_IMPL_VERSION },
	{ "sys.implementation._machine", N_MACHINE },
	{ "sys.implementation._mpy", N_MPY },
	{ "sys.implementation._build", N_BUILD },
	{ "os.uname().machine", N_MACHINE },
	{ "os.uname()", N_UNAME },
};

static int
name_value(struct sim_python *py, enum name_id id, struct py_value *out)
{
	const struct sim_identity *is = py->id;
	struct buf b = BUF_INIT;

	switch (id) {
	case N_TRUE:
	case N_FALSE:
		*out = (struct py_value){ .type = PY_BOOL, .i = id == N_TRUE };
		return 0;
	case N_NONE:
		*out = (struct py_value){ .type = PY_NONE };
		return 0;
	case N_PLATFORM:
		*out = py_text(PY_STR, is->platform);
		return 0;
	case N_IMPL_NAME:
		*out = py_text(PY_STR, "micropython");
		return 0;
	case N_MACHINE:
		*out = py_text(PY_STR, is->machine);
		return 0;
	case N_MPY:
		*out = py_int(py_mpy(py));
		return 0;
	case N_BUILD:
		if (!sim_identity_since(is, 1, 25))
			return 1;
		*out = py_text(PY_STR, is->board_id);
		return 0;
	case N_VERSION:
		buf_addf(&b, "3.4.0; MicroPython %s on %s", is->tag, is->date);
		*out = from_buf(PY_STR, &b);
		return 0;
	case N_IMPL:
		py_implementation(py, &b);
		break;
	case N_IMPL_VERSION:
		py_version_tuple(py, &b);
		break;
	case N_UNAME:
		py_uname(py, &b);
		break;
	}
	*out = from_buf(PY_TEXT, &b);
	return 0;
}

int
py_name(struct sim_python *py, const char *name, struct py_value *out)
{
	const struct py_value *v = py_var(py, name);
	const char *dot = strrchr(name, '.');
	char *head;

	if (v != NULL) {
		*out = py_copy(v);
		return 0;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return name_value(py, names[i].id, out);
	if (dot == NULL)
		return 1;
	/* f.read, kept for later: a file's function and its name. */
	head = mem_printf("%.*s", (int)(dot - name), name);
	v = py_var(py, head);
	free(head);
	if (v == NULL || v->type != PY_FILE)
		return 1;
	*out = py_text(PY_METHOD, dot + 1);
	out->i = v->i;
	return 0;
}

/* --- functions --- */

static int
call_print(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	struct buf *b = &py->now->out;

	(void)out;
	for (size_t i = 0; i < a->n; i++) {
		if (i > 0)
			buf_addc(b, ' ');
		py_print(b, &a->v[i], false);
	}
	if (a->end.type == PY_STR)
		buf_add(b, a->end.p, a->end.n);
	else
		buf_addc(b, '\n');
	return 0;
}

static int
call_repr(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	struct buf b = BUF_INIT;

	if (a->n != 1)
		return py_raise(py, "TypeError: repr takes 1 argument");
	py_print(&b, &a->v[0], true);
	*out = from_buf(PY_STR, &b);
	return 0;
}

static int
call_len(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	if (a->n != 1 ||
	    (a->v[0].type != PY_STR && a->v[0].type != PY_BYTES))
		return py_raise(py, "TypeError: object has no len()");
	*out = py_int((int64_t)a->v[0].n);
	return 0;
}

static int
call_nothing(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)py;
	(void)a;
	(void)out;
	return 0;
}

static void
spend_time(struct sim_python *py, int64_t ms)
{
	if (ms > 0 && py->now->took_ms < SIM_FOREVER - ms)
		py->now->took_ms += ms;
}

static int
call_sleep(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)out;
	if (a->n == 1 && a->v[0].type == PY_INT && a->v[0].i < 1000000)
		spend_time(py, a->v[0].i * 1000);
	return 0;
}

static int
call_sleep_ms(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)out;
	if (a->n == 1 && a->v[0].type == PY_INT && a->v[0].i < 1000000000)
		spend_time(py, a->v[0].i);
	return 0;
}

static int
call_reset(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)a;
	(void)out;
	py->now->action = SIM_RESET;
	return 0;
}

static int
call_soft_reset(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)a;
	(void)out;
	py->now->action = SIM_SOFT_RESET;
	return 0;
}

static int
call_bootloader(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)a;
	(void)out;
	if (py->kind->boot == SIM_BOOT_NONE)
		return py_raise(py, "AttributeError: 'module' object has no "
		    "attribute 'bootloader'");
	py->now->action = SIM_BOOTLOADER;
	return 0;
}

static int
call_unique_id(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	(void)a;
	*out = py_bytes(PY_BYTES, py->id->uid, py->id->uid_len);
	return 0;
}

static int
call_hexlify(struct sim_python *py, const struct py_args *a,
    struct py_value *out)
{
	if (a->n != 1 || a->v[0].p == NULL)
		return py_raise(py, "TypeError: object with buffer protocol "
		    "required");
	*out = (struct py_value){ .type = PY_BYTES, .n = 2 * a->v[0].n };
	out->p = mem_alloc(out->n + 1);
	text_hex(out->p, (const uint8_t *)a->v[0].p, a->v[0].n);
	return 0;
}

static const struct {
	const char	*name;
	int		(*call)(struct sim_python *py,
			    const struct py_args *a, struct py_value *out);
} functions[] = {
	{ "print", call_print }, { "repr", call_repr }, { "len", call_len },
	{ "gc.collect", call_nothing },
	{ "time.sleep", call_sleep }, { "time.sleep_ms", call_sleep_ms },
	{ "machine.reset", call_reset },
	{ "machine.soft_reset", call_soft_reset },
	{ "machine.bootloader", call_bootloader },
	{ "machine.unique_id", call_unique_id },
	{ "binascii.hexlify", call_hexlify },
	{ "os.sync", call_nothing },
};

int
py_call(struct sim_python *py, const char *name, const struct py_args *a,
    struct py_value *out)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].call(py, a, out);
	return py_call_file(py, name, a, out);
}
