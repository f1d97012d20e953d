/* SPDX-License-Identifier: MIT */
#include "facts/skip.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "facts/version.h"

static bool
commits_match(const char *a, const char *b)
{
	const size_t n = a != NULL ? strlen(a) : 0;
	const size_t m = b != NULL ? strlen(b) : 0;
	const size_t least = n < m ? n : m;

	return least >= 7 && strncasecmp(a, b, least) == 0;
}

static bool
same_digest(const char *hash, const char *sha256)
{
	static const char kind[] = "sha256:";

	if (hash == NULL || sha256 == NULL)
		return false;
	if (strncmp(hash, kind, sizeof(kind) - 1) == 0)
		hash += sizeof(kind) - 1;
	return strlen(hash) == 64 && strcasecmp(hash, sha256) == 0;
}

bool
skip_same(const struct board *b, const char *hash, const struct firmware *fw)
{
	struct version runs, want;

	if (fw->custom == 1)
		return same_digest(hash, fw->sha256);
	if (b->version == NULL || fw->version == NULL ||
	    b->board_id == NULL || !text_alike(b->board_id, fw->board_id) ||
	    !text_alike(b->variant, fw->variant) ||
	    !version_parse(b->version, &runs) ||
	    !version_parse(fw->version, &want))
		return false;
	runs.build = want.build = -1;
	if (version_compare(&runs, &want) != 0)
		return false;
	if (!want.preview && b->build <= 0 && fw->build <= 0)
		return true;
	return b->build != -1 && b->build == fw->build &&
	    commits_match(b->commit, fw->commit);
}

void
skip_reason(const struct firmware *fw, char out[SKIP_REASON])
{
	if (fw->custom == 1)
		snprintf(out, SKIP_REASON, "the board already runs this file "
		    "(sha-256 %.12s...)", fw->sha256);
	else if (fw->build > 0)
		snprintf(out, SKIP_REASON, "the board already runs %.40s, "
		    "build %lld", fw->version, (long long)fw->build);
	else
		snprintf(out, SKIP_REASON, "the board already runs %.40s",
		    fw->version);
}
