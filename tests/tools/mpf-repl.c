/* SPDX-License-Identifier: MIT */

/*
 * mpf-repl [--no-interrupt] PORT VERB [ARG]: lib/repl on its own, for the tests
 * on real boards.
 *
 *	run CODE	prints what it prints
 *	read PATH	the file to standard output
 *	write PATH	from standard input
 *	call NAME ARG...	a script of share/probe; prints its fields
 *
 * Standard error tells "interrupted" where a program was.
 */

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "repl/repl.h"
#include "repl/script.h"

static int
act(struct repl *r, char *argv[], struct buf *out, struct err *e)
{
	const int64_t deadline = clock_ms() + 30000;
	struct script_arg args[SCRIPT_ARGS];
	struct buf in = BUF_INIT;
	char piece[4096];
	size_t n;
	int res = -1;

	if (strcmp(argv[0], "run") == 0) {
		res = repl_run(r, argv[1], deadline, out, NULL, e);
	} else if (strcmp(argv[0], "read") == 0) {
		res = repl_read_file(r, argv[1], deadline, out, e);
	} else if (strcmp(argv[0], "write") == 0) {
		while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
			buf_add(&in, piece, n);
		res = repl_write_file(r, argv[1], in.data, in.len, deadline,
		    NULL, e);
	} else if (strcmp(argv[0], "call") == 0) {
		for (n = 0; n < SCRIPT_ARGS && argv[2 + n] != NULL; n++)
			args[n] = (struct script_arg){ argv[2 + n],
			    strlen(argv[2 + n]) };
		res = repl_call(r, argv[1], args, n, deadline, out, NULL, e);
	} else {
		err_set(e, ERR_USAGE, "%s: no such verb", argv[0]);
	}
	buf_release(&in);
	return res;
}

int
main(int argc, char *argv[])
{
	struct repl_opts opts = { false };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct link *l = NULL;
	struct repl *r = NULL;
	int res;

	if (argc > 1 && strcmp(argv[1], "--no-interrupt") == 0) {
		opts.no_interrupt = true;
		argv++;
		argc--;
	}
	if (argc < 3)
		return 2;
	res = link_open(argv[1], NULL, &l, &e);
	if (res == 0)
		res = repl_enter(l, &opts, clock_ms() + 10000, &r, &e);
	if (res == 0) {
		if (repl_interrupted(r))
			fprintf(stderr, "interrupted\n");
		res = act(r, argv + 2, &out, &e);
		fwrite(out.data, 1, out.len, stdout);
		if (repl_leave(r, clock_ms() + 5000,
		    res == 0 ? &e : &(struct err)ERR_INIT) == -1)
			res = -1;
	}
	if (res == -1)
		fprintf(stderr, "%s: %s\n", err_name(e.code), e.msg);
	link_close(l);
	buf_release(&out);
	return res == 0 ? 0 : 1;
}
