/* SPDX-License-Identifier: MIT */
#include "trust/password.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/sign.h"

char *
password_read(const char *path, struct err *e)
{
	struct buf b = BUF_MAX(PASSWORD_MAX);
	char *word = NULL;

	if (file_read(path, &b, e) == 0)
		word = mem_printf("%.*s", (int)strcspn(b.data, "\r\n"),
		    b.data);
	if (b.len > 0)
		sign_wipe(b.data, b.len);
	buf_release(&b);
	return word;
}

/* Up to the end of the line; false: the terminal has gone. */
static bool
read_line(int fd, char line[PASSWORD_MAX])
{
	size_t n = 0;
	ssize_t r;
	char c;

	while ((r = read(fd, &c, 1)) == 1 && c != '\n')
		if (n < PASSWORD_MAX - 1)
			line[n++] = c;
	line[n] = '\0';
	return r == 1;
}

char *
password_ask(const char *prompt, struct err *e)
{
	const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios old, quiet;
	char line[PASSWORD_MAX], *word = NULL;
	bool good;

	if (fd == -1 || tcgetattr(fd, &old) == -1) {
		err_set(e, ERR_USAGE, "needs a password, and there is no "
		    "terminal to ask for it");
		if (fd != -1)
			close(fd);
		return NULL;
	}
	quiet = old;
	quiet.c_lflag &= (tcflag_t)~ECHO;
	file_write_all(fd, prompt, strlen(prompt), "/dev/tty", e);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	good = read_line(fd, line);
	tcsetattr(fd, TCSAFLUSH, &old);
	file_write_all(fd, "\n", 1, "/dev/tty", e);
	close(fd);
	if (good)
		word = mem_str(line);
	else
		err_set(e, ERR_CANCELLED, "no password");
	sign_wipe(line, sizeof(line));
	return word;
}
