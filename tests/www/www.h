/* SPDX-License-Identifier: MIT */
#ifndef MPF_WWW_H
#define MPF_WWW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * www: a web server for tests.  It serves a folder to this machine alone, one
 * process for each connection, and misbehaves where it is told to.
 *
 * ROOT/.faults is read at each request: lines "PATH KIND [ARGUMENT]", the
 * first that has the path counts.
 *
 *	status N	that status, with a page of HTML
 *	html		200, with a page of HTML
 *	short N		the true length, but only N bytes
 *	long N		says N bytes more than there are
 *	nolength	no length: the end of the connection is the end
 *	cut N		in chunks, the last one missing, N bytes
 *	stall N		N bytes, and then nothing until the client leaves
 *	hold FILE	half of it, and the rest when FILE is there
 *	partial		206, with the first half
 *	redirect URL	302, with a page of HTML
 *	headers N	N kB of headers before the body
 *
 * ROOT/.log gets a line for each request: METHOD PATH STATUS, and
 * "authorized" behind it if there was a header Authorization.
 */

struct fault {
	char	kind[16];	/* "": none */
	char	arg[512];
	long	n;		/* the argument as a number */
};

void	www_fault(const char *root, const char *path, struct fault *out);

#endif
