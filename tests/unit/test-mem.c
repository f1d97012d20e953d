/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* The status with which a process ends that asks for too much. */
static int
status_of(void (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		fn();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static volatile size_t most = SIZE_MAX / 2;	/* gcc may not look inside */

static void
too_much(void)
{
	free(mem_alloc(most));
}

static void
grow_too_much(void)
{
	free(mem_grow(NULL, most, 1));
}

static void
overflow(void)
{
	free(mem_grow(NULL, most / 2 + 2, 4));	/* 4 or so, modulo SIZE_MAX */
}

int
main(void)
{
	char *p, *s;

	p = mem_alloc(100);
	OK(p[0] == 0 && p[99] == 0);
	p = mem_grow(p, 50, 4);
	p[199] = 'x';
	free(p);
	p = mem_alloc(0);
	OK(p != NULL);
	p = mem_grow(p, 0, 10);
	OK(p != NULL);
	free(p);
	p = mem_copy("a\0b", 3);
	OK(memcmp(p, "a\0b", 3) == 0);
	free(p);
	p = mem_copy(NULL, 0);
	OK(p != NULL);
	free(p);

	OK(mem_str(NULL) == NULL);
	s = mem_str("text");
	IS_STR(s, "text");
	free(s);
	s = mem_printf("%s %d", "number", 7);
	IS_STR(s, "number 7");
	free(s);

	/* ASan has an allocator with its own opinion of too much. */
	if (getenv("MPF_TEST_SANITIZED") == NULL) {
		OK(status_of(too_much) == 2);
		OK(status_of(grow_too_much) == 2);
	}
	OK(status_of(overflow) == 2);
	return tap_done();
}
