/* SPDX-License-Identifier: MIT */
#include "store/search.h"

#include <sys/stat.h>

#include "store-test.h"

/* What is found by its words, in a store and in the store below it. */

#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
	"a3bf4f1b2b0b822cd15d6c15b0f00a08"

static struct store *s;
static struct err e = ERR_INIT;
static char hits[400];			/* "D:e6 F:rp2/a " */
static int left;			/* so many hits, and no more */

static int
note_hit(const struct search_hit *h, void *ctx)
{
	const size_t n = strlen(hits);

	(void)ctx;
	if (h->device != NULL)
		snprintf(hits + n, sizeof(hits) - n, "D:%s ", h->device->uid);
	else if (h->file != NULL)
		snprintf(hits + n, sizeof(hits) - n, "F:%s ", h->file->file);
	else if (h->event != NULL)
		snprintf(hits + n, sizeof(hits) - n, "E:%d ",
		    (int)h->event->id);
	else
		snprintf(hits + n, sizeof(hits) - n, "B:%s ",
		    h->board->board_id);
	return --left == 0;
}

/* words: parted by "|". */
static void
finds_some(const char *words, int64_t limit, int most, const char *want)
{
	char text[2000], *v[SEARCH_WORDS_MAX + 2], *rest = text;
	size_t n = 0;

	snprintf(text, sizeof(text), "%s", words);
	while (rest != NULL)
		v[n++] = strsep(&rest, "|");
	v[n] = NULL;
	hits[0] = '\0';
	left = most;
	e = (struct err)ERR_INIT;
	OK(store_search(s, (const char *const *)v, limit, note_hit, NULL,
	    &e) == 0);
	IS_STR(hits, want);
}

static void
finds(const char *words, const char *want)
{
	finds_some(words, 10, 0, want);
}

static void
refused(const char *const *words, const char *msg)
{
	e = (struct err)ERR_INIT;
	OK(store_search(s, words, 10, note_hit, NULL, &e) == -1);
	OK(e.code == ERR_USAGE);
	IS_STR(e.msg, msg);
}

static void
check_words(void)
{
	static const char *const none[] = { NULL }, *const signs[] = { "--",
	    "*", "\"", NULL };
	const char *many[SEARCH_WORDS_MAX + 2], *large[] = { NULL, NULL };
	char word[SEARCH_WORD_MAX + 2];

	refused(none, "no words to search for");
	IS_STR(e.hint, "mpf-db search pico v1.24");
	refused(NULL, "no words to search for");
	refused(signs, "no words to search for");
	for (size_t i = 0; i <= SEARCH_WORDS_MAX; i++)
		many[i] = "a";
	many[SEARCH_WORDS_MAX + 1] = NULL;
	refused(many, "more than 32 words");
	OK(store_search(s, many + 1, 10, note_hit, NULL, &e) == 0);
	memset(word, 'a', sizeof(word));
	word[SEARCH_WORD_MAX + 1] = '\0';
	large[0] = word;
	refused(large, "a word of more than 256 bytes");
	large[0] = word + 1;
	OK(store_search(s, large, 10, note_hit, NULL, &e) == 0);
}

static void
put_file_of(const char *file, const char *board_id, const char *description)
{
	const struct store_file f = { .port = "rp2", .board_id = board_id,
	    .version = "v1.28.0", .file = file, .build = -1,
	    .size_bytes = 10, .source = "https://x/", .sha256 = SHA,
	    .description = description };

	OK(store_file_put(s, &f, &e) == 0);
}

static void
fill(void)
{
	const struct store_device d = { .uid = "e6614c", .port = "samd",
	    .board_id = "WIO", .build = -1 };
	struct store_event ev = STORE_EVENT_INIT;

	ev.uid = "e6614c";
	ev.at = "2026";
	ev.what = "flashed";
	ev.note = "in the wio lab";
	OK(store_begin(s, &e) == 0);
	put_file_of("rp2/wio-1.uf2", "WIO", "caf\xc3\xa9 \"quoted\" one");
	put_file_of("rp2/other.uf2", "OTHER", NULL);
	OK(store_device_put(s, &d, &e) == 0);
	OK(store_event_add(s, &ev, &e) == 0);
	OK(store_commit(s, &e) == 0);
}

