/* SPDX-License-Identifier: MIT */
#include "base/command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "tap.h"

#define LONG_MS	20000

static struct err e = ERR_INIT;

static int
run_sh(const char *script, const char *const *env, int64_t ms,
    struct buf *out, struct buf *errors, int *status)
{
	const char *const argv[] = { "sh", "-c", script, "$(x)", NULL };
	const struct command c = { argv, env, clock_ms() + ms, out, errors };

	return command_run(&c, status, &e);
}

static void
check_output(void)
{
	struct buf out = BUF_INIT, errors = BUF_INIT, small = BUF_MAX(3);
	int status = -1;

	OK(run_sh("echo \"$0\"; echo err >&2; cat; exit 3", NULL, LONG_MS,
	    &out, &errors, &status) == 0);
	IS_STR(out.data, "$(x)\n");	/* no shell of ours has seen it */
	IS_STR(errors.data, "err\n");
	OK(status == 3);
	buf_clear(&out);
	OK(run_sh("echo a; echo b >&2", NULL, LONG_MS, &out, &out,
	    &status) == 0);
	IS_STR(out.data, "a\nb\n");
	OK(run_sh("echo abcdef; yes | head -c 100000", NULL, LONG_MS, &small,
	    NULL, &status) == 0);
	IS_STR(small.data, "abc");
	OK(run_sh("kill -9 $$", NULL, LONG_MS, NULL, NULL, &status) == 0);
	OK(status == 128 + 9);
	buf_release(&out);
	buf_release(&errors);
	buf_release(&small);
}

static void
check_env(void)
{
	static const char *const env[] = { "MPF_A=2", "MPF_B", NULL };
	struct buf out = BUF_INIT;
	int status;

	setenv("MPF_A", "1", 1);
	setenv("MPF_B", "1", 1);
	setenv("MPF_AB", "1", 1);
	OK(run_sh("echo ${MPF_A-no}${MPF_B-no}${MPF_AB-no}", env, LONG_MS,
	    &out, NULL, &status) == 0);
	IS_STR(out.data, "2no1\n");
	IS_STR(getenv("MPF_A"), "1");
	buf_release(&out);
}

static void
check_failures(void)
{
	static const char *const nothing[] = { "no-such-program-1", NULL };
	const struct command c = { nothing, NULL, clock_ms() + LONG_MS, NULL,
	    NULL };
	const int64_t begin = clock_ms();
	struct buf out = BUF_INIT;
	int status;

	OK(command_run(&c, &status, &e) == -1 && e.code == ERR_NOT_FOUND);
	/* Its children have the pipe too, and end with it. */
	OK(run_sh("sleep 60 & wait", NULL, 50, &out, NULL, &status) == -1 &&
	    e.code == ERR_TIMEOUT);
	/* One that has closed its outputs, and stays. */
	OK(run_sh("exec >&- 2>&-; sleep 60", NULL, 50, &out, NULL,
	    &status) == -1 && e.code == ERR_TIMEOUT);
	stop_install();
	raise(SIGTERM);
	OK(run_sh("sleep 60", NULL, LONG_MS, &out, NULL, &status) == -1 &&
	    e.code == ERR_CANCELLED);
	OK(clock_ms() - begin < LONG_MS);
	buf_release(&out);
}

int
main(void)
{
	check_output();
	check_env();
	check_failures();
	return tap_done();
}
