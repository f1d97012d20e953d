/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "files/files_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the manifest of an archive, no path in it leads out of the board. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct files_list l = { .v = NULL };
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;
	char *uid;

	buf_add(&text, data, size);
	if (files_manifest_read(&text, "x.tar", &l, &uid, &e) == 0) {
		int64_t sum = 0;

		for (size_t i = 0; i < l.n; i++) {
			const struct files_entry *f = &l.v[i];

			assert(f->path[0] == '/' && f->path[1] != '\0');
			assert(strstr(f->path, "/../") == NULL);
			assert(strstr(f->path, "//") == NULL);
			assert(i == 0 || strcmp(l.v[i - 1].path, f->path) < 0);
			assert(f->size_bytes == -1 ||
			    strlen(f->sha256) == DIGEST_HEX - 1);
			sum += f->size_bytes == -1 ? 0 : f->size_bytes;
		}
		assert(sum <= l.size_bytes);
	} else {
		assert(e.code != ERR_NONE);
	}
	files_list_release(&l);
	free(uid);
	buf_release(&text);
	return 0;
}
