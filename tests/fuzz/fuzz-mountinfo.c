/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bus/mountinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the text, it comes to its end, and a name is an absolute one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mount m = MOUNT_INIT;
	char *text = mem_alloc(size + 1);
	const char *c = text;

	if (size > 0)
		memcpy(text, data, size);
	while (mountinfo_next(&c, &m) == 1)
		if (m.dir.data[0] != '/' || m.root.data[0] != '/' ||
		    strchr(m.devno, ':') == NULL ||
		    strlen(m.dir.data) != m.dir.len)
			abort();
	if (c < text || c > text + size)
		abort();
	mount_release(&m);
	free(text);
	return 0;
}
