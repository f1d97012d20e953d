/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* memfd_create */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tar/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the archive, its names lead nowhere and its files lie in it. */
static void
check(const struct tar *t, size_t size)
{
	struct buf b = BUF_MAX(1u << 20);
	struct err e = ERR_INIT;

	for (size_t i = 0; i < t->n; i++) {
		const struct tar_member *m = &t->v[i];

		assert(m->name[0] != '\0' && m->name[0] != '/');
		assert(strstr(m->name, "../") == NULL);
		assert(m->offset + m->size <= size);
		assert(tar_find(t, m->name) == m);
		buf_clear(&b);
		if (tar_read(t, m, &b, &e) == 0)
			assert(b.len == m->size);
	}
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("tar", MFD_CLOEXEC);
	struct err e = ERR_INIT;
	struct tar t;
	char path[64];

	assert(fd != -1 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (tar_open(path, &t, &e) == 0) {
		check(&t, size);
		tar_close(&t);
	}
	close(fd);
	return 0;
}
