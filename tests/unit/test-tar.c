/* SPDX-License-Identifier: MIT */
#include "tar/tar.h"

#include <fcntl.h>
#include <stdlib.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/file.h"

static struct buf b = BUF_INIT;
static struct tar t;
static struct err e;

static uint8_t *
sum_up(uint8_t h[TAR_BLOCK])
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
	return h;
}

/* A block whose checksum is right, whatever else. */
static uint8_t *
header(const char *name, char type, const char *size)
{
	static uint8_t h[TAR_BLOCK];

	memset(h, 0, sizeof(h));
	memcpy(h, name, strlen(name));
	memcpy(h + 124, size, strlen(size));
	h[156] = (uint8_t)type;
	memcpy(h + 257, "ustar\00000", 8);
	return sum_up(h);
}

static void
add(const char *name, char type, const char *size)
{
	buf_add(&b, header(name, type, size), TAR_BLOCK);
}

static void
fill(size_t n, char c)
{
	while (n-- > 0)
		buf_addc(&b, c);
}

/* Opens what b holds; b is empty afterwards. */
static int
opens(void)
{
	int r;

	e = (struct err)ERR_INIT;
	file_write("t.tar", b.data, b.len, 0644, &e);
	buf_clear(&b);
	r = tar_open("t.tar", &t, &e);
	return r;
}

static void
test_written(void)
{
	const int fd = open("t.tar", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	struct buf out = BUF_INIT;

	OK(tar_put(fd, "t.tar", "a/one", 3, 1000000000, &e) == 0);
	OK(file_write_all(fd, "abc", 3, "t.tar", &e) == 0);
	OK(tar_pad(fd, "t.tar", 3, &e) == 0);
	OK(tar_put(fd, "t.tar", "empty", 0, 0, &e) == 0);
	OK(tar_pad(fd, "t.tar", 0, &e) == 0);
	OK(tar_put(fd, "t.tar", "block", TAR_BLOCK, 0, &e) == 0);
	fill(TAR_BLOCK, 'x');
	OK(file_write_all(fd, b.data, TAR_BLOCK, "t.tar", &e) == 0);
	buf_clear(&b);
	OK(tar_pad(fd, "t.tar", TAR_BLOCK, &e) == 0);
	OK(tar_end(fd, "t.tar", &e) == 0);
	close(fd);

	OK(tar_open("t.tar", &t, &e) == 0);
	OK(t.n == 3);
	OK(tar_read(&t, tar_find(&t, "a/one"), &out, &e) == 0);
	IS_STR(out.data, "abc");
	OK(tar_find(&t, "empty")->size == 0);
	OK(tar_find(&t, "a") == NULL);
	out.max = 10;
	OK(tar_read(&t, tar_find(&t, "block"), &out, &e) == -1);
	OK(e.code == ERR_INPUT);
	buf_release(&out);
	tar_close(&t);
	tar_close(&t);

	fill(101, 'n');
	OK(tar_put(-1, "t.tar", b.data, 0, 0, &e) == -1);
	IS_STR(e.msg + strlen(e.msg) - 25, ": does not fit into a tar");
	buf_clear(&b);
	OK(tar_put(-1, "t.tar", "x", 1ull << 33, 0, &e) == -1);
	OK(tar_put(-1, "t.tar", "x", 0, 0, &e) == -1);
}

static void
test_names(void)
{
	uint8_t *h;

	add("./a//b/./c", '0', "0");
	add("folder/", '5', "0");
	add("old", '\0', "0 ");
	h = header("name", '0', "0");
	memcpy(h + 345, "pre/fix", 7);
	sum_up(h);
	buf_add(&b, h, TAR_BLOCK);
	fill(2 * (size_t)TAR_BLOCK, '\0');
	OK(opens() == 0);
	OK(t.n == 3);
	OK(tar_find(&t, "a/b/c") != NULL);
	OK(tar_find(&t, "old") != NULL);
	OK(tar_find(&t, "pre/fix/name") != NULL);
	tar_close(&t);
}

/* From 100 bytes on it takes two parts, up to 155 and 100 of them. */
static void
test_long(void)
{
	static const size_t at[][2] = { { 50, 49 }, { 50, 50 }, { 1, 100 },
		{ 100, 100 }, { 155, 99 } };
	int fd;

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		fd = open("t.tar", O_WRONLY | O_CREAT | O_TRUNC, 0644);
		fill(at[i][0], 'd');
		buf_addc(&b, '/');
		fill(at[i][1], 'f');
		OK(tar_put(fd, "t.tar", b.data, 0, 0, &e) == 0);
		OK(tar_end(fd, "t.tar", &e) == 0);
		close(fd);
		OK(tar_open("t.tar", &t, &e) == 0);
		OK(t.n == 1 && strcmp(t.v[0].name, b.data) == 0);
		tar_close(&t);
		buf_clear(&b);
	}
	fill(156, 'd');
	buf_adds(&b, "/f");
	OK(tar_put(-1, "t.tar", b.data, 0, 0, &e) == -1);
	buf_clear(&b);
}

