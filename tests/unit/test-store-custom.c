/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <string.h>

#include "store-test.h"

/* Custom firmware in the store: what went in comes out, for all its boards. */

#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
	"a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const char hostile[] = "x'; DROP TABLE mpf_custom; --\"\n\033[31m%s\\";

static struct store *s;
static struct err e = ERR_INIT;
static int seen;

static struct firmware
firmware_whole(void)
{
	return (struct firmware){ .custom = 1, .sha256 = SHA, .build = 48,
	    .trust = "none", .added_at = "2026-11-20T12:00:00Z",
	    .description = hostile, .custom_id = "MINE@ble",
	    .fits = { "RPI_PICO_W", "ESP32_GENERIC-SPIRAM" },
	    .git_url = "https://x/y", .git_branch = "feature/ble",
	    .git_commit = "0123456789012345678901234567890123456789",
	    .git_tag = "v1.26.0-preview", .git_commits_since_tag = 48,
	    .git_dirty = 0, .git_changes = { "b two", hostile },
	    .toolchain_version = "esp-idf-v5.1", .python_version = "3.13.0",
	    .build_date = "2026-11-19T12:00:00Z", .build_host = "ci",
	    .author = "A", .organization = "O",
	    .features = { "ble", "x\"y" }, .dependencies = { "m>=1" },
	    .tags = { "lab" } };
}

static void
same_words(const char *const *a, const char *const *b)
{
	for (; *a != NULL && *b != NULL; a++, b++)
		IS_STR(*a, *b);
	OK(*a == NULL && *b == NULL);
}

static int
same_custom(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	const struct firmware want = firmware_whole();

	(void)ctx;
	seen++;
	IS_STR(file, "rp2/custom/a/fw.uf2");
	IS_STR(f->sha256, SHA);
	IS_STR(f->board_id, "RPI_PICO");
	IS_STR(f->version, "v1.26.0-preview");
	IS_STR(f->description, hostile);
	IS_STR(f->custom_id, want.custom_id);
	IS_STR(f->trust, want.trust);
	IS_STR(f->added_at, want.added_at);
	IS_STR(f->git_url, want.git_url);
	IS_STR(f->git_branch, want.git_branch);
	IS_STR(f->git_commit, want.git_commit);
	IS_STR(f->git_tag, want.git_tag);
	IS_STR(f->toolchain_version, want.toolchain_version);
	IS_STR(f->python_version, want.python_version);
	IS_STR(f->build_date, want.build_date);
	IS_STR(f->build_host, want.build_host);
	IS_STR(f->author, want.author);
	IS_STR(f->organization, want.organization);
	OK(f->git_commits_since_tag == 48 && f->git_dirty == 0 &&
	    f->build == 48 && f->custom == 1);
	same_words(f->fits, want.fits);
	same_words(f->git_changes, want.git_changes);
	same_words(f->features, want.features);
	same_words(f->dependencies, want.dependencies);
	same_words(f->tags, want.tags);
	IS_STR(im->format, "uf2");
	IS_STR(im->chip, "rp2040");
	IS_STR(im->board, "Raspberry Pi Pico with RP2040");
	IS_STR(im->mcu, "RP2040");
	IS_STR(im->built, "2026-11-19");
	IS_STR(im->integrity, "structure");
	OK(im->size_bytes == 512 && im->path == NULL);
	return 0;
}

static int
bare_custom(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	(void)file;
	(void)im;
	(void)ctx;
	seen++;
	OK(f->author == NULL && f->git_commit == NULL && f->fits[0] == NULL &&
	    f->features[0] == NULL && f->git_commits_since_tag == -1 &&
	    f->git_dirty == -1);
	return 0;
}

static void
put(const struct firmware *f)
{
	const struct store_file row = { "rp2", "RPI_PICO", NULL,
	    "v1.26.0-preview", 48, "0123456", "rp2/custom/a/fw.uf2",
	    "https://x/y", SHA, 512, true, hostile, NULL };
	const struct image im = { .format = "uf2", .chip = "rp2040",
	    .board = "Raspberry Pi Pico with RP2040", .mcu = "RP2040",
	    .built = "2026-11-19", .integrity = "structure" };

	OK(store_begin(s, &e) == 0);
	OK(store_file_put(s, &row, &e) == 0);
	OK(store_custom_put(s, row.file, f, &im, &e) == 0);
	OK(store_commit(s, &e) == 0);
}

static int
count(const struct store_file *f, void *ctx)
{
	IS_STR(f->file, "rp2/custom/a/fw.uf2");
	++*(int *)ctx;
	return 0;
}

