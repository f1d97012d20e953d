/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "journal/sync.h"

#include "base/clock.h"
#include "store-fault.h"

/*
 * What a board's file and its row know of each other, as far as that can be
 * told without the board: in dry runs, and where the file is good as it is.
 */

#define SHA_A	"aaaa6d081884c7d659a2feaa0c55ad01" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define SHA_B	"bbbb6d081884c7d659a2feaa0c55ad01" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"

/* Of a board that has a file without a digest, which is true of it. */
#define DEVICE	"'device':{'id':'h/usb/1-1','mode':'repl','usb_path':'1-1'}"
#define NAME	"'port':'rp2','board_id':'X'"
#define BOARD	"'family':'micropython','version':'v1.2'," NAME ",'uid':'e6'"
#define FILE	"'firmware':{" NAME ",'version':'v1.2','custom':false"
#define SOURCE	"'source':{'type':'local','filename':'x.uf2'"
#define HAS_FILE	",'record':{" FILE "}," SOURCE
#define KNOWN	"{'mpf':1," DEVICE ",'board':{" BOARD HAS_FILE "}}}}"
#define BARE	"{'mpf':1," DEVICE ",'board':{" BOARD "}}"

static struct store *s;
static struct err e = ERR_INIT;
static const char *folder;

/* JSON with ' for ". */
static struct record *
parse_quoted(const char *json)
{
	struct record *rec = NULL;
	struct buf b = BUF_INIT;

	for (; *json != '\0'; json++)
		buf_addc(&b, *json == '\'' ? '"' : *json);
	OK(record_parse(b.data, b.len, &rec, &e) == 0);
	buf_release(&b);
	return rec;
}

static const struct store_device row_whole = { .uid = "e6", .port = "rp2",
	.board_id = "X", .version = "v1.2", .build = -1, .sha256 = SHA_A };

static void
put_row(const struct store_device *d)
{
	OK(store_begin(s, &e) == 0 && store_device_put(s, d, &e) == 0 &&
	    store_commit(s, &e) == 0);
}

/* What a dry run says: the state of the file, and why. */
static void
dry_says(const char *json, const char *toml, const char *why)
{
	struct record *rec = parse_quoted(json);
	struct journal_synced out;

	e = (struct err)ERR_INIT;
	OK(journal_sync(rec, s, NULL, 0, true, &out, &e) == 1);
	IS_STR(e.msg, "");
	IS_STR(out.toml, toml);
	IS_STR(out.why, why);
	OK(out.conflict == (why[0] != '\0') && !out.row);
	record_free(rec);
}

/* The file alone; and boards that cannot be named. */
static void
check_no_row(void)
{
	static const char *const others[] = {
		"{'mpf':1," DEVICE ",'board':{'family':'circuitpython',"
		"'version':'v9',"  NAME "}}",
		"{'mpf':1,'device':{'id':'x','mode':'silent'}}",
		"{'mpf':1," DEVICE ",'board':{'family':'micropython',"
		"'version':'v1.2','port':'rp2'}}",
	};
	struct journal_synced out;

	dry_says(KNOWN, "unchanged", "");
	dry_says(BARE, "written", "");
	for (size_t i = 0; i < N(others); i++) {
		struct record *rec = parse_quoted(others[i]);

		OK(journal_sync(rec, s, NULL, 0, true, &out, &e) == 0);
		record_free(rec);
	}
	/* An old version knows its name from the file alone. */
	dry_says("{'mpf':1," DEVICE ",'board':{'family':'micropython',"
	    "'version':'v1.2','port':'rp2','uid':'e6'" HAS_FILE "}}}}",
	    "unchanged", "");
}

/* A row of another firmware says nothing; one of the same has the digest. */
static void
check_rows(void)
{
	struct store_device d[9];

	for (size_t i = 0; i < N(d); i++)
		d[i] = row_whole;
	put_row(&row_whole);
	dry_says(KNOWN, "written", "");
	d[0].port = "esp32";
	d[1].board_id = "Y";
	d[2].version = "v1.3";
	d[3].board_id = NULL;
	d[4].version = NULL;
	d[5].sha256 = NULL;
	for (size_t i = 0; i < 6; i++) {
		put_row(&d[i]);
		dry_says(KNOWN, "unchanged", "");
	}
	/* What one of both does not know cannot differ. */
	d[6].variant = "V";
	d[7].build = 7;
	d[8].commit = "abcdef";
	for (size_t i = 6; i < 9; i++) {
		put_row(&d[i]);
		dry_says(KNOWN, "written", "");
	}
}

/* A preview, as the board and its file have it. */
#define PREVIEW	"'build':7,'commit':'abcdef0'"
#define BUILT	"{'mpf':1," DEVICE ",'board':{" BOARD ",'variant':'W'," \
		PREVIEW ",'record':{'firmware':{'port':'rp2','board_id':" \
		"'X-W','version':'v1.2','custom':false," PREVIEW "}," SOURCE \
		"}}}}"

static void
check_builds(void)
{
	static const struct {
		int64_t		 build;
		const char	*commit, *variant, *says;
	} t[] = {
		{ -1, NULL, NULL, "written" }, { 7, "abcdef0", "W", "written" },
		{ 7, "abcd", "W", "written" }, { 7, "", "W", "written" },
		{ 7, "abcdef01", "W", "written" },
		{ 8, "abcdef0", "W", "unchanged" },
		{ 7, "abd", "W", "unchanged" },
		{ 7, "abcdef0", "V", "unchanged" },
	};
	struct store_device d = row_whole;

	for (size_t i = 0; i < N(t); i++) {
		d.build = t[i].build;
		d.commit = t[i].commit;
		d.variant = t[i].variant;
		put_row(&d);
		dry_says(BUILT, t[i].says, "");
	}
}

