/* SPDX-License-Identifier: MIT */
#include "front/devices.h"

#include "base/log.h"

void
devices_stage(const struct front *f, struct front_pipe *p,
    const struct devices *d)
{
	front_stage(p, "mpf-detect");
	front_values(p, "--serial", &d->serial);
	front_values(p, "--serial", &d->volume);
	front_values(p, "--ignore", &d->ignore);
	front_flag(p, "--bluetooth", d->bluetooth);
	front_common(f, p);
}

int
devices_find(struct front *f, const struct devices *d,
    struct front_records *found, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	devices_stage(f, &p, d);
	command_tell(f, &p);
	r = front_run(f, pipes, 1, NULL, found, e);
	front_pipe_release(&p);
	return r;
}

int
command_options(const struct tool *t, int argc, char *argv[],
    const bool *help, struct options **o, struct err *e)
{
	*o = options_new(t, NULL);
	if (options_parse(*o, argc, argv, e) == -1)
		return e->hint[0] != '\0' ? -1 :
		    err_hint(e, "%s --help lists the options", t->name);
	if (*help) {
		options_help(*o);
		return 1;
	}
	return options_arguments(*o, argc, argv, e);
}

void
command_tell(const struct front *f, const struct front_pipe *p)
{
	struct buf text = BUF_INIT;

	if (f->verbose > 1) {
		front_text(p, &text);
		log_verbose("%s", text.data);
	}
	buf_release(&text);
}