#define ALL	"D:e6614c F:rp2/wio-1.uf2 E:1 B:SEEED_WIO_TERMINAL "

static void
check_kinds(void)
{
	finds("wio", ALL);
	finds("WIO", ALL);
	finds("seeed_wio_ter*", "B:SEEED_WIO_TERMINAL ");
	finds("seeed_wio_ter", "");
	finds("wio|uf2", "F:rp2/wio-1.uf2 ");
	finds("uf2|other", "F:rp2/other.uf2 ");
	finds("--|other", "F:rp2/other.uf2 ");
	finds("caf\xc3\xa9", "F:rp2/wio-1.uf2 ");
	finds("cafe|quoted\" one", "F:rp2/wio-1.uf2 ");
	finds("cafe OR other", "");
	finds_some("uf2", 1, 0, "F:rp2/other.uf2 ");
	finds_some("uf2", 10, 1, "F:rp2/other.uf2 ");
	/* Wherever the caller has enough. */
	finds_some("wio", 10, 1, "D:e6614c ");
	finds_some("wio", 10, 2, "D:e6614c F:rp2/wio-1.uf2 ");
	finds_some("wio", 10, 3, "D:e6614c F:rp2/wio-1.uf2 E:1 ");
}

static void
put_theirs(const char *folder, const char *values)
{
	char sql[400];

	snprintf(sql, sizeof(sql), "INSERT INTO firmwares (board_id, version, "
	    "firmware_file, port, description, source, build, custom) VALUES "
	    "(%s, 0, 0)", values);
	number(folder, sql);
}

/* What mpflash alone wrote is in no index. */
static void
check_theirs(const char *folder)
{
	put_theirs(folder, "'TB', 'tver', 'p/tfile-1', 'tport', 'tdesc', "
	    "'tsource'");
	put_theirs(folder, "'TB', 'tver', 'p/tfile-2', 'tport', 'tdesc', "
	    "'tsource'");
	finds("tfile-2", "F:p/tfile-2 ");
	finds("TFILE-1", "F:p/tfile-1 ");
	finds("fil*|1", "F:p/tfile-1 ");
	finds("tb|tver|tport|tdesc|tsource|--", "F:p/tfile-2 F:p/tfile-1 ");
	finds("tb|nowhere", "");
	finds_some("tb", 1, 0, "F:p/tfile-2 ");
	finds_some("tb", 10, 1, "F:p/tfile-2 ");
	finds_some("tb", 0, 0, "");
	put_theirs(folder, "'TC', 'v', 'p/bare', 'p', '', ''");
	finds("tc|tdesc", "");
}

/* --- the store below --- */

static void
put_custom(const char *file)
{
	const struct firmware f = { .custom = 1, .sha256 = SHA,
	    .tags = { "labtag" } };
	const struct image im = { .format = "uf2" };

	OK(store_begin(s, &e) == 0);
	OK(store_custom_put(s, file, &f, &im, &e) == 0);
	OK(store_commit(s, &e) == 0);
}

/* What is known of the bytes moves, and is found there alone. */
static void
check_moved(void)
{
	put_custom("rp2/other.uf2");
	finds("labtag", "F:rp2/other.uf2 ");
	put_custom("rp2/wio-1.uf2");
	finds("labtag", "F:rp2/wio-1.uf2 ");
	put_custom("rp2/wio-1.uf2");
	finds("labtag", "F:rp2/wio-1.uf2 ");
}

static int
note_page(const struct store_page *p, void *ctx)
{
	snprintf(ctx, 40, "%s", p->url);
	return 0;
}

static int
note_link(const struct store_link *l, void *ctx)
{
	const size_t n = strlen(ctx);

	snprintf((char *)ctx + n, 40 - n, "%s ", l->url);
	return 0;
}

