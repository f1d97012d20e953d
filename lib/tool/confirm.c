/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/stop.h"
#include "base/text.h"
#include "tool/run.h"

/* One line of a person's; stops at a signal.  True: it begins with y. */
static bool
read_answer(int fd)
{
	char c, first = '\0';
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n')
		if (first == '\0')
			first = c;
	return n == 1 && (first == 'y' || first == 'Y');
}

int
tool_confirm(const struct record *rec, const char *what, struct err *e)
{
	const struct job *j = record_attached(rec);
	const char *label = run_label(rec);
	const bool told = j != NULL && j->run->events_fd != -1;
	const int fd = told ? -1 :
	    open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct buf text = BUF_INIT;
	bool yes = false;

	if (fd == -1) {
		err_set(e, ERR_USAGE, "nobody is there to be asked");
		return err_hint(e, "say --yes");
	}
	text_show(&text, label != NULL ? label : "-",
	    strlen(label != NULL ? label : "-"));
	buf_addf(&text, ": %s  Go on? [y/N] ", what);
	if (write(fd, text.data, text.len) == (ssize_t)text.len)
		yes = read_answer(fd);
	buf_release(&text);
	close(fd);
	if (yes)
		return 0;
	return err_set(e, ERR_CANCELLED, stop_requested() ?
	    "cancelled" : "not confirmed, so nothing was done");
}