/* A digest in the file counts; the row's is another, or the same. */
static void
check_digests(void)
{
	static const char file[] = "{'mpf':1," DEVICE ",'board':{" BOARD
	    HAS_FILE ",'hash':'sha256:" SHA_B "'}}}}";
	struct store_device d = row_whole;

	put_row(&d);
	dry_says(file, "unchanged", "the file on the board has the digest "
	    "bbbb6d081884..., the database had aaaa6d081884...: the file's "
	    "counts");
	d.sha256 = SHA_B;
	put_row(&d);
	dry_says(file, "unchanged", "");
	/* Its file was to be written again. */
	OK(store_begin(s, &e) == 0 &&
	    store_queue_put(s, "e6", "2026", "offline", &e) == 0 &&
	    store_commit(s, &e) == 0);
	dry_says(file, "written", "");
}

/* --- for real --- */

static int
sync_known(struct store *store, struct err *err)
{
	struct record *rec = parse_quoted(KNOWN);
	struct journal_synced out;
	const int r = journal_sync(rec, store, NULL, 0, false, &out, err);

	if (r != -1)
		IS_STR(out.toml, "unchanged");
	record_free(rec);
	return r == -1 ? -1 : 0;
}

static int
note_row(const struct store_device *d, void *ctx)
{
	snprintf(ctx, 200, "%s %s %s, queued %s: %s", d->version,
	    d->toml_state != NULL ? d->toml_state : "-",
	    d->toml_reason != NULL ? d->toml_reason : "-",
	    d->queued_at != NULL ? d->queued_at : "-",
	    d->queued_why != NULL ? d->queued_why : "-");
	return 0;
}

static void
row_says(const char *want)
{
	char says[200] = "";

	OK(store_device_find(s, "e6", note_row, says, &e) == 1);
	IS_STR(says, want);
}

/* The row is brought up to date, and is no longer queued. */
static void
check_written(void)
{
	struct store_device d = row_whole;

	d.version = "v1.1";
	put_row(&d);
	OK(sync_known(s, &e) == 0);
	row_says("v1.2 unchanged -, queued -: -");
	OK(number(folder, "SELECT count(*) FROM mpf_event WHERE version = "
	    "'v1.2'") == 1);
	OK(number(folder, "SELECT count(*) FROM mpf_event WHERE what = "
	    "'foreign' OR what = 'recorded'") == 1);
}

/* With a row that knows more. */
static int
sync_dry(struct store *store, struct err *err)
{
	struct record *rec = parse_quoted(KNOWN);
	struct journal_synced out;
	const int r = journal_sync(rec, store, NULL, 0, true, &out, err);

	if (r != -1)
		IS_STR(out.toml, "written");
	record_free(rec);
	return r == -1 ? -1 : 0;
}

static void
check_faults(void)
{
	static const struct store_operation known = { "sync", sync_known,
		false };
	static const struct store_operation dry = { "sync, dry", sync_dry,
		false };
	bool hit = true;

	fail_operations(folder, &known, 1);
	/* Nobody waits for a group that failed. */
	for (int n = 1; hit && n < 100; n++) {
		OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
		fault_at(NULL, n, EIO);
		OK(sync_known(s, &e) == (fault_hit ? -1 : 0));
		hit = fault_hit;
		fault_at(NULL, 0, 0);
		OK(lock_is_free(folder));
		store_close(s);
	}
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	put_row(&row_whole);
	store_close(s);
	fail_operations(folder, &dry, 1);
}

static void
put_text(const char *name, const char *text)
{
	char path[300];
	char *slash;

	snprintf(path, sizeof(path), "%s/%s", in_tmp("sys"), name);
	slash = strrchr(path, '/');
	*slash = '\0';
	OK(file_mkdirs(path, 0755, &e) == 0);
	*slash = '/';
	OK(file_write(path, text, strlen(text), 0644, &e) == 0);
}

/* A board whose drive this host has mounted is left for later. */
static void
check_mounted(void)
{
	static const char dev[] = "sys/bus/usb/devices/1-1";
	struct record *rec = parse_quoted(BARE);
	struct journal_synced out;
	char name[100];

	clock_fake(1000);
	snprintf(name, sizeof(name), "%s/idVendor", dev);
	put_text(name, "f055\n");
	snprintf(name, sizeof(name), "%s/1-1:1.0/bInterfaceClass", dev);
	put_text(name, "08\n");
	snprintf(name, sizeof(name), "%s/1-1:1.0/host0/block/sda/dev", dev);
	put_text(name, "8:0\n");
	put_text("proc/self/mountinfo",
	    "1 2 8:0 / /media/x rw - vfat sda rw\n");
	e = (struct err)ERR_INIT;
	OK(journal_sync(rec, s, in_tmp("sys"), clock_ms() + 1000, false, &out,
	    &e) == 1);
	IS_STR(e.msg, "");
	IS_STR(out.toml, "queued");
	IS_STR(out.why, "this host has mounted its drive at /media/x: eject "
	    "it");
	row_says("v1.2 queued this host has mounted its drive at /media/x: "
	    "eject it, queued 1970-01-01T00:00:01Z: this host has mounted its "
	    "drive at /media/x: eject it");
	record_free(rec);
}

int
main(void)
{
	begin_in_tmp();
	small_share("v1.29.0-preview-7-gabcdef0");
	folder = in_tmp("store");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_no_row();
	check_rows();
	check_builds();
	check_digests();
	check_written();
	store_close(s);
	check_faults();
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_mounted();
	store_close(s);
	return tap_done();
}
