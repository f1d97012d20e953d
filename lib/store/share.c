/* SPDX-License-Identifier: MIT */
#include "store/share.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

static int
read_share(const char *name, struct buf *out, struct err *e)
{
	char *dir = dirs_share(), *path = mem_printf("%s/%s", dir, name);
	int r = file_read(path, out, e);

	if (r == -1)
		err_hint(e, DIRS_SHARE_HINT);
	free(path);
	free(dir);
	return r;
}

char *
share_looks(void)
{
	static const char *const names[] = { "boards.tsv", "renames.tsv" };
	char *dir = dirs_share();
	struct buf out = BUF_INIT;
	struct stat st;

	for (size_t i = 0; i < N(names); i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);

		if (stat(path, &st) == 0)
			buf_addf(&out, "%s %lld %lld.%09ld\n", path,
			    (long long)st.st_size,
			    (long long)st.st_mtim.tv_sec,
			    st.st_mtim.tv_nsec);
		free(path);
	}
	free(dir);
	return out.len > 0 ? buf_steal(&out) : NULL;
}

void
share_stamp(const struct buf *boards, const struct buf *renames,
    char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_add(d, boards->data, boards->len);
	digest_add(d, renames->data, renames->len);
	digest_end(d, out);
}

int
share_read(struct buf *boards, struct buf *renames, struct err *e)
{
	return read_share("boards.tsv", boards, e) == 0 &&
	    read_share("renames.tsv", renames, e) == 0 ? 0 : -1;
}
