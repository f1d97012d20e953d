/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "front/front.h"

/*
 * mpflash names the file of "add" by an option, and the description by a
 * letter that is another option of mpf-add.
 */
static void
add_argument(struct front_pipe *p, const char *arg, const char *next,
    int *taken)
{
	static const char path[] = "--path=";

	*taken = 0;
	if (strncmp(arg, path, sizeof(path) - 1) == 0) {
		front_arg(p, arg + sizeof(path) - 1);
	} else if (next != NULL && (strcmp(arg, "--path") == 0 ||
	    strcmp(arg, "-p") == 0)) {
		front_arg(p, next);
		*taken = 1;
	} else if (strcmp(arg, "-d") == 0) {
		front_arg(p, "--description");
	} else {
		front_arg(p, arg);
	}
}

int
front_add(struct front *f, int argc, char *argv[], struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	int taken, r;

	front_stage(&p, "mpf-add");
	front_common(f, &p);
	for (int i = 1; i < argc; i++) {
		add_argument(&p, argv[i], argv[i + 1], &taken);
		i += taken;
	}
	r = front_become("mpf-add", p.v[0].args, e);
	front_pipe_release(&p);
	return r;
}
