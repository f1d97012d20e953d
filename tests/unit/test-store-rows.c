/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "store-test.h"
#include "store/tsv.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* A name with all that could do harm in SQL, JSON or a terminal. */
static const char hostile[] = "x'; DROP TABLE firmwares; --\"\n\033[31m%s\\";

static struct store *s;
static struct err e = ERR_INIT;

static void
begin(void)
{
	OK(store_begin(s, &e) == 0);
}

static void
commit(void)
{
	OK(store_commit(s, &e) == 0);
}

static int seen_files;		/* by the two that follow */

static int
same_file(const struct store_file *f, void *ctx)
{
	const struct store_file *want = ctx;

	seen_files++;
	IS_STR(f->port, want->port);
	IS_STR(f->board_id, want->board_id);
	IS_STR(f->variant, want->variant);
	IS_STR(f->version, want->version);
	IS_STR(f->commit, want->commit);
	IS_STR(f->file, want->file);
	IS_STR(f->source, want->source);
	IS_STR(f->sha256, want->sha256);
	IS_STR(f->description, want->description);
	OK(f->build == want->build && f->size_bytes == want->size_bytes &&
	    f->custom == want->custom);
	return 0;
}

static int
bare_file(const struct store_file *f, void *ctx)
{
	(void)ctx;
	seen_files++;
	OK(f->variant == NULL && f->commit == NULL && f->source == NULL &&
	    f->sha256 == NULL && f->port == NULL && f->description == NULL);
	OK(f->build == -1 && f->size_bytes == -1 && !f->custom);
	return 0;
}

static int
first_only(const struct store_file *f, void *ctx)
{
	(void)f;
	++*(int *)ctx;
	return 1;
}

static void
check_files(void)
{
	struct store_file f = { "esp32", "ESP32_GENERIC", "SPIRAM",
	    "v1.29.0-preview", 12, "abcdef0", "esp32/x.bin", "https://x",
	    "00ff", 77, true, hostile, NULL };
	struct store_file bare = { .board_id = hostile, .version = "v1.24.1",
	    .build = -1, .file = "rp2/bare", .size_bytes = -1 };
	int n = 0;

	begin();
	OK(store_file_put(s, &f, &e) == 0);
	OK(store_file_put(s, &bare, &e) == 0);
	f.size_bytes = 78;
	OK(store_file_put(s, &f, &e) == 0);
	commit();
	OK(store_file_find(s, "esp32/x.bin", same_file, &f, &e) == 1);
	OK(store_file_find(s, "rp2/bare", bare_file, NULL, &e) == 1);
	OK(store_file_find(s, "rp2/none", bare_file, NULL, &e) == 0);
	OK(seen_files == 2);
	OK(store_files(s, "esp32", "ESP32_GENERIC", "SPIRAM", same_file, &f,
	    &e) == 0 && seen_files == 3);
	OK(store_files(s, NULL, NULL, NULL, first_only, &n, &e) == 0 &&
	    n == 1);
	n = 0;
	OK(store_files(s, NULL, "ESP32_GENERIC", "", first_only, &n, &e) ==
	    0 && n == 0);
	OK(store_files(s, "rp2", "ESP32_GENERIC", NULL, first_only, &n, &e) ==
	    0 && n == 0);
	OK(store_files(s, NULL, hostile, NULL, bare_file, NULL, &e) == 0 &&
	    seen_files == 4);
}

static int
of_release(const char *board, const char *variant, const char *const *ways)
{
	int n = 0;

	OK(store_files_of(s, board, variant, ways, count_file, &n, &e) == 0);
	return n;
}

/* In any spelling, ours or mpflash's, and nothing else. */
static void
check_release(void)
{
	static const char *const ways[] = { "v1.19.0", "1.19.0", "v1.19",
	    "1.19" };
	static const char *const preview[] = { "v1.29.0-preview", NULL };
	struct store_file f = { "rp2", "PICO", NULL, "v1.19", -1, NULL,
	    "rp2/a", "https://a", NULL, -1, false, NULL, NULL };

	begin();
	OK(store_file_put(s, &f, &e) == 0);
	f.file = "rp2/b", f.version = "1.19.0";
	OK(store_file_put(s, &f, &e) == 0);
	f.file = "rp2/c", f.version = "v1.19.1";
	OK(store_file_put(s, &f, &e) == 0);
	f.file = "rp2/d", f.version = "v1.19", f.variant = "X";
	OK(store_file_put(s, &f, &e) == 0);
	commit();
	OK(number(store_dir(s), "DELETE FROM mpf_file WHERE file IN "
	    "('rp2/b', 'rp2/d') RETURNING 1") == 1);
	OK(of_release("PICO", "", ways) == 2);
	OK(of_release("PICO", "X", ways) == 1);
	OK(of_release("PICO", "Y", ways) == 0);
	OK(of_release("PIC", "", ways) == 0);
	OK(of_release("ESP32_GENERIC", "SPIRAM", preview) == 1);
	OK(of_release("ESP32_GENERIC", "SPIRAM", ways) == 0);
}

