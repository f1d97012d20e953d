/* SPDX-License-Identifier: MIT */
/* What may go wrong while a drive is written. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../tests/unit/uf2_bench.h"
#include "base/stop.h"

/* In a process of its own, after spoil; it exits with what check says. */
static void
apart(void (*spoil)(void), int (*check)(int r, const struct result *res))
{
	const struct flash_job job = begin();
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		struct result res;
		int r;

		spoil();
		r = run(&job, &res);
		_exit(check(r, &res));
	}
	OK(waitpid(pid, &status, 0) == pid);
	OK(WIFEXITED(status));
	OK(WEXITSTATUS(status) == 0);
}

/* What lies past the limit of a file's size can not be written. */
static void
limit(size_t bytes)
{
	const struct rlimit max = { bytes, bytes };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &max) == -1)
		_exit(9);
}

static void
spoil_second_piece(void)
{
	limit(131072 + 4096);
}

static int
is_io(int r, const struct result *res)
{
	if (r != -1 || e.code != ERR_IO)
		return 1;
	if (strstr(e.msg, "byte 131072 of 307200: File too large") == NULL)
		return 2;
	return strcmp(res->state, "bootloader") == 0 ? 0 : 3;
}

/* The last piece fails, as the board may have restarted: it has to show. */
static void
spoil_last_piece(void)
{
	limit(SIZE - MAKE_UF2_BLOCK);
}

static int
is_well(int r, const struct result *res)
{
	(void)res;
	if (r != 0)
		return 1;
	return accepted ? 2 : 0;
}

/*
 * The board goes when it has its own blocks; what fails after them is for
 * another chip, and proves nothing against it.
 */
#define OWN	256u			/* blocks: the first piece */

static void
spoil_others_blocks(void)
{
	for (uint32_t i = 0; i < SIZE / MAKE_UF2_BLOCK; i++) {
		const bool own = i < OWN;
		const uint32_t number = own ? i : i - OWN;

		make_uf2(image + i * MAKE_UF2_BLOCK,
		    own ? MAKE_RP2040 : 0xe48bff59, 0x10000000 + 256 * number,
		    number, own ? OWN : SIZE / MAKE_UF2_BLOCK - OWN, "", 0);
	}
	limit(OWN * MAKE_UF2_BLOCK);
}

static int
is_accepted(int r, const struct result *res)
{
	if (r != 0 || !accepted)
		return 1;
	return res->written_bytes == OWN * 256 ? 0 : 2;
}

/* Somebody else's drive. */
static void
spoil_permission(void)
{
	if (chmod(tmp_path, 0755) == -1 || chmod("drive", 0555) == -1 ||
	    (geteuid() == 0 && setuid(65534) == -1))
		_exit(9);
}

static int
is_permission(int r, const struct result *res)
{
	if (r != -1 || e.code != ERR_PERMISSION || e.hint[0] == '\0')
		return 1;
	return strcmp(res->state, "bootloader") == 0 ? 0 : 3;
}

static void
spoil_stop(void)
{
	stop_install();
	raise(SIGTERM);
}

static int
is_stopped(int r, const struct result *res)
{
	if (r != -1 || e.code != ERR_CANCELLED)
		return 1;
	if (strcmp(e.msg, "stopped at byte 0 of 307200") != 0)
		return 2;
	return strcmp(res->state, "bootloader") == 0 ? 0 : 3;
}

/* Nobody mounts it, and we are to stop. */
static void
spoil_wait(void)
{
	drive.volume = NULL;
	spoil_stop();
}

static int
is_not_waited(int r, const struct result *res)
{
	if (r != -1 || e.code != ERR_CANCELLED || e.hint[0] == '\0')
		return 1;
	if (strcmp(e.msg, "stopped before its drive was there") != 0)
		return 2;
	return strcmp(res->state, "bootloader") == 0 ? 0 : 3;
}

static void
test_errors(void)
{
	apart(spoil_second_piece, is_io);
	apart(spoil_last_piece, is_well);
	apart(spoil_others_blocks, is_accepted);
	apart(spoil_permission, is_permission);
	OK(chmod("drive", 0755) == 0);
	apart(spoil_stop, is_stopped);
	apart(spoil_wait, is_not_waited);
}

/* O_DIRECT takes whole sectors alone; a tail that is none goes another way. */
static void
test_odd_size(void)
{
	struct flash_job job = begin();
	struct buf got = BUF_INIT;
	struct result res;

	job.force = true;	/* it would not pass as UF2 either */
	job.size = SIZE - 100;
	OK(run(&job, &res) == 0);
	OK(file_read("drive/FIRMWARE.UF2", &got, &e) == 0);
	OK(got.len == SIZE - 100 && memcmp(got.data, image, got.len) == 0);
	buf_release(&got);
}

int
main(void)
{
	uf2_bench_enter();
	test_odd_size();
	test_errors();
	uf2_bench_leave();
	return tap_done();
}
