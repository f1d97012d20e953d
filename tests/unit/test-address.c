/* SPDX-License-Identifier: MIT */
#include "site/address.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void
means(const char *word, const char *want)
{
	struct err e = ERR_INIT;
	char *got = address_rewrite(word, &e);

	IS_STR(got, want);
	free(got);
}

static void
refuses(const char *word, const char *why)
{
	struct err e = ERR_INIT;
	char *got = address_rewrite(word, &e);

	OK(got == NULL && e.code == ERR_USAGE);
	OK(strstr(e.msg, why) != NULL && e.hint[0] != '\0');
	free(got);
}

static void
shown(const char *url, const char *want)
{
	char *got = address_public(url);

	IS_STR(got, want);
	free(got);
}

int
main(void)
{
	means("firmware.uf2", "firmware.uf2");
	means("file:///a/b.uf2", "file:///a/b.uf2");
	means("https://x.org/a.uf2?raw=1", "https://x.org/a.uf2?raw=1");
	means("http://localhost:8000/a.uf2", "http://localhost:8000/a.uf2");
	means("github:o/r#*.uf2", "github:o/r#*.uf2");
	means("github:o/r@v1#*.uf2", "github:o/r@v1#*.uf2");
	means("github:o/r/build/fw.uf2",
	    "https://raw.githubusercontent.com/o/r/HEAD/build/fw.uf2");
	means("github:o/r/build/my fw.uf2@feature/ble",
	    "https://raw.githubusercontent.com/o/r/feature/ble/build/"
	    "my%20fw.uf2");
	means("gitlab:o/r/fw.uf2", "https://gitlab.com/o/r/-/raw/HEAD/fw.uf2");
	means("gitlab:o/r/fw.uf2@v1.2",
	    "https://gitlab.com/o/r/-/raw/v1.2/fw.uf2");
	means("https://github.com/o/r/blob/main/a/fw.uf2?plain=1#L3",
	    "https://raw.githubusercontent.com/o/r/main/a/fw.uf2");
	means("https://github.com/o/r/raw/main/fw.uf2",
	    "https://raw.githubusercontent.com/o/r/main/fw.uf2");
	means("https://github.com/o/r/releases/download/v1/fw.uf2",
	    "https://github.com/o/r/releases/download/v1/fw.uf2");
	means("https://github.com/o/r/releases/tag/v1#fw*.uf2",
	    "github:o/r@v1#fw*.uf2");
	means("https://gitlab.com/g/s/r/-/blob/main/fw.bin?ref=1",
	    "https://gitlab.com/g/s/r/-/raw/main/fw.bin");
	refuses("github:o/r", "names no file");
	refuses("github:o", "names no file");
	refuses("github:o//x", "names no file");
	refuses("github:o/r/../../x/fw.uf2", "names no file");
	refuses("github:o/r/fw.uf2@", "names no file");
	refuses("github:o/r@v1/fw.uf2", "names no file");
	refuses("https://github.com/o/r/releases/tag/v1", "which of its");
	refuses("http://example.org/fw.uf2", "not encrypted");
	refuses("ftp://example.org/fw.uf2", "not an address");
	refuses("https://", "not an address");
	refuses("https://me:secret@example.org/fw.uf2", "a user name");
	shown("https://me:s@ec@x.org/a?token=1#b", "https://x.org/a");
	shown("ssh://git@x.org/a", "ssh://x.org/a");
	shown("git@x.org:a/b", "git@x.org:a/b");
	shown("https://x.org/a@b", "https://x.org/a@b");
	return tap_done();
}
