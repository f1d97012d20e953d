/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/command.h"
#include "base/mem.h"
#include "base/text.h"
#include "custom/impl.h"

/* scan: a program of the user's, such as clamscan, looks at the file. */

#define SCAN_MS		(10 * 60000)	/* a signature set takes a while */
#define OUTPUT_MAX	1000u		/* bytes that are kept */
#define BLANKS		" \t\n"

/* The words of cmd, and the file as the last one; strings are cut from cmd. */
static const char **
split_command(char *cmd, const char *path)
{
	const char **argv = NULL;
	char *p = cmd + strspn(cmd, BLANKS);
	size_t n = 0;

	for (; *p != '\0'; p += strspn(p, BLANKS)) {
		argv = mem_grow(argv, n + 3, sizeof(*argv));
		argv[n++] = p;
		p += strcspn(p, BLANKS);
		if (*p != '\0')
			*p++ = '\0';
	}
	if (n == 0)
		return NULL;
	argv[n++] = path;
	argv[n] = NULL;
	return argv;
}

static void
keep_output(struct work *w, const struct buf *out)
{
	struct buf clean = BUF_INIT;
	size_t n = out->len;

	while (n > 0 && strchr(BLANKS, out->data[n - 1]) != NULL)
		n--;
	text_show(&clean, out->data, n);
	if (clean.len > 0)
		w->en->image.scan = entry_own(w->en, buf_steal(&clean));
	buf_release(&clean);
}

int
work_scan(struct work *w, const char *path, struct err *e)
{
	char *cmd = mem_str(w->c->o.scan);
	const char **argv = split_command(cmd, path);
	struct buf out = BUF_MAX(OUTPUT_MAX);
	struct command c = { .argv = argv, .deadline = clock_ms() + SCAN_MS,
	    .out = &out, .errors = &out };
	int status, r = -1;

	if (argv == NULL) {
		err_set(e, ERR_USAGE, "--scan '': names no program");
		goto out;
	}
	if (command_run(&c, &status, e) == -1) {
		err_wrap(e, "--scan");
		goto out;
	}
	keep_output(w, &out);
	if (status == 0) {
		work_check(w, "scan");
		r = 0;
		goto out;
	}
	err_set(e, ERR_VERIFY, "refused by the scanner %s (status %d)%s%.200s",
	    argv[0], status, w->en->image.scan != NULL ? ": " : "",
	    w->en->image.scan != NULL ? w->en->image.scan : "");
	e->retry = false;
	err_hint(e, "look at what it says before you go on without --scan");
out:
	buf_release(&out);
	free(argv);
	free(cmd);
	return r;
}
