/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* memmem */

#include "model/codec.h"
#include "stream/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_nouns(const struct record *rec)
{
	struct device d = DEVICE_INIT;
	struct board b = BOARD_INIT;
	struct firmware f = FIRMWARE_INIT;
	struct image i = IMAGE_INIT;
	struct result r = RESULT_INIT;
	struct err e = ERR_INIT;

	device_get(rec, &d, &e);
	board_get(rec, &b, &e);
	firmware_get(rec, &f, &e);
	image_get(rec, &i, &e);
	result_get(rec, &r, &e);
}

/* What we write after a change, we read; and it stays as it is then. */
static void
write_and_read(struct record *rec)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct record *again = NULL;
	struct err e = ERR_INIT;

	record_put_int(rec, "flash.took_ms", 1);
	record_put_int(rec, "flash.took_ms", 2);
	record_dump(rec, &one);
	if (record_parse(one.data, one.len, &again, &e) == -1)
		abort();
	record_put_int(again, "flash.took_ms", 1);
	record_put_int(again, "flash.took_ms", 2);
	record_dump(again, &two);
	if (one.len != two.len)
		abort();
	record_free(again);
	buf_release(&one);
	buf_release(&two);
}

/* A line that is not ours leaves as it came. */
static void
pass_on(const struct record *rec, const uint8_t *data, size_t size)
{
	struct buf line = BUF_INIT;

	record_dump(rec, &line);
	if (memmem(data, size, line.data, line.len) == NULL)
		abort();
	buf_release(&line);
}

/*
 * What the library reads, it reads in the plain form, too, and finds the same
 * strings and keys in it; what is not JSON is no JSON there.
 */
static void
compare_plain(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data;
	struct record *rec = NULL, *plain;
	struct err e = ERR_INIT;

	plain = record_plain(line, size);
	if (record_parse(line, size, &rec, &e) == 0 && (plain == NULL ||
	    record_ours(rec) != record_ours(plain)))
		abort();
	if (plain != NULL && strncmp(e.msg, "not ", 4) == 0 &&
	    memmem(line, size, "\\u", 2) == NULL)
		abort();
	record_free(rec);
	record_free(plain);
}

/* Lines of any bytes, coming in two pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream s = STREAM_INIT(-1, "fuzz");
	struct record *rec;
	struct err e = ERR_INIT;
	int r;

	compare_plain(data, size);
	stream_push(&s, data, size / 2, false);
	while ((r = stream_next(&s, &rec, &e)) != 0 || !s.eof) {
		if (r == 0) {
			stream_push(&s, data + size / 2, size - size / 2,
			    true);
		} else if (r == 1) {
			read_nouns(rec);
			if (record_ours(rec))
				write_and_read(rec);
			else
				pass_on(rec, data, size);
			record_free(rec);
		}
	}
	stream_release(&s);
	return 0;
}