static int seen_pages;

static int
same_page(const struct store_page *p, void *ctx)
{
	const struct store_page *want = ctx;

	IS_STR(p->url, want->url);
	IS_STR(p->board_id, want->board_id);
	IS_STR(p->port, want->port);
	IS_STR(p->etag, want->etag);
	IS_STR(p->last_modified, want->last_modified);
	OK(p->fetched_at == want->fetched_at);
	seen_pages++;
	return 0;
}

struct seen {
	const struct store_link	*want;
	size_t			 n;
};

/* Asks the same again from within, which must not end the first question. */
static int
same_link(const struct store_link *l, void *ctx)
{
	struct seen *seen = ctx, inner = { NULL, 0 };
	const struct store_link *want;

	if (seen->want == NULL) {
		seen->n++;
		return 0;
	}
	want = &seen->want[seen->n++];
	IS_STR(l->url, want->url);
	IS_STR(l->version, want->version);
	IS_STR(l->ext, want->ext);
	OK(l->build == want->build);
	OK((l->variant == NULL) == (want->variant == NULL));
	OK((l->sha256 == NULL) == (want->sha256 == NULL));
	OK(store_links(s, "https://p", same_link, &inner, &e) == 0 &&
	    inner.n == 2);
	return 0;
}

static void
check_pages(void)
{
	struct store_page p = { "https://p", "B", "rp2", 1000, "\"e\"", "Mon" };
	const struct store_page older = { .url = "https://q", .board_id = "B",
	    .fetched_at = 999 };
	const struct store_link links[] = {
		{ .board_id = "B", .version = "v1.28.0", .build = -1,
		    .ext = "uf2", .url = "https://p/1", .sha256 = "00" },
		{ .board_id = "B", .variant = "V", .version =
		    "v1.29.0-preview", .build = 7, .commit = "abcdef0",
		    .date = "20261101", .ext = "uf2", .url = hostile },
	};
	struct seen seen = { links, 0 };

	OK(store_page_put(s, &p, links, 2, &e) == -1 &&
	    e.code == ERR_INTERNAL);
	OK(store_page_seen(s, p.url, 1, &e) == -1);
	begin();
	OK(store_page_put(s, &p, links, 1, &e) == 0);
	OK(store_page_put(s, &older, NULL, 0, &e) == 0);
	OK(store_page_put(s, &p, links, 2, &e) == 0);
	commit();
	OK(store_links(s, p.url, same_link, &seen, &e) == 0 && seen.n == 2);
	OK(store_page_find(s, "B", same_page, &p, &e) == 1);
	OK(store_page_find(s, "b", same_page, &p, &e) == 0);
	begin();
	OK(store_page_seen(s, p.url, 2000, &e) == 0);
	commit();
	p.fetched_at = 2000;
	OK(store_page_find(s, "B", same_page, &p, &e) == 1);
	OK(seen_pages == 2);
	seen = (struct seen){ NULL, 0 };
	OK(store_links(s, "https://q", same_link, &seen, &e) == 0 &&
	    seen.n == 0);
}

static int seen_devices, seen_events;

static int
same_device(const struct store_device *d, void *ctx)
{
	const struct store_device *want = ctx;

	IS_STR(d->uid, want->uid);
	IS_STR(d->device_id, want->device_id);
	IS_STR(d->port, want->port);
	IS_STR(d->board_id, want->board_id);
	IS_STR(d->version, want->version);
	IS_STR(d->commit, want->commit);
	IS_STR(d->source, want->source);
	IS_STR(d->file_name, want->file_name);
	IS_STR(d->sha256, want->sha256);
	IS_STR(d->flashed_at, want->flashed_at);
	IS_STR(d->recorded_at, want->recorded_at);
	OK(d->variant == NULL && d->build == want->build && d->custom);
	seen_devices++;
	return 0;
}

static int
same_event(const struct store_event *ev, void *ctx)
{
	const struct store_event *want = ctx;

	IS_STR(ev->uid, want->uid);
	IS_STR(ev->device_id, want->device_id);
	IS_STR(ev->at, want->at);
	IS_STR(ev->what, want->what);
	IS_STR(ev->version, want->version);
	IS_STR(ev->sha256, want->sha256);
	IS_STR(ev->error_code, want->error_code);
	IS_STR(ev->error_message, want->error_message);
	seen_events++;
	return 0;
}

