/* SPDX-License-Identifier: MIT */
#include "journal/validate.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* mpflash.toml(5), rule by rule: what is told of a text, and of which line. */

#define HEAD	"[firmware]\nboard_id = \"X\"\nport = \"rp2\"\n" \
		"version = \"v1.2\"\n"		/* 4 lines */
#define HEX7	"abcdef0"
#define HEX16	"0123456789abcdef"
#define HEX64	HEX16 HEX16 HEX16 HEX16

static char told[800];

static void
note(size_t line, const char *what, void *ctx)
{
	const size_t n = strlen(told);

	++*(int *)ctx;
	snprintf(told + n, sizeof(told) - n, "%zu %s\n", line, what);
}

static void
says(const char *text, bool strict, const char *want)
{
	struct err e = ERR_INIT;
	int n = 0;

	told[0] = '\0';
	OK(journal_validate(text, strlen(text), "x.toml", strict, note, &n,
	    &e) == n);
	IS_STR(told, want);
}

/* A line after HEAD: fits, or what is told of it. */
static void
line_says(const char *line, const char *want)
{
	char text[400], full[300] = "";

	snprintf(text, sizeof(text), HEAD "%s\n", line);
	if (want != NULL)
		snprintf(full, sizeof(full), "%s\n", want);
	says(text, false, full);
}

static void
test_required(void)
{
	struct err e = ERR_INIT;
	int n = 0;

	says(HEAD, false, "");
	says("", false, "1 firmware.board_id: missing\n1 firmware.port: missing"
	    "\n1 firmware.version: missing\n");
	says("x = 1\n[firmware]\nport = \"\"\nversion = \"v1.2\"\n", false,
	    "2 firmware.board_id: missing\n3 firmware.port: \"\": not a "
	    "name\n");
	OK(journal_validate("x = ", 4, "x.toml", false, note, &n, &e) == -1);
	OK(e.code == ERR_INPUT && n == 0);
}

static void
test_strict(void)
{
	says(HEAD, true, "1 firmware.flash_date: missing\n1 firmware.custom: "
	    "missing\n1 source: missing\n");
#define WHOLE	HEAD "flash_date = 2026-11-20T12:00:00Z\ncustom = true\n"
	says(WHOLE "[source]\n", true, "7 source.type: missing\n"
	    "7 source.filename: missing\n7 source.hash: missing\n");
#define SOURCE	WHOLE "[source]\nfilename = \"x\"\nhash = \"md5:" HEX16 \
		HEX16 "\"\n"
	says(SOURCE "type = \"http\"\n", true, "");
	says(SOURCE "type = \"git\"\n", true, "7 source.git: missing\n");
	says(SOURCE "type = \"git\"\n", false, "");
	says(SOURCE "type = \"git\"\n[source.git]\n", true,
	    "11 source.git.branch: missing\n11 source.git.commit: missing\n");
	says(SOURCE "type = \"git\"\n[source.git]\nbranch = \"b\"\ncommit = "
	    "\"" HEX7 "\"\n", true, "");
	says(SOURCE "type = \"local\"\n[build]\n[custom]\n", true,
	    "11 build.toolchain_version: missing\n"
	    "11 build.python_version: missing\n11 build.build_date: missing\n"
	    "11 build.build_host: missing\n12 custom.author: missing\n"
	    "12 custom.features: missing\n12 custom.dependencies: missing\n");
	says(SOURCE "type = \"local\"\n[build]\n[custom]\n", false, "");
}

/* A git table belongs to a source of that type, where the type is told. */
static void
test_git(void)
{
	line_says("[source.git]\nbranch = \"b\"", NULL);
	line_says("[source]\ntype = \"git\"\n[source.git]\nbranch = \"b\"",
	    NULL);
	line_says("[source]\ntype = \"http\"\n[source.git]\nbranch = \"b\"",
	    "7 source.git: only where source.type is git");
}

static void
test_version(void)
{
	static const struct {
		const char	*version;
		bool		 good;
	} t[] = {
		{ "v1.24.1", true }, { "1.24", true }, { "V1.24.1", true },
		{ "v1.26.0-preview", true },
		{ "v1.26.0-preview-48", true },
		{ "v1.26.0-preview-", false },
		{ "v1.26.0-preview-4x", false }, { "", false }, { "x", false },
		{ "v1.26.0-preview-48-v1.26.0-preview-48-" HEX64 HEX64,
		    false },
	};
	char text[400], want[400];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		snprintf(text, sizeof(text), "[firmware]\nboard_id = \"X\"\n"
		    "port = \"rp2\"\nversion = \"%s\"\n", t[i].version);
		snprintf(want, sizeof(want), "4 firmware.version: \"%.60s\": "
		    "not a version such as v1.24.1\n", t[i].version);
		says(text, false, t[i].good ? "" : want);
	}
}

