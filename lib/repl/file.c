/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "repl/frame.h"
#include "repl/impl.h"
#include "repl/script.h"

/* Of a file, in one script.  A board of 6 kB must hold it three times. */
#define CHUNK		256
#define CHUNK_SLOWLY	64
#define UNDO_MS		1000		/* even if the time is over */

/* A traceback of a file operation, in our words. */
static void
explain(struct err *e)
{
	/*
	 * On boards errno is as on Linux; the WebAssembly port has WASI's
	 * numbers, and the micro:bit of 2017 has a text.
	 */
	static const struct {
		int		 eno, wasi;
		const char	*text;
		enum err_code	 code;
		const char	*msg, *hint;
	} table[] = {
		{ 2, 44, "OSError: file not found", ERR_NOT_FOUND,
		    "no such file on the board", "" },
		{ 28, 51, "", ERR_SPACE, "the board's file system is full",
		    "remove files from the board" },
		{ 30, 69, "", ERR_PERMISSION, "the board's file system is "
		    "read-only", "CircuitPython: eject the CIRCUITPY drive" },
	};
	const int eno = frame_errno(e->msg);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (eno == table[i].eno || eno == table[i].wasi ||
		    strcmp(e->msg, table[i].text) == 0) {
			err_set(e, table[i].code, "%s", table[i].msg);
			err_hint(e, "%s", table[i].hint);
			break;
		}
}

/* Runs a script about path; what it prints to out. */
static int
script(struct repl *r, const char *path, const char *name,
    const struct script_arg *args, size_t n, int64_t deadline,
    struct buf *out, struct err *e)
{
	struct buf code = BUF_INIT;
	bool raised = false;
	int res = -1;

	if (script_add(&code, name, args, n) == -1) {
		err_set(e, ERR_INTERNAL, "%s: no such script", name);
		goto out;
	}
	if (repl_run(r, code.data, deadline, out, &raised, e) == -1) {
		if (raised)
			explain(e);
		err_wrap(e, "%s", path);
		goto out;
	}
	res = 0;
out:
	buf_release(&code);
	return res;
}

/* As script, where all that it prints is "ok".  0 ok, 1 the other word. */
static int
simply(struct repl *r, const char *path, const char *name,
    const struct script_arg *args, size_t n, const char *other,
    int64_t deadline, struct err *e)
{
	struct buf out = BUF_INIT;
	int res = script(r, path, name, args, n, deadline, &out, e);

	if (res == 0 && strcmp(out.data, "ok\n") != 0) {
		if (other != NULL && strcmp(out.data, other) == 0)
			res = 1;
		else
			res = err_set(e, ERR_PROTOCOL, "%s: %s: the board "
			    "does not say ok", path, name);
	}
	buf_release(&out);
	return res;
}

static struct script_arg
text_arg(const char *s)
{
	return (struct script_arg){ s, strlen(s) };
}

/* Lines of hex, and "end"; other lines are a timer's, or a thread's. */
static int
unhex_lines(const char *path, const struct buf *text, struct buf *out,
    struct err *e)
{
	uint8_t raw[64];
	const char *p = text->data;

	while (*p != '\0') {
		const size_t len = strcspn(p, "\n");
		const int n = text_unhex(raw, sizeof(raw), p, len);

		if (len == 3 && memcmp(p, "end", 3) == 0)
			return 0;
		if (n > 0 && buf_add(out, raw, (size_t)n) == -1)
			return err_set(e, ERR_INPUT, "%s: over %zu bytes",
			    path, out->max);
		p += len + (p[len] == '\n');
	}
	return err_set(e, ERR_PROTOCOL, "%s: the board did not send it to "
	    "its end", path);
}

int
repl_read_file(struct repl *r, const char *path, int64_t deadline,
    struct buf *out, struct err *e)
{
	const struct script_arg arg = text_arg(path);
	struct buf text = BUF_INIT;
	int res = script(r, path, "read", &arg, 1, deadline, &text, e);

	if (res == 0)
		res = unhex_lines(path, &text, out, e);
	buf_release(&text);
	return res;
}

static int
put(struct repl *r, const char *path, const uint8_t *p, size_t n,
    int64_t deadline, struct err *e)
{
	const struct script_arg name = text_arg(path);
	struct err ignored = ERR_INIT;
	int res = 0;

	if (simply(r, path, "open", &name, 1, NULL, deadline, e) == -1)
		return -1;
	while (n > 0 && res == 0) {
		const size_t most = r->paste == PASTE_SLOWLY ? CHUNK_SLOWLY :
		    CHUNK;
		const struct script_arg data = { p, n < most ? n : most };

		res = simply(r, path, "write", &data, 1, NULL, deadline, e);
		p += data.n;
		n -= data.n;
	}
	if (res == -1) {
		simply(r, path, "close", NULL, 0, NULL, clock_ms() + UNDO_MS,
		    &ignored);
		return -1;
	}
	return simply(r, path, "close", NULL, 0, NULL, deadline, e);
}

static int
compare(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, struct err *e)
{
	struct buf back = BUF_MAX(n + 1);
	int res = repl_read_file(r, path, deadline, &back, e);

	if (res == -1 && e->code == ERR_INPUT)
		res = 0;		/* longer: then it differs */
	if (res == 0 && (back.len != n || memcmp(back.data, p, n) != 0))
		res = err_set(e, ERR_VERIFY, "%s: %zu bytes written, read "
		    "back different", path, n);
	buf_release(&back);
	return res;
}

static int
put_and_compare(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, struct err *e)
{
	if (put(r, path, p, n, deadline, e) == -1)
		return -1;
	return compare(r, path, p, n, deadline, e);
}

static int
remove_file(struct repl *r, const char *path, int64_t deadline,
    struct err *e)
{
	const struct script_arg name = text_arg(path);

	return simply(r, path, "remove", &name, 1, NULL, deadline, e);
}

int
repl_write_file(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, bool *renamed, struct err *e)
{
	char *tmp = mem_printf("%s.tmp", path);
	const struct script_arg names[] = { text_arg(tmp), text_arg(path) };
	struct err ignored = ERR_INIT;
	int res = -1, other;

	if (put_and_compare(r, tmp, p, n, deadline, e) == -1)
		goto undo;
	other = simply(r, path, "rename", names, 2, "norename\n", deadline,
	    e);
	if (other == -1)
		goto undo;
	if (renamed != NULL)
		*renamed = other == 0;
	if (other == 0) {
		res = 0;
		goto out;
	}
	/* Its small file system may not have room for both. */
	if (remove_file(r, tmp, deadline, e) == 0 &&
	    put_and_compare(r, path, p, n, deadline, e) == 0)
		res = 0;
	goto out;
undo:
	if (!r->gone)
		remove_file(r, tmp, clock_ms() + UNDO_MS, &ignored);
out:
	free(tmp);
	return res;
}