static void
check_devices(void)
{
	struct store_device d = { .uid = "e6614c", .device_id = "h/usb/1-1",
	    .port = "rp2", .board_id = "RPI_PICO", .commit = "abcdef0",
	    .version = "v1.24.1", .build = 3, .custom = true,
	    .source = "https://x/y", .file_name = "y", .sha256 = "00ff",
	    .flashed_at = "2026-11-20T12:00:00Z",
	    .recorded_at = "2026-11-21T12:00:00Z" };
	const struct store_event ev = { .uid = "e6614c", .at = "2026", .what =
	    "failed", .error_code = "verify", .error_message = hostile };
	/* A board without an id is known by its place. */
	struct store_event placed = { .device_id = "h/usb/1-1", .at = "2026",
	    .what = "failed", .version = "v1.24.1", .sha256 = "00ff",
	    .error_code = "verify", .error_message = hostile };

	OK(store_device_put(s, &d, &e) == -1 && e.code == ERR_INTERNAL);
	OK(store_event_add(s, &ev, &e) == -1 && e.code == ERR_INTERNAL);
	begin();
	OK(store_device_put(s, &d, &e) == 0);
	d.version = "v1.28.0";
	OK(store_device_put(s, &d, &e) == 0);
	OK(store_event_add(s, &ev, &e) == 0);
	OK(store_event_add(s, &placed, &e) == 0);
	placed.at = "2027";
	OK(store_event_add(s, &placed, &e) == 0);
	placed.device_id = "h/usb/1-2";
	OK(store_event_add(s, &placed, &e) == 0);
	commit();
	placed.device_id = "h/usb/1-1";
	OK(store_event_last(s, "h/usb/1-1", same_event, &placed, &e) == 1 &&
	    seen_events == 1);
	OK(store_event_last(s, "h/usb/1-3", same_event, &placed, &e) == 0 &&
	    seen_events == 1);
	OK(store_device_find(s, "e6614c", same_device, &d, &e) == 1 &&
	    seen_devices == 1);
	OK(store_device_find(s, hostile, same_device, &d, &e) == 0);
}

static int
pico(const struct store_board *b, void *ctx)
{
	++*(int *)ctx;
	if (strcmp(b->board_id, "RPI_PICO2") != 0 || b->variant == NULL)
		return 0;
	IS_STR(b->variant, "RISCV");
	IS_STR(b->description, "Raspberry Pi Pico2 with RP2350-RISCV");
	IS_STR(b->hw_mcu, "RP2350-RISCV");
	IS_STR(b->mcu, "rp2350");
	OK(b->released && !b->custom && b->vid == NULL);
	return 0;
}

static int
count_release(const char *version, void *ctx)
{
	int *n = ctx;

	if (++*n == 1)
		IS_STR(version, "v1.18");
	return *n == 2;
}

static int
find_rename(const struct store_rename *r, void *ctx)
{
	if (strcmp(r->old_id, "PICO_W") != 0)
		return 0;
	IS_STR(r->port, "rp2");
	IS_STR(r->new_id, "RPI_PICO_W");
	IS_STR(r->since, "v1.21.0");
	*(int *)ctx = 1;
	return 1;
}

static void
check_boards(void)
{
	int n = 0;

	OK(store_boards_by_id(s, "rp2", "RPI_PICO2", pico, &n, &e) == 0 &&
	    n >= 2);
	n = 0;
	OK(store_boards_by_id(s, NULL, "GENERIC", pico, &n, &e) == 0 && n > 2);
	n = 0;
	OK(store_boards_by_id(s, "esp8266", "RPI_PICO2", pico, &n, &e) == 0 &&
	    n == 0);
	OK(store_boards_by_id(s, NULL, NULL, pico, &n, &e) == 0 && n > 400);
	n = 0;
	OK(store_board_facts(s, pico, &n, &e) == 0 && n > 400);
	n = 0;
	OK(store_releases(s, count_release, &n, &e) == 0 && n == 2);
	n = 0;
	OK(store_renames(s, find_rename, &n, &e) == 0 && n == 1);
}

static void
check_tsv(void)
{
	char text[] = "a\t\tb\n\nc", many[TSV_FIELDS * 2 + 1];
	static char lengthy[TSV_LINE + 2];
	struct tsv t = { .text = text, .len = strlen(text), .name = "t" };

	OK(tsv_line(&t, &e) == 1 && t.n == 3);
	IS_STR(t.field[0], "a");
	IS_STR(t.field[1], "");
	IS_STR(t.field[2], "b");
	OK(tsv_line(&t, &e) == 1 && t.n == 1 && t.field[0][0] == '\0');
	OK(tsv_line(&t, &e) == 1 && t.n == 1 && t.line == 3);
	IS_STR(t.field[0], "c");
	OK(tsv_line(&t, &e) == 0);

	memset(many, '\t', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	t = (struct tsv){ .text = many, .len = strlen(many), .name = "t" };
	OK(tsv_line(&t, &e) == -1 && e.code == ERR_INPUT);
	memset(lengthy, 'x', sizeof(lengthy) - 1);
	t = (struct tsv){ .text = lengthy, .len = TSV_LINE + 1, .name = "t" };
	OK(tsv_line(&t, &e) == -1);
	IS_STR(e.msg, "t, line 1: too long");
}

int
main(void)
{
	begin_in_tmp();
	OK(store_open(in_tmp("f"), STORE_WRITE, &s, &e) == 0);
	check_files();
	check_release();
	check_pages();
	check_devices();
	check_boards();
	check_tsv();
	store_close(s);
	return tap_done();
}