static int
note_board(const char *board_id, void *ctx)
{
	const size_t n = strlen(ctx);

	snprintf((char *)ctx + n, 40 - n, "%s.", board_id);
	return 0;
}

static void
put_page(const char *url, const char *link)
{
	const struct store_page p = { .url = url, .board_id = "WIO" };
	const struct store_link l = { .board_id = "WIO", .version = "v1",
	    .build = -1, .ext = "uf2", .url = link };

	OK(store_begin(s, &e) == 0);
	OK(store_page_put(s, &p, &l, 1, &e) == 0);
	OK(store_commit(s, &e) == 0);
}

static int
note_custom(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	(void)f, (void)im;
	snprintf(ctx, 40, "%s", file);
	return 0;
}

static void
below_has(const char *page, const char *links, const char *custom)
{
	char at[40] = "", l[40] = "", c[40] = "";

	store_page_find(s, "WIO", note_page, at, &e);
	IS_STR(at, page);
	OK(store_links(s, "https://p", note_link, l, &e) == 0);
	IS_STR(l, links);
	store_custom_find(s, SHA, note_custom, c, &e);
	IS_STR(c, custom);
}

static void
check_below(const char *folder)
{
	char boards[40] = "";

	setenv("MPF_SYSTEM_FIRMWARE", folder, 1);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	put_page("https://p", "theirs");
	OK(store_below(s, &e) == 0);	/* it is s itself */
	OK(store_below_dir(s) == NULL);
	store_close(s);

	OK(store_open(in_tmp("own"), STORE_WRITE, &s, &e) == 0);
	OK(store_below_dir(s) == NULL);
	finds("uf2", "");
	below_has("", "", "");
	OK(store_below(s, &e) == 0 && store_below(s, &e) == 0);
	IS_STR(store_below_dir(s), folder);
	finds("uf2", "F:rp2/other.uf2 F:rp2/wio-1.uf2 ");
	finds("tfile-1", "F:p/tfile-1 ");
	finds("e6614c", "");		/* whose boards are its own */
	below_has("https://p", "theirs ", "rp2/wio-1.uf2");
	/* What it has itself is not looked for there. */
	OK(store_begin(s, &e) == 0);
	put_file_of("rp2/other.uf2", "OTHER", "mine");
	OK(store_commit(s, &e) == 0);
	put_custom("rp2/other.uf2");
	put_page("https://p", "own");
	OK(store_page_boards(s, note_board, boards, &e) == 0);
	IS_STR(boards, "WIO.");
	finds("uf2", "F:rp2/other.uf2 F:rp2/wio-1.uf2 ");
	finds_some("uf2", 10, 1, "F:rp2/other.uf2 ");
	below_has("https://p", "own ", "rp2/other.uf2");
	store_close(s);
}

static void
check_no_below(void)
{
	OK(store_open(in_tmp("own"), STORE_READ, &s, &e) == 0);
	setenv("MPF_SYSTEM_FIRMWARE", in_tmp("nowhere"), 1);
	OK(store_below(s, &e) == 0 && store_below_dir(s) == NULL);
	OK(mkdir(in_tmp("broken"), 0755) == 0 &&
	    mkdir(in_tmp("broken/mpflash.db"), 0755) == 0);
	setenv("MPF_SYSTEM_FIRMWARE", in_tmp("broken"), 1);
	e = (struct err)ERR_INIT;
	OK(store_below(s, &e) == -1 && store_below_dir(s) == NULL);
	OK(strncmp(e.msg, "MPF_SYSTEM_FIRMWARE: ", 21) == 0);
	store_close(s);
}

int
main(void)
{
	const char *folder;

	begin_in_tmp();
	folder = in_tmp("store");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_words();
	fill();
	check_kinds();
	check_theirs(folder);
	check_moved();
	store_close(s);
	check_below(folder);
	check_no_below();
	return tap_done();
}
