/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "site/github.h"
#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define API	"https://api.example"
#define HERE	API "/repos/o/r/releases/assets/"

/*
 * The first line is what a user says, the rest what GitHub does.  An address
 * may be asked, and the token's is one of the API's.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nl = size == 0 ? NULL : memchr(data, '\n', size);
	const size_t n = nl == NULL ? size : (size_t)(nl - data);
	char *said = mem_printf("github:%.*s", (int)n, (const char *)data);
	char o[] = "o", r[] = "r", any[] = "*";
	const struct github_source s = { o, r, NULL, any };
	struct github_source parsed;
	struct github_asset a;
	struct err e = ERR_INIT;

	if (github_parse(said, &parsed, &e) == 0) {
		char *url = github_url(&parsed, API);

		assert(http_kind(url) == HTTP_HTTPS);
		assert(strstr(url, "..") == NULL);
		free(url);
		github_release(&parsed);
	}
	if (nl != NULL && github_pick(&s, API, (const char *)nl + 1,
	    size - n - 1, &a, &e) == 0) {
		assert(http_kind(a.url) == HTTP_HTTPS ||
		    http_kind(a.url) == HTTP_LOOPBACK);
		assert(strncmp(a.api_url, HERE, strlen(HERE)) == 0);
		assert(a.sha256[0] == '\0' ||
		    strlen(a.sha256) == DIGEST_HEX - 1);
		github_asset_release(&a);
	}
	free(said);
	return 0;
}
