/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/db.h"

int
store_open_folder(const char *given, enum store_mode mode,
    struct store **out, struct err *e)
{
	char *dir = dirs_firmware(given);
	const int r = store_open(dir, mode, out, e);

	free(dir);
	return r;
}

int
db_check_folder(const char *dir, struct err *e)
{
	size_t n;

	for (const char *p = dir; *p != '\0'; p += n) {
		n = text_utf8(p, strlen(p));
		if (n > 0)
			continue;
		err_set(e, ERR_INPUT, "%s: the folder's name is not UTF-8",
		    dir);
		return err_todo(e, NEXT_CHOOSE_FOLDER,
		    "rename it, or name another folder with --dir");
	}
	return 0;
}

int
db_check_kinds(const char *db, struct err *e)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(ends) / sizeof(ends[0]); i++) {
		char *path = mem_printf("%s%s", db, ends[i]);

		r = file_check_kind(path, e);
		free(path);
	}
	return r;
}

int
db_make_file(const char *path, struct err *e)
{
	const int fd = file_open(path, O_RDWR | O_CREAT, FILE_OWN, e);

	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

/* In RFC 3986 '?', '#' and '%' are special. */
char *
db_immutable_uri(const char *path)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, path[0] == '/' ? "file://" : "file:");
	for (; *path != '\0'; path++) {
		if (strchr("?#%", *path) != NULL)
			buf_addf(&b, "%%%02X", (unsigned)*path);
		else
			buf_addc(&b, *path);
	}
	buf_adds(&b, "?immutable=1");
	return buf_steal(&b);
}
