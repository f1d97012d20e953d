/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/stop.h"
#include "flash/write.h"
#include "image/uf2.h"

/* A file for several chips: does the board pass over this block? */
static bool
is_for_others(const struct flash_job *job, const struct uf2_block *b)
{
	const char *chip = uf2_family_chip(b->family);

	return (b->flags & UF2_NOT_MAIN) != 0 || uf2_is_e10(b) ||
	    (chip != NULL && job->facts.chip != NULL &&
	    strcmp(chip, job->facts.chip) != 0);
}

/*
 * The bytes that the blocks of this piece put into the board's flash; and, for
 * end, where the last of its own blocks ends in the file.
 */
static size_t
payload(const struct flash_job *job, size_t off, size_t n, size_t *end)
{
	struct uf2_block b;
	struct err e;
	size_t sum = 0;

	if (strcmp(job->facts.format, "uf2") != 0)
		return n;
	for (; n >= UF2_BLOCK; off += UF2_BLOCK, n -= UF2_BLOCK)
		if (uf2_parse(job->data + off, n, &b, &e) == 0 &&
		    !is_for_others(job, &b)) {
			sum += b.len;
			*end = off + UF2_BLOCK;
		}
	return sum;
}

int
write_file(struct flash_write *w, struct err *e)
{
	const struct flash_job *job = w->job;
	size_t size = job->size, n, end = size, ignored;
	const size_t most = w->target->write_max;
	struct err why = ERR_INIT;

	w->total = size;
	payload(job, 0, size, &end);
	w->proof->accepted = true;
	w->res->written_bytes = 0;
	w->res->attempts = 1;
	for (size_t off = 0; off < size; off += n) {
		n = size - off < most ? size - off : most;
		if (stop_requested())
			return write_stopped(w, e);
		/*
		 * With its last block the board goes, at once or a second
		 * later; whether it took that block, it has to show.  Blocks
		 * for others behind it do not matter.
		 */
		if (w->driver->write_file(w->session, off, job->data + off, n,
		    &why) == -1) {
			if (off + n < end || why.code == ERR_SPACE ||
			    !w->driver->leaves) {
				*e = why;
				return -1;
			}
			w->proof->accepted = off >= end;
			size = off + n;
		}
		w->touched = true;
		w->res->written_bytes += (int64_t)payload(job, off, n,
		    &ignored);
		write_tell(w, off + n);
	}
	return 0;
}
