/* SPDX-License-Identifier: MIT */
#include "sim/python.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/python_in.h"
#include "sim/python_parse.h"

struct sim_python *
sim_python_new(const struct sim_kind *kind, const struct sim_identity *id,
    struct sim_files *fs)
{
	struct sim_python *py = mem_alloc(sizeof(*py));

	py->kind = kind;
	py->id = id;
	py->fs = fs;
	py->upload = (struct buf)BUF_MAX(SIM_FILES_MAX);
	return py;
}

void
sim_python_reset(struct sim_python *py)
{
	for (size_t i = 0; i < py->n_vars; i++) {
		free(py->vars[i].name);
		py_release(&py->vars[i].v);
	}
	py->n_vars = 0;
	for (size_t i = 0; i < PY_FILES; i++) {
		free(py->files[i].name);
		py->files[i].name = NULL;
	}
	free(py->upload_name);
	py->upload_name = NULL;
	buf_clear(&py->upload);
}

void
sim_python_garble(struct sim_python *py)
{
	py->garbled = true;
}

void
sim_python_free(struct sim_python *py)
{
	if (py == NULL)
		return;
	sim_python_reset(py);
	free(py->vars);
	buf_release(&py->upload);
	free(py);
}

void
sim_outcome_release(struct sim_outcome *o)
{
	buf_release(&o->out);
	buf_release(&o->raised);
}

/* Takes v over. */
static void
assign(struct sim_python *py, const char *name, struct py_value *v)
{
	struct py_value *old = py_var(py, name);

	if (old == NULL) {
		py->vars = mem_grow(py->vars, py->n_vars + 1,
		    sizeof(*py->vars));
		py->vars[py->n_vars].name = mem_str(name);
		old = &py->vars[py->n_vars++].v;
	} else {
		py_release(old);
	}
	*old = *v;
	*v = (struct py_value){ .type = PY_NONE };
}

static int
import(struct sim_python *py, const char *list)
{
	static const char *const known[] = { "sys", "os", "machine", "time",
	    "vfs", "gc", "binascii", "ubinascii", "uos", "utime", NULL };
	size_t n;

	for (; *list != '\0'; list += strspn(list, ", ")) {
		const char *const *k = known;

		n = strcspn(list, ", ");
		while (*k != NULL && (strlen(*k) != n ||
		    strncmp(*k, list, n) != 0))
			k++;
		if (*k == NULL)
			return py_raise(py, "ImportError: no module named "
			    "'%.*s'", (int)n, list);
		list += n;
	}
	return 0;
}

/* Does s begin with a word that only a real compiler understands? */
static bool
beyond_us(const char *s)
{
	static const char *const words[] = { "def", "class", "if", "for",
	    "while", "with", "try", "from", "del", "return", "global",
	    "assert", "raise", "yield", "lambda", "async", "await", "not",
	    NULL };
	const size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	for (const char *const *w = words; *w != NULL; w++)
		if (strlen(*w) == n && strncmp(*w, s, n) == 0)
			return true;
	return s[0] == '@';
}

/* One statement without line breaks; it may be changed. */
static int
statement(struct sim_python *py, char *s, bool show)
{
	struct py_value v = { .type = PY_NONE };
	char *name;
	int r;

	if (strncmp(s, "import ", 7) == 0)
		return import(py, s + 7);
	if (strcmp(s, "pass") == 0)
		return 0;
	if (beyond_us(s))
		return py_raise(py, "NotImplementedError: a simulated board "
		    "does not run Python");
	name = py_parse_target(&s);
	r = py_parse(py, s, &v);
	if (r == 0 && name != NULL) {
		assign(py, name, &v);
	} else if (r == 0 && show && v.type != PY_NONE) {
		py_print(&py->now->out, &v, true);
		buf_addc(&py->now->out, '\n');
	}
	py_release(&v);
	free(name);
	return r;
}

/* Where the statement at s ends: at a ; or line break outside of quotes. */
static char *
statement_end(char *s)
{
	char quote = '\0';

	for (; *s != '\0'; s++) {
		if (quote != '\0' && *s == '\\' && s[1] != '\0')
			s++;
		else if (quote != '\0')
			quote = *s == quote ? '\0' : quote;
		else if (*s == '\'' || *s == '"')
			quote = *s;
		else if (*s == ';' || *s == '\n' || *s == '\r')
			break;
		else if (*s == '#')
			return s;	/* the comment goes with the line */
	}
	return s;
}

static void
statements(struct sim_python *py, char *s, bool show)
{
	char *end, sep;

	while (*s != '\0' && py->now->action == SIM_GO_ON) {
		s += strspn(s, " ;\r\n");
		end = statement_end(s);
		sep = *end;
		*end = '\0';
		for (char *e = end; e > s && e[-1] == ' '; e--)
			e[-1] = '\0';
		if (*s != '\0' && statement(py, s, show) == -1)
			return;
		s = sep == '\0' ? end : end + 1;
		if (sep == '#')
			s += strcspn(s, "\n");
	}
}

/* Reads 'NAME' or "" between the two ends of a pattern; NULL: other code. */
static char *
between(const char *code, const char *head, const char *tail)
{
	const size_t n = strlen(code), h = strlen(head), t = strlen(tail);
	size_t len;

	if (n < h + t || strncmp(code, head, h) != 0 ||
	    strcmp(code + n - t, tail) != 0)
		return NULL;
	code += h;
	len = n - h - t;
	if (len >= 2 && code[0] == '\'' && code[len - 1] == '\'')
		return mem_printf("%.*s", (int)len - 2, code + 1);
	return len == 0 ? mem_str("") : NULL;
}

/* What mpremote sends to list a folder and to show a file. */
static bool
mpremote(struct sim_python *py, const char *code)
{
	const char *name;
	const uint8_t *p;
	size_t size, i = 0;
	char *arg;
	int r;

	arg = between(code, "import os\nfor f in os.ilistdir(",
	    "):\n print(repr(f), end=',')");
	if (arg != NULL) {
		while ((name = sim_files_name(py->fs, i++, &size)) != NULL)
			buf_addf(&py->now->out, "('%s', 32768, 0, %zu),",
			    name, size);
		free(arg);
		return true;
	}
	arg = between(code, "with open(", ") as f:\n while 1:\n"
	    "  b=f.read(256)\n  if not b:break\n  print(b,end='')");
	if (arg == NULL)
		return false;
	r = sim_files_read(py->fs, arg, &p, &size);
	if (r != 0)
		py_oserror(py, r);
	else
		buf_add(&py->now->out, p, size);
	free(arg);
	return true;
}

static bool
endless(const char *code)
{
	return strcmp(code, "while True: pass") == 0 ||
	    strcmp(code, "while 1: pass") == 0 ||
	    strcmp(code, "while True:\n pass") == 0;
}

void
sim_python_run(struct sim_python *py, const char *code, size_t n, int show,
    struct sim_outcome *out)
{
	char *copy = mem_alloc(n + 1);

	*out = (struct sim_outcome)SIM_OUTCOME_INIT;
	py->now = out;
	memcpy(copy, code, n);
	if (memchr(copy, '\0', n) != NULL) {
		py_raise(py, "SyntaxError: invalid syntax");
	} else if (!py_script(py, copy, n)) {
		while (n > 0 && (copy[n - 1] == '\n' || copy[n - 1] == '\r'))
			copy[--n] = '\0';
		if (endless(copy))
			out->took_ms = SIM_FOREVER;
		else if (!mpremote(py, copy))
			statements(py, copy, show);
	}
	if (out->raised.len > 0)
		out->action = SIM_GO_ON;
	py->now = NULL;
	free(copy);
}
