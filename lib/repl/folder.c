/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repl/impl.h"

/* Bytes of a file in one answer; each is sent as two digits and a frame. */
#define READ_PIECE	8192u
#define NUMBER		24		/* bytes of a decimal number and NUL */

void
repl_watch(struct repl *r, void (*done)(void *ctx, size_t bytes), void *ctx)
{
	r->watch = done;
	r->watch_ctx = ctx;
}

void
file_tell(struct repl *r, size_t bytes)
{
	if (r->watch != NULL)
		r->watch(r->watch_ctx, bytes);
}

void
repl_restart(struct repl *r)
{
	r->interrupted = true;
}

/* An answer that its script does not give. */
static int
odd_answer(const char *path, struct err *e)
{
	return err_set(e, ERR_PROTOCOL, "%s: the board's answer is not as its "
	    "script gives it", path[0] != '\0' ? path : "/");
}

/* A copy that ends with a NUL, which the caller frees. */
static char *
copy_text(const uint8_t *p, size_t n)
{
	char *text = mem_alloc(n + 1);

	memcpy(text, p, n);
	return text;
}

/* A number and what comes behind it; -1: it is invalid, or too large. */
static int
read_file_size(const char *text, int64_t *out, const char **rest)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	errno = 0;
	*out = strtoll(text, &end, 10);
	*rest = end;
	return errno == 0 ? 0 : -1;
}

/* "SIZE PATH" of a file, or the path of a folder; *path is borrowed of text. */
static int
read_folder_entry(const struct parcel_field *f, const char *text,
    const char **path, int64_t *size)
{
	*path = text;
	*size = -1;
	if (parcel_is(f, "folder"))
		return text[0] == '/' ? 0 : -1;
	if (!parcel_is(f, "file") || read_file_size(text, size, path) == -1 ||
	    strncmp(*path, " /", 2) != 0)
		return -1;
	(*path)++;
	return 0;
}

int
repl_list(struct repl *r, const char *folder, const char *const *skip,
    int64_t deadline, int (*fn)(void *ctx, const char *path,
    int64_t size_bytes, struct err *e), void *ctx, struct err *e)
{
	struct script_arg args[SCRIPT_ARGS] = { script_text(folder) };
	struct buf fields = BUF_INIT;
	struct parcel_field f;
	size_t n = 1, at = 0;
	int got = 0, res;

	for (; skip != NULL && *skip != NULL && n < SCRIPT_ARGS; skip++)
		args[n++] = script_text(*skip);
	res = file_call(r, folder[0] != '\0' ? folder : "/", "list",
	    args, n, deadline, &fields, e);
	while (res == 0 && (got = parcel_next(&fields, &at, &f)) == 1) {
		char *text = copy_text(f.p, f.n);
		const char *path;
		int64_t size;

		if (strlen(text) != f.n ||
		    read_folder_entry(&f, text, &path, &size) == -1)
			res = odd_answer(folder, e);
		else
			res = fn(ctx, path, size, e);
		free(text);
	}
	if (got == -1)
		res = odd_answer(folder, e);
	buf_release(&fields);
	return res;
}

int
repl_read_pieces(struct repl *r, const char *path, size_t size_bytes,
    int64_t deadline, struct buf *out, struct err *e)
{
	const size_t before = out->len;
	int res = 0;

	while (res == 0 && out->len - before < size_bytes) {
		const size_t at = out->len - before, left = size_bytes - at;
		const size_t n = left < READ_PIECE ? left : READ_PIECE;
		struct buf fields = BUF_INIT;
		char from[NUMBER], count[NUMBER];
		struct script_arg args[3] = { script_text(path) };

		snprintf(from, sizeof(from), "%zu", at);
		snprintf(count, sizeof(count), "%zu", n);
		args[1] = script_text(from);
		args[2] = script_text(count);
		res = file_call(r, path, "read", args, 3, deadline,
		    &fields, e);
		if (res == 0)
			res = file_join(path, &fields, out, e);
		buf_release(&fields);
		if (res == 0)
			file_tell(r, out->len - before);
		if (res == 0 && out->len - before < at + n)
			break;			/* its end */
	}
	return res;
}

/* The only field of an answer, with this key, as a text.  0: it is missing. */
static int
read_field(const struct buf *fields, const char *key, const uint8_t **p,
    size_t *n)
{
	struct parcel_field f;
	size_t at = 0;
	const int got = parcel_next(fields, &at, &f);

	if (got != 1)
		return got;
	if (!parcel_is(&f, key))
		return -1;
	*p = f.p;
	*n = f.n;
	return 1;
}

int
repl_hash_file(struct repl *r, const char *path, int64_t deadline,
    char out[DIGEST_HEX], struct err *e)
{
	const struct script_arg arg = script_text(path);
	struct buf fields = BUF_INIT;
	const uint8_t *p = NULL;
	size_t n = 0;
	int res = -1;

	if (file_call(r, path, "hash", &arg, 1, deadline, &fields,
	    e) == -1)
		goto out;
	res = read_field(&fields, "sha256", &p, &n);
	if (res == -1 || (res == 1 && n != DIGEST_SIZE))
		res = odd_answer(path, e);
	else if (res == 1)
		text_hex(out, p, n);
out:
	buf_release(&fields);
	return res;
}

int
repl_make_folder(struct repl *r, const char *path, int64_t deadline,
    struct err *e)
{
	const struct script_arg arg = script_text(path);

	return file_act(r, path, "mkdir", &arg, 1, deadline, NULL, e);
}

int
repl_free_bytes(struct repl *r, const char *folder, int64_t deadline,
    int64_t *out, struct err *e)
{
	const struct script_arg arg = script_text(folder);
	struct buf fields = BUF_INIT;
	const uint8_t *p = NULL;
	const char *rest = "";
	char *text = NULL;
	size_t n = 0;
	int res;

	res = file_call(r, folder, "space", &arg, 1, deadline, &fields,
	    e);
	if (res == 0 && read_field(&fields, "free", &p, &n) == 1)
		text = copy_text(p, n);
	if (res == 0 && (text == NULL ||
	    read_file_size(text, out, &rest) == -1 || *rest != '\0'))
		res = odd_answer(folder, e);
	free(text);
	buf_release(&fields);
	return res;
}
