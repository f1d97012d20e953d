/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <fcntl.h>

#include "base/file.h"
#include "tap.h"
#include "tmp.h"

static int saved;

/* Standard error goes into a file, from begin to what it says it is. */
static void
begin(void)
{
	const int fd = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	fflush(stderr);
	saved = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static void
said(const char *want)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	dup2(saved, STDERR_FILENO);
	close(saved);
	OK(file_read("err", &b, &e) == 0);
	IS_STR(b.data, want);
	buf_release(&b);
}

static void
test_levels(void)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_IO, "it broke");

	log_open("mpf-x", LOG_QUIET);
	OK(log_level() == LOG_QUIET);
	begin();
	log_msg("one");
	log_verbose("two");
	log_err(&e);
	said("mpf-x: it broke\n");

	log_open("mpf-x", LOG_NORMAL);
	begin();
	log_msg("one %d", 1);
	log_verbose("two");
	err_hint(&e, "mend it");
	log_err(&e);
	said("mpf-x: one 1\nmpf-x: it broke\nmpf-x: hint: mend it\n");

	log_open("mpf-x", LOG_VERBOSE);
	begin();
	log_verbose("two %s", "2");
	said("mpf-x: two 2\n");
}

/* What a board says of itself can not paint on the terminal, nor forge. */
static void
test_escaping(void)
{
	static char big[3000];
	char want[3020];

	log_open("mpf-x", LOG_NORMAL);
	begin();
	log_msg("%s", "a\nmpf-x: b\x1b]0;c\a\xff \xc3\xa9");
	said("mpf-x: a\\nmpf-x: b\\x1b]0;c\\x07\\xff \xc3\xa9\n");

	memset(big, 'x', sizeof(big) - 1);
	snprintf(want, sizeof(want), "mpf-x: %s\n", big);
	begin();
	log_msg("%s", big);
	said(want);
}

/* Marks what goes on to standard error, and counts. */
static void
note(const struct log_message *m, void *ctx)
{
	++*(int *)ctx;
	if (m->code == ERR_IO)
		log_write(m);
}

/* Each message that is wanted goes elsewhere, and no other. */
static void
test_sink(void)
{
	struct err e = ERR_INIT;
	int n = 0;

	err_set(&e, ERR_IO, "it broke");
	err_hint(&e, "mend it");
	log_open("mpf-x", LOG_NORMAL);
	log_to(note, &n);
	begin();
	log_msg("one");
	log_verbose("two");
	log_err(&e);
	log_to(NULL, NULL);
	log_msg("three");
	said("mpf-x: it broke\nmpf-x: hint: mend it\nmpf-x: three\n");
	OK(n == 2);
}

/* Nobody listens: that is no reason to stop, nor to fall silent for good. */
static void
test_closed(void)
{
	begin();
	close(STDERR_FILENO);
	log_msg("lost");
	OK(dup2(saved, STDERR_FILENO) == STDERR_FILENO);
	close(saved);
	OK(log_level() == LOG_NORMAL);
}

int
main(void)
{
	tmp_enter();
	test_levels();
	test_escaping();
	test_sink();
	test_closed();
	tmp_leave();
	return tap_done();
}
