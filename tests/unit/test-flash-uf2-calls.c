/* SPDX-License-Identifier: MIT */
/* What write(2) may do while a drive is written. */
#define _GNU_SOURCE		/* O_DIRECT */

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../tests/unit/uf2_bench.h"

/* The nth write to FIRMWARE.UF2, counted from 1, and what it does. */
static struct {
	int	nth, eno;
	size_t	brief;			/* that many bytes, and no more */
	int	then;			/* errno of the write after it; 0 */
	bool	nothing;		/* it takes no byte, and says so */
	int	calls, flags;
} plan;

static bool
is_firmware(int fd)
{
	struct stat st, st2;

	return fstat(fd, &st) == 0 && stat("drive/FIRMWARE.UF2", &st2) == 0 &&
	    st.st_ino == st2.st_ino && st.st_dev == st2.st_dev;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (is_firmware(fd)) {
		plan.calls++;
		if (plan.calls == 1)
			plan.flags = fcntl(fd, F_GETFL);
		if (plan.calls == plan.nth && plan.brief > 0)
			n = plan.brief;
		else if (plan.calls == plan.nth && plan.nothing)
			return errno = EIO, 0;
		else if (plan.calls == plan.nth && plan.eno != 0)
			return errno = plan.eno, -1;
		else if (plan.calls == plan.nth + 1 && plan.then != 0)
			return errno = plan.then, -1;
		/* The kernel may refuse to write there what is not aligned. */
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_DIRECT);
	}
	return (ssize_t)syscall(SYS_write, fd, p, n);
}

/* Of the nth write something is said; NTH 0: of no write. */
static struct flash_job
begin_at(int nth)
{
	memset(&plan, 0, sizeof(plan));
	plan.nth = nth;
	return begin();
}

/* Past the cache, or at least not left in it. */
static void
test_flags(void)
{
	struct flash_job job = begin_at(0);

	works(&job);
	OK((plan.flags & (O_DIRECT | O_SYNC)) != 0);
	OK(plan.calls == 3);
}

static void
test_short(void)
{
	static const size_t briefs[] = { 1000, 512, 65535, 1 };
	struct flash_job job;

	for (size_t i = 0; i < 4; i++)
		for (int nth = 1; nth <= 3; nth++) {
			job = begin_at(nth);
			plan.brief = nth == 3 ? 1000 : briefs[i];
			plan.then = i % 2 == 0 ? EINVAL : 0;
			works(&job);
		}
}

static void
test_again(void)
{
	struct flash_job job;

	for (int nth = 1; nth <= 3; nth++) {
		job = begin_at(nth);
		plan.eno = EINTR;
		works(&job);
		OK(plan.calls == 4);
	}
}

/* A drive that takes nothing is not asked for ever. */
static void
test_nothing(void)
{
	struct flash_job job = begin_at(2);
	struct result res;

	plan.nothing = true;
	OK(run(&job, &res) == -1 && e.code == ERR_IO && plan.calls == 2);
}

/* At the last piece as well: it is not the bootloader's drive. */
static void
test_full(void)
{
	struct flash_job job;
	struct result res;

	for (int nth = 1; nth <= 3; nth++) {
		job = begin_at(nth);
		plan.eno = ENOSPC;
		OK(run(&job, &res) == -1 && e.code == ERR_SPACE);
		IS_STR(e.hint, "the drive is full: check that it is the "
		    "bootloader's");
	}
}

/* Of any other error there the board has to show what it means. */
static void
test_last(void)
{
	struct flash_job job = begin_at(3);
	struct result res;

	plan.eno = EIO;
	OK(run(&job, &res) == 0 && !accepted);
	job = begin_at(2);
	plan.eno = EIO;
	OK(run(&job, &res) == -1 && e.code == ERR_IO);
}

int
main(void)
{
	uf2_bench_enter();
	test_flags();
	test_short();
	test_again();
	test_nothing();
	test_full();
	test_last();
	uf2_bench_leave();
	return tap_done();
}