static void
refuses(const char *name, char type, const char *size, const char *why)
{
	add(name, type, size);
	fill(2 * (size_t)TAR_BLOCK, '\0');
	OK(opens() == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, why);
}

static void
test_refused(void)
{
	refuses("/etc/x", '0', "0",
	    "t.tar: a name that leads out of it: /etc/x");
	refuses("../x", '0', "0", "t.tar: a name that leads out of it: ../x");
	refuses("a/../x", '0', "0",
	    "t.tar: a name that leads out of it: a/../x");
	refuses("a/..", '5', "0", "t.tar: a name that leads out of it: a/..");
	refuses("a\nb", '0', "0", "t.tar: a name that leads out of it: a\nb");
	refuses("", '0', "0", "t.tar: a file without a name");
	refuses("./", '0', "0", "t.tar: a file without a name");
	refuses("x", '1', "0", "t.tar: x: a hard link");
	refuses("x", '2', "0", "t.tar: x: a symbolic link");
	refuses("x", '3', "0", "t.tar: x: a device");
	refuses("x", '4', "0", "t.tar: x: a device");
	refuses("x", '6', "0", "t.tar: x: a pipe");
	refuses("x", 'L', "0", "t.tar: x: a name that is too long");
	refuses("x", 'S', "0", "t.tar: x: a file with holes");
	refuses("x", 'Q', "0", "t.tar: x: of an unknown kind");
	refuses("x", '0', "77777777777",
	    "t.tar: x: larger than the archive");
	refuses("x", '0', "2001", "t.tar: x: larger than the archive");
	refuses("x", '0', "\x80\x01", "t.tar: x: larger than the archive");
	refuses("x", '0', "-1", "t.tar: x: larger than the archive");
	refuses("x", '0', "", "t.tar: x: larger than the archive");
	refuses("x", '0', "1001", "t.tar: cut off");
}

static void
test_broken(void)
{
	add("x", '0', "0");
	add("./x", '0', "0");
	fill(TAR_BLOCK, '\0');
	OK(opens() == -1);
	IS_STR(e.msg, "t.tar: x is in it twice");
	add("x", '0', "0");
	OK(opens() == -1);
	IS_STR(e.msg, "t.tar: cut off");
	OK(opens() == -1);
	fill(100, '\0');
	OK(opens() == -1);
	add("x", '0', "0");
	b.data[3]++;
	fill(TAR_BLOCK, '\0');
	OK(opens() == -1);
	IS_STR(e.msg, "t.tar: no header of tar at 0");
	fill(TAR_BLOCK, '\0');
	OK(opens() == 0 && t.n == 0);
	OK(tar_find(&t, "x") == NULL);
	tar_close(&t);
	OK(tar_open("none", &t, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(tar_open(".", &t, &e) == -1);
	IS_STR(e.msg, ".: a folder, not a regular file");
	OK(mkfifo("fifo", 0600) == 0);
	OK(tar_open("fifo", &t, &e) == -1);
	IS_STR(e.msg, "fifo: a pipe, not a regular file");
}

static void
pax(const char *text, const char *why)
{
	char size[32];

	snprintf(size, sizeof(size), "%zo", strlen(text));
	add("pax", 'x', size);
	buf_adds(&b, text);
	fill(TAR_BLOCK - strlen(text), '\0');
	add("x", '0', "0");
	fill(TAR_BLOCK, '\0');
	OK(opens() == (why == NULL ? 0 : -1));
	IS_STR(why == NULL ? "" : e.msg, why == NULL ? "" : why);
	tar_close(&t);
}

static void
test_pax(void)
{
	pax("20 mtime=123456789.5\n", NULL);
	pax("12 path=abc\n", "t.tar: a pax record that changes path=");
	pax("20 mtime=123456789.5\n12 path=abc\n",
	    "t.tar: a pax record that changes path=");
	pax("12 size=100\n", "t.tar: a pax record that changes size=");
	pax("22 GNU.sparse.major=1\n",
	    "t.tar: a pax record that changes GNU.sparse");
	add("pax", 'g', "200001");
	fill(70000, 'x');
	fill(2 * (size_t)TAR_BLOCK, '\0');
	OK(opens() == -1);
	IS_STR(e.msg, "t.tar: 65537 bytes of pax records");
}

int
main(void)
{
	tmp_enter();
	test_written();
	test_names();
	test_long();
	test_refused();
	test_broken();
	test_pax();
	buf_release(&b);
	tmp_leave();
	return tap_done();
}
