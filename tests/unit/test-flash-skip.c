/* SPDX-License-Identifier: MIT */
/* What is on the board already. */
#include "../tests/unit/large_bench.h"

/* What is there already is neither erased nor written. */
static void
test_skip(void)
{
	struct flash_job job = begin_written();

	works(&job, 0, 1);
	OK(fake.calls[FAKE_ERASE] == 0);
	job = begin_written();
	fake.mem[CHUNK + 5] ^= 1;
	works(&job, FAKE_UNIT, 1);	/* a sector alone, where it can read */
	OK(fake.calls[FAKE_ERASE] == 1 && fake.calls[FAKE_WRITE] == 4);
	job = begin_written();
	fake.mem[CHUNK + 3 * FAKE_UNIT] ^= 1;	/* two in a row, and the last */
	fake.mem[CHUNK + 5 * FAKE_UNIT - 1] ^= 1;
	fake.mem[LARGE_SIZE - 1] ^= 1;
	works(&job, 3 * FAKE_UNIT, 1);
	OK(fake.calls[FAKE_ERASE] == 2);
	job = begin_written();
	table = md5_table;
	fake.mem[LARGE_SIZE - 1] ^= 1;
	/* A board that says that it runs another version is not asked. */
	works(&job, LARGE_SIZE, 1);
	OK(fake.calls[FAKE_READ] == 3);
	job = begin_written();
	job.board.version = job.image.version;
	job.board.build = job.image.build;
	table = md5_table;
	fake.mem[LARGE_SIZE - 1] ^= 1;
	works(&job, LARGE_SIZE - 2 * CHUNK, 1);
	job = begin_written();
	job.no_skip = true;
	works(&job, LARGE_SIZE, 1);
}

int
main(void)
{
	bench_enter();
	make_large();
	test_skip();
	bench_leave();
	return tap_done();
}
