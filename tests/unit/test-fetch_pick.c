/* SPDX-License-Identifier: MIT */
#include "site/index.h"

#include "../tests/unit/tap.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/http.h"

static struct index ix;
static struct index_want w;
static struct err e;
static struct means_table *means;

/* The files that the board's page would name, in its order. */
static void
index_of(const char *board, const char *const *files)
{
	struct page p = PAGE_INIT;

	for (; *files != NULL; files++) {
		p.link = mem_grow(p.link, p.n + 1, sizeof(*p.link));
		OK(firmware_name_parse(*files, board, &p.link[p.n].name));
		snprintf(p.link[p.n++].file, NAME_FILE, "%s", *files);
	}
	index_release(&ix);
	index_from_page(&p, "https://m", "https://m/download/X/", 1000, &ix);
	page_release(&p);
	w = (struct index_want){ .board_id = board, .build = -1,
	    .wanted = "stable",
	    .means = means_find(means, "rp2", board) };
}

static void
picks(const char *wanted, const char *file)
{
	const struct index_link *l = NULL;

	e = (struct err)ERR_INIT;
	w.wanted = wanted;
	IS_STR(index_pick(&ix, &w, &l, &e) == 0 ? l->file : e.msg, file);
}

static const char *const pico[] = {
	"RPI_PICO-20260406-v1.28.0.uf2",
	"RPI_PICO-20250911-v1.26.1.uf2",
	"RPI_PICO-20250415-v1.25.0.uf2",
	"RPI_PICO-20220618-v1.19.1.uf2",
	"RPI_PICO-20220117-v1.18.uf2",
	"RPI_PICO-20210902-v1.9.4.uf2",
	"RPI_PICO-20261101-v1.29.0-preview.12.g0123456789.uf2",
	"RPI_PICO-20261102-v1.29.0-preview.101.gabcdef0123.uf2",
	"RPI_PICO-20220301-unstable-v1.18-496-gaa53d2f84.uf2",
	"RPI_PICO-RISCV-20260406-v1.28.0.uf2",
	NULL
};

static void
test_words(void)
{
	index_of("RPI_PICO", pico);
	IS_STR(ix.link[0].url,
	    "https://m/resources/firmware/RPI_PICO-20260406-v1.28.0.uf2");
	picks("stable", pico[0]);
	picks("preview", pico[7]);	/* 101 is more than 12 */
	picks("latest", pico[7]);
	picks("v1.25.0", pico[2]);
	picks("1.26", pico[1]);
	picks("1.9", pico[5]);		/* older than 1.18, as numbers */
	picks("<1.26", pico[2]);
	w.variant = "RISCV";
	picks("stable", pico[9]);
	w.variant = "";
	picks("stable", pico[0]);
	picks("nonsense", "\"nonsense\": not a version");
	OK(e.code == ERR_USAGE);
}

static void
test_none(void)
{
	index_of("RPI_PICO", pico);
	picks("v1.27.0", "RPI_PICO: no v1.27.0 among 10 files");
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.hint, "there is v1.28.0, v1.26.1, v1.25.0");
	picks(">2.0", "RPI_PICO: no >2.0 among 10 files");
	IS_STR(e.hint, "there is v1.29.0-preview.101, v1.29.0-preview.12, "
	    "v1.28.0");
	w.variant = "THUMB";
	picks("stable", "RPI_PICO-THUMB: nothing to flash among 10 files");
	IS_STR(e.hint, "its variants: the default one, RISCV");
}

static void
test_pinned(void)
{
	index_of("RPI_PICO", pico);
	w.version = "v1.18";		/* not the build 496 after it */
	picks(NULL, pico[4]);
	w.build = 496;
	picks(NULL, pico[8]);
	w.version = "v1.29.0-preview";
	w.build = 12;
	picks(NULL, pico[6]);
	w.build = -1;
	picks(NULL, pico[7]);
	w.build = 13;
	picks(NULL, "RPI_PICO: no v1.29.0-preview among 10 files");
	w.version = "nonsense";
	picks(NULL, "\"nonsense\": not a version");
}

/* Several kinds of file and several builds of one version. */
static void
test_kinds(void)
{
	static const char *const s3[] = {
		"LOLIN_S3-20250416-v1.25.0.uf2",
		"LOLIN_S3-20250416-v1.25.0.bin",
		"LOLIN_S3-20250415-v1.25.0.uf2",
		"LOLIN_S3-20250415-v1.25.0.bin",
		NULL
	};

	index_of("LOLIN_S3", s3);
	w.means = means_find(means, "esp32", "LOLIN_S3");
	picks("stable", s3[1]);		/* the kind, and the newer build */
	w.mode = "uf2";
	picks("stable", s3[0]);
	w.mode = "repl";
	picks("stable", s3[1]);
	w.means = means_find(means, "stm32", "LOLIN_S3");
	picks("stable", "LOLIN_S3: nothing to flash among 4 files");
}

static void
test_age(void)
{
	index_of("RPI_PICO", pico);
	clock_fake(900 * 1000);
	OK(index_age_s(&ix) == 0);
	clock_fake((1000 + 86401) * INT64_C(1000));
	OK(index_age_s(&ix) > INDEX_FRESH_S);
}

static void
test_addresses(void)
{
	OK(http_kind("https://micropython.org/x") == HTTP_HTTPS);
	OK(http_kind("HTTPS://micropython.org") == HTTP_HTTPS);
	OK(http_kind("http://127.0.0.1:8000/x") == HTTP_LOOPBACK);
	OK(http_kind("http://localhost/x") == HTTP_LOOPBACK);
	OK(http_kind("http://[::1]:8000/") == HTTP_LOOPBACK);
	OK(http_kind("file:///srv/mirror") == HTTP_FILE);
	OK(http_kind("http://micropython.org/") == HTTP_NO);
	OK(http_kind("http://127.example.org/") == HTTP_NO);
	OK(http_kind("http://localhost.example.org/") == HTTP_NO);
	OK(http_kind("http://127.0.0.1@example.org/") == HTTP_NO);
	OK(http_kind("ftp://127.0.0.1/") == HTTP_NO);
	OK(http_kind("file://server/share") == HTTP_NO);
	OK(http_kind("/etc/passwd") == HTTP_NO);
	OK(http_kind("") == HTTP_NO);
}

int
main(void)
{
	OK(means_open(&means, &e) == 0);
	test_words();
	test_none();
	test_pinned();
	test_kinds();
	test_age();
	test_addresses();
	index_release(&ix);
	means_close(means);
	return tap_done();
}
