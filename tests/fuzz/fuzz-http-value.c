/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"
#include "fetch/part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define URL	"https://x/y.uf2"

/* The values of headers, and the note beside a part of a file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), etag[256];
	int64_t from, to, total;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (http_content_range(text, &from, &to, &total))
		assert(from >= 0 && to >= from && (total == -1 || to < total));
	if (http_etag_strong(text))
		assert(strpbrk(text, "\r\n") == NULL && text[0] == '"');
	if (part_note_parse(text, size, URL, etag))
		assert(http_etag_strong(etag) &&
		    strncmp(text, "url " URL "\n", sizeof(URL) + 4) == 0);
	free(text);
	return 0;
}
