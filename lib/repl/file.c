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

/*
 * Bytes of a file in one script: a board with 6 kB holds them three times.
 * Larger files are on boards that have more.
 */
#define PIECE		256
#define LARGE_PIECE	1024
#define LARGE_FILE	8192
#define UNDO_MS		1000		/* even if the time is over */
#define WRITES_MAX	3		/* of a file that does not arrive */

/* A traceback of a file operation, in our words. */
static void
explain_exception(struct err *e)
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
		{ 19, 43, "", ERR_NOT_FOUND, "the board has no file system",
		    "" },
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

int
file_call(struct repl *r, const char *path, const char *script,
    const struct script_arg *args, size_t n, int64_t deadline,
    struct buf *out, struct err *e)
{
	bool raised = false;

	if (repl_call(r, script, args, n, deadline, out, &raised, e) == 0)
		return 0;
	if (raised)
		explain_exception(e);
	return err_wrap(e, "%s", path);
}

int
file_act(struct repl *r, const char *path, const char *script,
    const struct script_arg *args, size_t n, int64_t deadline, bool *said,
    struct err *e)
{
	struct buf out = BUF_INIT;
	const int res = file_call(r, path, script, args, n, deadline, &out, e);

	if (said != NULL)
		*said = out.len > 0;
	buf_release(&out);
	return res;
}

int
file_join(const char *path, const struct buf *fields, struct buf *out,
    struct err *e)
{
	struct parcel_field f;
	size_t at = 0;
	int got;

	while ((got = parcel_next(fields, &at, &f)) == 1)
		if (parcel_is(&f, "data") && buf_add(out, f.p, f.n) == -1)
			return err_set(e, ERR_INPUT, "%s: over %zu bytes",
			    path, out->max);
	if (got == -1)
		return err_set(e, ERR_PROTOCOL, "%s: the board's answer is "
		    "not as its script gives it", path);
	return 0;
}

int
repl_read_file(struct repl *r, const char *path, int64_t deadline,
    struct buf *out, struct err *e)
{
	const struct script_arg arg = script_text(path);
	struct buf fields = BUF_INIT;
	int res = file_call(r, path, "read", &arg, 1, deadline, &fields, e);

	if (res == 0)
		res = file_join(path, &fields, out, e);
	buf_release(&fields);
	return res;
}

/* Piece by piece: the first opens the file, and the last closes it. */
static int
write_file_pieces(struct repl *r, const char *path, const uint8_t *p, size_t n,
    size_t piece, int64_t deadline, struct err *e)
{
	const uint8_t *const first = p;
	const struct script_arg none = { "", 0 }, last = script_text("last");
	struct script_arg args[3] = { script_text(path), none, none };
	struct err ignored = ERR_INIT;

	do {
		args[1] = (struct script_arg){ p, n < piece ? n : piece };
		p += args[1].n;
		n -= args[1].n;
		args[2] = n == 0 ? last : none;
		if (file_act(r, path, "write", args, 3, deadline, NULL,
		    e) == -1)
			goto undo;
		args[0] = none;
		file_tell(r, (size_t)(p - first));
	} while (n > 0);
	return 0;
undo:
	/* Closes the file; this raises if it was never open. */
	args[0] = args[1] = none;
	args[2] = last;
	if (!r->gone)
		file_act(r, path, "write", args, 3, clock_ms() + UNDO_MS, NULL,
		    &ignored);
	return -1;
}

static int
compare_board_file(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, struct err *e)
{
	struct buf back = BUF_MAX(n + 1);
	int res = n > LARGE_FILE ?
	    repl_read_pieces(r, path, n + 1, deadline, &back, e) :
	    repl_read_file(r, path, deadline, &back, e);

	if (res == -1 && e->code == ERR_INPUT)
		res = 0;		/* longer, so different */
	if (res == 0 && (back.len != n || memcmp(back.data, p, n) != 0))
		res = err_set(e, ERR_VERIFY, "%s: %zu bytes written, read "
		    "back different", path, n);
	buf_release(&back);
	return res;
}

/*
 * A step whose answer was lost runs twice, and so writes twice, or closes what
 * is closed: then the file is not what was sent, or the step raises, and all of
 * it is done again.
 */
static int
write_checked(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, struct err *e)
{
	struct err why = ERR_INIT;
	size_t piece = n > LARGE_FILE ? LARGE_PIECE : PIECE;

	for (int i = 0; i < WRITES_MAX; i++) {
		const unsigned runs = r->again;

		if (write_file_pieces(r, path, p, n, piece, deadline, &why) ==
		    0 && compare_board_file(r, path, p, n, deadline, &why) == 0)
			return 0;
		if (r->gone || (r->again == runs &&
		    (piece == PIECE || strstr(why.msg, "MemoryError") ==
		    NULL)))
			break;
		piece = PIECE;
	}
	*e = why;
	return -1;
}

static int
remove_board_file(struct repl *r, const char *path, int64_t deadline,
    struct err *e)
{
	const struct script_arg name = script_text(path);
	const unsigned runs = r->again;
	struct err why = ERR_INIT;

	/* Missing: an earlier run, whose answer was lost, has removed it. */
	if (file_act(r, path, "remove", &name, 1, deadline, NULL, &why) == 0 ||
	    (why.code == ERR_NOT_FOUND && r->again != runs))
		return 0;
	*e = why;
	return -1;
}

/* *no: this board cannot rename. */
static int
rename_file(struct repl *r, const char *from, const char *to, const void *p,
    size_t n, int64_t deadline, bool *no, struct err *e)
{
	const struct script_arg names[] = {
		script_text(from), script_text(to)
	};
	const unsigned runs = r->again;
	struct err why = ERR_INIT;

	if (file_act(r, to, "rename", names, 2, deadline, no, &why) == 0)
		return 0;
	/* Likewise: then the file is there already. */
	if (why.code == ERR_NOT_FOUND && r->again != runs)
		return compare_board_file(r, to, p, n, deadline, e);
	*e = why;
	return -1;
}

int
repl_write_file(struct repl *r, const char *path, const void *p, size_t n,
    int64_t deadline, bool *renamed, struct err *e)
{
	char *tmp = mem_printf("%s.tmp", path);
	struct err ignored = ERR_INIT;
	bool no = false;
	int res = -1;

	if (write_checked(r, tmp, p, n, deadline, e) == -1 ||
	    rename_file(r, tmp, path, p, n, deadline, &no, e) == -1) {
		if (!r->gone)
			remove_board_file(r, tmp, clock_ms() + UNDO_MS,
			    &ignored);
		goto out;
	}
	if (renamed != NULL)
		*renamed = !no;
	/* A small file system may not have room for both files. */
	if (!no || (remove_board_file(r, tmp, deadline, e) == 0 &&
	    write_checked(r, path, p, n, deadline, e) == 0))
		res = 0;
out:
	free(tmp);
	return res;
}
