/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "tap.h"
#include "tmp.h"

static void
is_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	OK(file_read(path, &b, &e) == 0);
	IS_STR(b.data, want);
	buf_release(&b);
}

/* How many names there are in a folder, so that no .part is left behind. */
static int
count(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;
}

/* A file of that name in the folder, last written to so long ago. */
static void
old_file(const char *name, time_t age_s)
{
	struct timespec at[2] = { { clock_wall() - age_s, 0 } };
	struct err e = ERR_INIT;

	at[1] = at[0];
	OK(access(name, F_OK) == 0 || file_write(name, "x", 1, 0600, &e) == 0);
	OK(utimensat(AT_FDCWD, name, at, 0) == 0);
}

/* A part goes when its process does, and nothing else ever. */
static void
test_sweep(void)
{
	static const char *const stay[] = { "swept/.x.part", "swept/x.1-0.part",
	    "swept/.x.1.part", "swept/.1-0.part", "swept/.x.1-.part",
	    "swept/.x.a1-0.part.from", "swept/.x.-0.part", "swept/.part" };
	const size_t n = sizeof(stay) / sizeof(stay[0]);
	struct file_new f = FILE_NEW_INIT;
	struct err e = ERR_INIT;

	OK(file_mkdirs("swept", 0700, &e) == 0);
	for (size_t i = 0; i < n; i++)
		old_file(stay[i], 3600);
	OK(symlink(".x.part", "swept/.link.1-0.part") == 0);
	OK(mkfifo("swept/.fifo.1-0.part", 0600) == 0);
	old_file("swept/.young.1-0.part", 300);
	old_file("swept/.x.uf2.4294967-12.part", 3600);
	OK(file_begin("swept/held", 0600, &f, &e) == 0);
	old_file(f.tmp, 3600);
	file_sweep("swept");
	OK(access("swept/.x.uf2.4294967-12.part", F_OK) == -1);
	OK(count("swept") == (int)n + 4 && access(f.tmp, F_OK) == 0);
	OK(file_commit(&f, &e) == 0 && access("swept/held", F_OK) == 0);
	file_sweep("swept/held");
	file_sweep("nowhere");
	OK(count("swept") == (int)n + 4);
}

static void
test_commit(void)
{
	struct file_new f = FILE_NEW_INIT;
	struct err e = ERR_INIT;
	struct stat st;

	OK(file_mkdirs("new", 0755, &e) == 0);
	OK(file_write("new/x", "old", 3, 0644, &e) == 0);
	OK(file_begin("new/x", 0600, &f, &e) == 0);
	OK(file_write_all(f.fd, "young", 5, "x", &e) == 0);
	is_text("new/x", "old");		/* nobody sees half of it */
	OK(strncmp(f.tmp, "new/.x.", 7) == 0 && count("new") == 2);
	OK(file_commit(&f, &e) == 0);
	OK(f.fd == -1 && f.tmp == NULL && f.path == NULL);
	is_text("new/x", "young");
	OK(stat("new/x", &st) == 0 && (st.st_mode & 0777) == 0600);
	OK(count("new") == 1);

	/* The same in steps, for several files. */
	OK(file_begin("new/x", 0600, &f, &e) == 0);
	OK(file_write_all(f.fd, "grown", 5, "x", &e) == 0);
	file_sync_begin(&f);
	is_text("new/x", "young");
	OK(file_place(&f, &e) == 0 && f.fd == -1 && f.tmp == NULL);
	file_sync_folder("new/x");
	is_text("new/x", "grown");
	OK(file_same_folder("new/x", "new/y") && file_same_folder("x", "y"));
	OK(!file_same_folder("new/x", "old/x") && !file_same_folder("new/x",
	    "new/x/y"));
	OK(file_write("new/x", "young", 5, 0600, &e) == 0);

	OK(file_begin("new/x", 0600, &f, &e) == 0);
	OK(file_write_all(f.fd, "never", 5, "x", &e) == 0);
	file_abort(&f);
	file_abort(&f);				/* nothing begun is fine */
	is_text("new/x", "young");
	OK(count("new") == 1);
}

/* Two processes with one pid, in two containers that share the folder. */
static void
test_two_at_once(void)
{
	struct file_new a = FILE_NEW_INIT, b = FILE_NEW_INIT;
	struct err e = ERR_INIT;

	OK(file_mkdirs("two", 0755, &e) == 0);
	OK(file_begin("two/x", 0600, &a, &e) == 0);
	OK(file_begin("two/x", 0600, &b, &e) == 0);
	OK(strcmp(a.tmp, b.tmp) != 0 && count("two") == 2);
	OK(file_write_all(a.fd, "aaaa", 4, "a", &e) == 0);
	OK(file_write_all(b.fd, "bb", 2, "b", &e) == 0);
	OK(file_commit(&a, &e) == 0);
	is_text("two/x", "aaaa");
	OK(file_commit(&b, &e) == 0);
	is_text("two/x", "bb");
	OK(count("two") == 1);
}

/* A link as the target keeps being one, whether it leads anywhere or not. */
static void
test_links(void)
{
	struct err e = ERR_INIT;
	struct stat st;

	OK(file_mkdirs("real/deep", 0755, &e) == 0);
	OK(file_mkdirs("links", 0755, &e) == 0);
	OK(file_write("real/x", "old", 3, 0644, &e) == 0);
	OK(symlink("../real/x", "links/x") == 0);
	OK(file_write("links/x", "new", 3, 0644, &e) == 0);
	is_text("real/x", "new");
	OK(symlink("x", "links/again") == 0);
	OK(file_write("links/again", "newer", 5, 0644, &e) == 0);
	is_text("real/x", "newer");
	OK(lstat("links/x", &st) == 0 && S_ISLNK(st.st_mode));
	OK(lstat("links/again", &st) == 0 && S_ISLNK(st.st_mode));

	OK(symlink("../real/deep/new", "links/dangling") == 0);
	OK(file_write("links/dangling", "first", 5, 0644, &e) == 0);
	is_text("real/deep/new", "first");
	OK(lstat("links/dangling", &st) == 0 && S_ISLNK(st.st_mode));
	OK(symlink("../absent/new", "links/lost") == 0);
	OK(file_write("links/lost", "x", 1, 0644, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(symlink("loop", "links/loop") == 0);
	OK(file_write("links/loop", "x", 1, 0644, &e) == -1);
	OK(e.code == ERR_IO);
	OK(count("links") == 5 && count("real") == 2);
}

/* As root, rename(2) would put a file in the place of a device. */
static void
test_no_file(void)
{
	struct err e = ERR_INIT;
	struct stat st;

	OK(mkfifo("pipe", 0600) == 0 && symlink("pipe", "topipe") == 0);
	OK(file_write("pipe", "x", 1, 0644, &e) == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, "pipe: a pipe, not a regular file");
	OK(file_write("topipe", "x", 1, 0644, &e) == -1);
	OK(file_write("/dev/null", "x", 1, 0644, &e) == -1);
	OK(e.code == ERR_INPUT);
	OK(stat("pipe", &st) == 0 && S_ISFIFO(st.st_mode));
	OK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
}

int
main(void)
{
	tmp_enter();
	test_commit();
	test_sweep();
	test_two_at_once();
	test_links();
	test_no_file();
	tmp_leave();
	return tap_done();
}
