/* SPDX-License-Identifier: MIT */

/*
 * mpf-faults: many runs of detect, record and flash in one process, each with
 * a fault somewhere between the tools and a board.  TAP.
 *
 *	mpf-faults [--seed N] [--share N] [--test NAME] [--run N]
 *
 * --share does one of so many runs; --run does one again, and says how it
 * ended.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/unit/tmp.h"
#include "run.h"

static struct run run = { .share = 1 };

static const struct {
	const char	*name;
	void		(*test)(struct run *r);
} tests[] = {
	{ "detect", test_detect },
	{ "record", test_record },
	{ "flash", test_flash },
	{ "swap", test_swap },
	{ "calls", test_calls },
	{ "dfu", test_dfu },
	{ "picoboot", test_picoboot },
	{ "esp", test_esp },
};

/* A run that does not end in real time has ended all. */
static void
on_alarm(int sig)
{
	static const char what[] = "\nnot ok - a run hangs: ";

	(void)sig;
	if (write(STDOUT_FILENO, what, sizeof(what) - 1) == -1 ||
	    write(STDOUT_FILENO, run.what, strlen(run.what)) == -1 ||
	    write(STDOUT_FILENO, "\n", 1) == -1)
		_exit(3);
	_exit(1);
}

static void
read_options(int argc, char *argv[])
{
	const char *seed = getenv("MPF_SEED");

	run.seed = seed != NULL ? strtoull(seed, NULL, 10) : 1;
	for (int i = 1; i + 1 < argc; i += 2) {
		const uint64_t n = strtoull(argv[i + 1], NULL, 10);

		if (strcmp(argv[i], "--seed") == 0)
			run.seed = n;
		else if (strcmp(argv[i], "--share") == 0 && n > 0)
			run.share = n;
		else if (strcmp(argv[i], "--run") == 0)
			run.only = n;
		else if (strcmp(argv[i], "--test") == 0)
			run.test = argv[i + 1];
		else
			exit(2);
	}
}

static void
do_test(size_t i)
{
	struct run before;

	run.number = run.done = 0;
	run.random = run.seed;
	before = run;
	tests[i].test(&run);
	printf("%sok %zu - %s: %llu runs (%llu ok, %llu errors), of which "
	    "%llu broke a promise; seed %llu\n", run.bad > before.bad ?
	    "not " : "", i + 1, tests[i].name, (unsigned long long)run.done,
	    (unsigned long long)(run.ok - before.ok),
	    (unsigned long long)(run.failed - before.failed),
	    (unsigned long long)(run.bad - before.bad),
	    (unsigned long long)run.seed);
	if (run.bad > before.bad)
		printf("# again: %s --seed %llu --test %s --run N\n",
		    "mpf-faults", (unsigned long long)run.seed,
		    tests[i].name);
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	const size_t n = sizeof(tests) / sizeof(tests[0]);

	read_options(argc, argv);
	signal(SIGALRM, on_alarm);
	tmp_enter();
	setenv("XDG_STATE_HOME", tmp_path, 1);
	setenv("MPF_LOCKS", tmp_path, 1);
	for (size_t i = 0; i < n; i++)
		if (run.test == NULL || strcmp(run.test, tests[i].name) == 0)
			do_test(i);
	tmp_leave();
	printf("1..%zu\n", n);
	return run.bad > 0;
}