static int
files_for(const char *board, const char *variant)
{
	int n = 0;

	OK(store_files(s, NULL, board, variant, count, &n, &e) == 0);
	return n;
}

static void
check_whole(const char *folder)
{
	const struct firmware f = firmware_whole();

	put(&f);
	put(&f);			/* its lists do not grow */
	OK(store_custom_find(s, SHA, same_custom, NULL, &e) == 1);
	OK(store_custom_find(s, "00", same_custom, NULL, &e) == 0);
	OK(seen == 1);
	OK(files_for("RPI_PICO", "") == 1);
	OK(files_for("RPI_PICO_W", "") == 1);
	OK(files_for("ESP32_GENERIC", "SPIRAM") == 1);
	OK(files_for("ESP32_GENERIC", "") == 0);
	/* What mpflash and other programs see. */
	OK(number(folder, "SELECT count(*) FROM firmwares WHERE git_branch = "
	    "'feature/ble' AND length(git_commit) = 40 AND "
	    "git_commits_since_tag = 48 AND custom_id = 'MINE@ble' AND "
	    "json_extract(custom_features, '$[1]') = 'x\"y' AND "
	    "build_python_version = '3.13.0'") == 3);
}

static void
check_bare(const char *folder)
{
	const struct firmware f = { .custom = 1, .sha256 = SHA,
	    .git_commits_since_tag = -1, .git_dirty = -1 };

	seen = 0;
	put(&f);
	OK(store_custom_find(s, SHA, bare_custom, NULL, &e) == 1 && seen == 1);
	OK(files_for("RPI_PICO_W", "") == 0);
	OK(number(folder, "SELECT count(*) FROM firmwares WHERE git_branch IS "
	    "NULL AND custom_id = 'RPI_PICO'") == 1);
	/* A row that another program spoilt. */
	number(folder, "UPDATE mpf_custom SET custom_tags = '[1,{', "
	    "custom_features = '[1,null,{}]'");
	OK(store_custom_find(s, SHA, bare_custom, NULL, &e) == 1);
}

static int
many_words(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	size_t n = 0;

	(void)file, (void)im, (void)ctx;
	while (f->tags[n] != NULL)
		n++;
	OK(n == MODEL_WORDS);
	return 0;
}

/* More words than there is room for, as another program may write them. */
static void
check_many_words(const char *folder)
{
	number(folder, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
	    "i + 1 FROM n WHERE i < 500) UPDATE mpf_custom SET custom_tags = "
	    "(SELECT json_group_array('t' || i) FROM n)");
	OK(store_custom_find(s, SHA, many_words, NULL, &e) == 1);
}

static int
take_source(const struct store_custom_source *c, void *ctx)
{
	++*(int *)ctx;
	IS_STR(c->source, hostile);
	IS_STR(c->given, "{}");
	OK(c->sha256 == NULL);
	IS_STR(c->checked_at, "2026-11-20T12:00:00Z");
	return 0;
}

static int
take_first(const struct store_custom_source *c, void *ctx)
{
	(void)c;
	return ++*(int *)ctx;
}

static void
check_history(const char *folder)
{
	const struct store_custom_event ev = { SHA, "2026-11-20T12:00:00Z",
	    "again", "https://x/y", hostile };
	const struct store_custom_source c = { hostile, "{}", NULL,
	    "2026-11-20T12:00:00Z" };
	int n = 0;

	OK(store_custom_event(s, &ev, &e) == -1);	/* in no group */
	OK(store_begin(s, &e) == 0);
	OK(store_custom_event(s, &ev, &e) == 0);
	OK(store_custom_event(s, &ev, &e) == 0);
	OK(store_custom_source_put(s, &c, &e) == 0);
	OK(store_custom_source_put(s, &c, &e) == 0);
	OK(store_commit(s, &e) == 0);
	OK(number(folder, "SELECT count(*) FROM mpf_custom_event WHERE what = "
	    "'again'") == 2);
	OK(store_custom_sources(s, take_source, &n, &e) == 0 && n == 1);
	number(folder, "INSERT INTO mpf_custom_source (source, given) VALUES "
	    "('a', '')");
	n = 0;
	OK(store_custom_sources(s, take_first, &n, &e) == 0 && n == 1);
}

int
main(void)
{
	const char *folder;

	begin_in_tmp();
	folder = in_tmp("store");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_whole(folder);
	check_bare(folder);
	check_many_words(folder);
	check_history(folder);
	store_close(s);
	return tap_done();
}