static const struct {
	const char	*line, *want;	/* NULL: it fits */
} lines[] = {
	{ "build = 0", NULL }, { "build = 7", NULL },
	{ "build = -1", "5 firmware.build: not a whole number from 0" },
	{ "build = \"7\"", "5 firmware.build: \"7\": not a whole number from "
	    "0" },
	{ "commit = \"" HEX7 "\"", NULL }, { "commit = \"" HEX64 "\"", NULL },
	{ "commit = \"ABCDEF0\"", NULL },
	{ "commit = \"abcdef\"", "5 firmware.commit: \"abcdef\": not 7 to 64 "
	    "hex digits" },
	{ "commit = \"" HEX64 "0\"", "5 firmware.commit: \""
	    HEX16 HEX16 HEX16 "0123456789ab\": not 7 to 64 hex digits" },
	{ "commit = \"" HEX7 "x\"", "5 firmware.commit: \"" HEX7 "x\": not 7 "
	    "to 64 hex digits" },
	{ "flash_date = 2026-11-20T12:00:00Z", NULL },
	{ "flash_date = \"2026-11-20T12:00:00Z\"", NULL },
	{ "flash_date = \"yesterday\"", "5 firmware.flash_date: "
	    "\"yesterday\": not an ISO 8601 time such as "
	    "2026-11-20T12:00:00Z" },
	{ "flash_date = 5", "5 firmware.flash_date: not an ISO 8601 time such "
	    "as 2026-11-20T12:00:00Z" },
	{ "description = \"\"", NULL },
	{ "description = 1", "5 firmware.description: not a string" },
	{ "custom = false", NULL },
	{ "custom = 0", "5 firmware.custom: not true or false" },
	{ "other = 1", NULL },
	{ "[source]\ntype = \"git\"", NULL },
	{ "[source]\ntype = \"local\"", NULL },
	{ "[source]\ntype = \"http\"", NULL },
	{ "[source]\ntype = \"ftp\"", "6 source.type: \"ftp\": not git, local "
	    "or http" },
	{ "[source]\nfilename = \"a b.uf2\"", NULL },
	{ "[custom]\nfeatures = []", NULL },
	{ "[custom]\ntags = [\"a\", \"b\"]", NULL },
	{ "[custom]\ntags = [\"a\", 1]", "6 custom.tags: not a list of "
	    "strings" },
	{ "[custom]\ntags = \"a\"", "6 custom.tags: \"a\": not a list of "
	    "strings" },
};

static void
test_lines(void)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line_says(lines[i].line, lines[i].want);
}

/* Values of one key of [source]: NULL after those that fit. */
static void
test_values(const char *key, const char *what, const char *const *good,
    const char *const *bad)
{
	char line[300], want[300];

	for (; *good != NULL; good++) {
		snprintf(line, sizeof(line), "[source]\n%s = \"%s\"", key,
		    *good);
		line_says(line, NULL);
	}
	for (; *bad != NULL; bad++) {
		snprintf(line, sizeof(line), "[source]\n%s = '%s'", key, *bad);
		snprintf(want, sizeof(want), "6 source.%s: \"%.60s\": not %s",
		    key, *bad, what);
		line_says(line, want);
	}
}

static void
test_source(void)
{
	static const char *const urls[] = { "https://x/y", "ssh://git@x/y",
		"file:///srv/x", "git@github.com:a/b", "svn+ssh://x", NULL };
	static const char *const no_urls[] = { "", "x", "://x", "https://",
		"https:///x", "https://x y", "https://x\ty", "@x:y", "git@:y",
		"git@x:", "git@x", "x:y", NULL };
	static const char *const names[] = { "x", "..x", "x.uf2", NULL };
	static const char *const no_names[] = { "", ".", "..", "a/b", "a\\b",
		"a\tb", NULL };
	static const char *const hashes[] = { "sha256:" HEX64,
		"md5:" HEX16 HEX16, "sha1:" HEX16 HEX16 "01234567",
		"sha512:" HEX64 HEX64, "sha224:" HEX16 HEX16 HEX16 "01234567",
		"sha384:" HEX64 HEX16 HEX16, NULL };
	static const char *const no_hashes[] = { "", HEX64, "sha256:",
		"sha256:" HEX16, "sha256:" HEX64 "0", "sha256:" HEX64 "x",
		"sha25:" HEX64, "sha2567:" HEX64, ":" HEX64, "md5:" HEX64,
		NULL };

	test_values("url", "an address", urls, no_urls);
	test_values("filename", "the name of a file, without folders", names,
	    no_names);
	test_values("hash", "ALGORITHM:HEX, such as sha256: and 64 digits",
	    hashes, no_hashes);
}

int
main(void)
{
	test_required();
	test_strict();
	test_git();
	test_version();
	test_lines();
	test_source();
	return tap_done();
}
