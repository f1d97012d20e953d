/* SPDX-License-Identifier: MIT */
#ifndef MPF_LARGE_BENCH_H
#define MPF_LARGE_BENCH_H

#include "../tests/unit/flash_bench.h"

/* large_bench: a flash of three chunks, by the fake driver. */

#define LARGE		640u		/* blocks: 64, 64 and 32 KiB */
#define LARGE_SIZE	(LARGE * 256)
#define CHUNK		65536

static char large_sum[DIGEST_HEX];
static uint8_t payload[LARGE_SIZE];

static inline void
make_large(void)
{
	static uint8_t file[LARGE * MAKE_UF2_BLOCK];

	for (uint32_t i = 0; i < LARGE; i++) {
		uint8_t *p = file + i * MAKE_UF2_BLOCK;

		make_uf2(p, MAKE_RP2040, FAKE_ADDR + i * 256, i, LARGE,
		    i == 0 ? SAYS : (char *)&i, i == 0 ? sizeof(SAYS) :
		    sizeof(i));
		memcpy(payload + i * 256, p + 32, 256);
	}
	digest_bytes(file, sizeof(file), large_sum);
	OK(file_write("large.uf2", file, sizeof(file), 0644, &e) == 0);
}

static inline struct flash_job
begin_large(void)
{
	struct flash_job job = begin();

	job.image.path = "large.uf2";
	job.image.sha256 = large_sum;
	return job;
}

/* It is all there before. */
static inline struct flash_job
begin_written(void)
{
	struct flash_job job = begin_large();

	memcpy(fake.mem, payload, LARGE_SIZE);
	return job;
}

static inline bool
arrived(void)
{
	return memcmp(fake.mem, payload, LARGE_SIZE) == 0 &&
	    fake.mem[LARGE_SIZE] == 0xa5;	/* no more than that */
}

/* It goes well: so many bytes are written, and so many tries are needed. */
static inline void
works(const struct flash_job *job, int64_t written, int64_t attempts)
{
	struct flash_outcome out;

	e = (struct err)ERR_INIT;
	OK(flash_run(job, table, &out, &e) == 0);
	IS_STR(e.msg, "");
	OK(out.result.written_bytes == written);
	OK(out.result.unchanged_bytes == LARGE_SIZE - written);
	OK(out.result.attempts == attempts);
	OK(board.told_done == LARGE_SIZE && board.told_total == LARGE_SIZE);
	IS_STR(out.result.state, "running");
	OK(arrived() && fake.calls[FAKE_START] == 1);
	flash_release(&out);
}

#endif
