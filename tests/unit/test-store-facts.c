/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "store-test.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* share/, with the tip named otherwise and one machine string changed. */
static void
other_share(const char *tip, const char *machine)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct err e = ERR_INIT;
	char *line, *next, path[PATH_MAX + 16];

	mkdir(in_tmp("share"), 0755);
	snprintf(path, sizeof(path), "%s/renames.tsv", share);
	OK(file_read(path, &text, &e) == 0);
	OK(file_write(in_tmp("share/renames.tsv"), text.data, text.len,
	    0644, &e) == 0);
	buf_clear(&text);
	snprintf(path, sizeof(path), "%s/boards.tsv", share);
	OK(file_read(path, &text, &e) == 0);
	for (line = text.data; *line != '\0'; line = next) {
		next = strchr(line, '\n') + 1;
		if (strncmp(line, "#tip", 4) == 0)
			buf_addf(&out, "#tip\t%s\n", tip);
		else
			buf_add(&out, line, (size_t)(next - line));
	}
	buf_addf(&out, "rp2\tXBOARD\t\tv1.18\tv1.18\tX\tX\t%s\t\t\t\t\t\t\t\t"
	    "\t\t\t1\n", machine);
	OK(file_write(in_tmp("share/boards.tsv"), out.data, out.len, 0644,
	    &e) == 0);
	buf_release(&text);
	buf_release(&out);
}

/* The sum of the files that were loaded is kept beside them. */
static void
check_sum(const char *folder)
{
	struct buf boards = BUF_INIT, renames = BUF_INIT;
	struct digest *d = digest_new();
	struct err e = ERR_INIT;
	char sum[DIGEST_HEX], sql[200];

	OK(file_read(in_tmp("share/boards.tsv"), &boards, &e) == 0);
	OK(file_read(in_tmp("share/renames.tsv"), &renames, &e) == 0);
	digest_add(d, boards.data, boards.len);
	digest_add(d, renames.data, renames.len);
	digest_end(d, sum);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM mpf_meta WHERE "
	    "name = 'facts_sha256' AND value = '%s'", sum);
	OK(number(folder, sql) == 1);
	buf_release(&boards);
	buf_release(&renames);
}

static int
count_vendor(const struct store_board *b, void *ctx)
{
	*(int *)ctx += b->vendor != NULL;
	return 0;
}

/* Upstream names a vendor of each board, which no decision rests on. */
static void
check_columns(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	int n = 0;

	OK(store_memory(&s, &e) == 0);
	OK(store_boards_by_id(s, "rp2", NULL, count_vendor, &n, &e) == 0 &&
	    n > 9);
	n = 0;
	OK(store_board_facts(s, count_vendor, &n, &e) == 0 && n == 0);
	store_close(s);
}

static void
check_facts(void)
{
	const char *folder = in_tmp("facts");
	const struct store_board own = { .port = "rp2", .board_id = "OWN",
	    .first = "v1.20.0", .last = "v1.28.0", .description = "mine" };
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 && store_board_put(s, &own, &e) == 0 &&
	    store_commit(s, &e) == 0);
	store_close(s);

	/* Newer ones hide the old from a reader, who cannot store them. */
	setenv("MPF_SHARE", in_tmp("share"), 1);
	other_share("v1.29.0-preview-1000-g1c3c201149", "newer");
	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(boards_of(s, "newer") == 1 && boards_of(s, "mine") == 1);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	store_close(s);
	OK(number(folder, "SELECT count(*) FROM mpf_board WHERE machine = "
	    "'newer'") == 0);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "newer") == 1 && boards_of(s, "mine") == 1);
	store_close(s);
	OK(number(folder, "SELECT count(*) FROM mpf_board WHERE machine = "
	    "'newer'") == 1);

	/* Of the same day, but changed by hand. */
	other_share("v1.29.0-preview-1000-g1c3c201149", "by hand");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "by hand") == 1 && boards_of(s, "newer") == 0);
	store_close(s);
	other_share("v1.29.0-preview-1000-g1c3c201149", "newer");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	store_close(s);
	check_sum(folder);

	/* Older ones (as text they are newer) change nothing. */
	other_share("v1.29.0-preview-731-g1c3c201149", "older");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "older") == 0 && boards_of(s, "newer") == 1);
	store_close(s);
	/* A release is newer than its previews. */
	other_share("v1.29.0", "release");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "release") == 1 && boards_of(s, "newer") == 0);
	store_close(s);

	/* Without the files those loaded will do; a new one cannot be made. */
	setenv("MPF_SHARE", in_tmp("nowhere"), 1);
	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	store_close(s);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	store_close(s);
	OK(store_open(in_tmp("none"), STORE_WRITE, &s, &e) == -1 &&
	    e.code == ERR_NOT_FOUND && strstr(e.hint, "MPF_SHARE") != NULL);
	OK(store_memory(&s, &e) == -1);
	setenv("MPF_SHARE", share, 1);
}

/* A database that lost the note of what was loaded: loaded again. */
static void
check_lost_note(void)
{
	const char *folder = in_tmp("facts");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(number(folder, "DELETE FROM mpf_meta WHERE name = 'facts_tip' "
	    "RETURNING 1") == 1);
	OK(number(folder, "DELETE FROM mpf_board RETURNING 1") == 1);
	OK(number(folder, "UPDATE mpf_meta SET value = 'x' WHERE name = "
	    "'facts_looks' RETURNING 1") == 1);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	store_close(s);
	OK(number(folder, "DELETE FROM mpf_meta WHERE name = 'facts_tip' "
	    "RETURNING 1") == 1);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	store_close(s);
	OK(number(folder, "SELECT count(*) FROM mpf_meta WHERE name = "
	    "'facts_tip'") == 1);
}

#define Q(sql)	number(folder, (sql))
#define GENERIC	"FROM boards WHERE board_id = 'GENERIC' "

/*
 * mpflash's table: filled and renewed, but for what is not of its making; and
 * no GENERIC of one port is taken for that of the other in ours.
 */
static void
check_mpflash_boards(void)
{
	const char *folder = in_tmp("theirs");
	const struct store_board own[] = {
		{ .port = "rp2", .board_id = "OPEN" },
		/* The same key as a row of the table. */
		{ .port = "rp2", .board_id = "PICO", .first = "v1.18",
		    .last = "v1.20.0", .description = "my own pico" },
	};
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 && store_board_put(s, &own[0], &e) == 0 &&
	    store_board_put(s, &own[1], &e) == 0 && store_commit(s, &e) == 0);
	store_close(s);
	OK(Q("SELECT count(*) FROM mpf_board WHERE board_id = 'GENERIC' AND "
	    "port = 'esp32' AND variant = ''") == 1);
	OK(Q("SELECT count(*) FROM mpf_board WHERE board_id = 'GENERIC' AND "
	    "port = 'esp8266' AND variant = ''") == 1);
	OK(Q("SELECT count(*) " GENERIC "AND port = 'esp32'") == 4);
	OK(Q("SELECT count(*) " GENERIC "AND port = 'esp8266'") == 0);

	/* As mpflash has them, and one of the user's. */
	OK(Q("UPDATE boards SET description = 'Raspberry Pi Pico' WHERE "
	    "board_id = 'RPI_PICO' AND version = 'v1.24.1' RETURNING 1") == 1);
	OK(Q("UPDATE boards SET description = 'Pico, a while ago' WHERE "
	    "board_id = 'RPI_PICO' AND version = 'v1.29.0-preview' "
	    "RETURNING 1") == 1);
	OK(Q("UPDATE boards SET port = 'esp8266' WHERE board_id = 'GENERIC' "
	    "AND version = 'v1.18' RETURNING 1") == 1);
	OK(Q("UPDATE boards SET custom = 1, description = 'mine' WHERE "
	    "board_id = 'RPI_PICO' AND version = 'v1.28.0' RETURNING 1") == 1);
	setenv("MPF_SHARE", in_tmp("share"), 1);
	other_share("v1.29.0-preview-1001-g1c3c201149", "newer");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(boards_of(s, "my own pico") == 1);
	store_close(s);
	OK(Q("SELECT count(*) FROM boards WHERE description = "
	    "'Raspberry Pi Pico' AND version = 'v1.24.1'") == 1);
	OK(Q("SELECT count(*) FROM boards WHERE description = 'Raspberry Pi "
	    "Pico with RP2040' AND version = 'v1.29.0-preview'") == 1);
	OK(Q("SELECT count(*) " GENERIC "AND port = 'esp8266'") == 1);
	OK(Q("SELECT count(*) FROM boards WHERE description = 'mine' AND "
	    "custom") == 1);
	OK(Q("SELECT count(*) FROM mpf_board WHERE custom") == 2);
	OK(Q("SELECT count(*) FROM mpf_board WHERE board_id = 'PICO' AND "
	    "variant = ''") == 1);
	setenv("MPF_SHARE", share, 1);
}

#define COLUMNS	"port\tboard\tvariant\tfirst\tlast\tname\thw_mcu\tmachine\t" \
		"mcu\tproduct\tvendor\turl\tvid\tpid\tflash_offset\t" \
		"json_id\tvariant_text\tdiffers\treleased\n"
#define EMPTY	"\t\t\t\t\t\t\t\t\t\t\t\t\t\t1\n"

static void
check_bad_facts(void)
{
	static const char *const bad[] = {
		"#versions\n#tip\tv1\n" COLUMNS,
		"#versions\tv1\n#tap\tv1\n" COLUMNS,
		"#versions\tv1\tv2\n#tip\tv1\n" COLUMNS
		"rp2\tX\t\tv2\tv1" EMPTY,
		"#versions\tv1\n#tip\tv1\n" COLUMNS "\tX\t\tv1\tv1" EMPTY,
		"#versions\tv1\n#tip\tv1\n" COLUMNS "rp2\t\t\tv1\tv1" EMPTY,
		"", "#versions\n", "#versions\tv1\n#tip\n",
		"#versions\tv1\n#tip\tv1\n", "#versions\tv1\n#tip\tv1\nport\n",
		"#versions\tv1\n#tip\tv1\n" COLUMNS "rp2\tX\n",
		"#versions\tv1\n#tip\tv1\n" COLUMNS "rp2\tX\t\tv1\tv9" EMPTY,
	};
	static const char twice[] = "#versions\tv1\tv1\n#tip\tv1\n" COLUMNS;
	struct store *s = NULL;
	struct err e = ERR_INIT;

	other_share("v1.30.0", "x");
	setenv("MPF_SHARE", in_tmp("share"), 1);
	OK(store_open(in_tmp("known"), STORE_WRITE, &s, &e) == 0);
	store_close(s);
	for (size_t i = 0; i < N(bad); i++) {
		OK(file_write(in_tmp("share/boards.tsv"), bad[i],
		    strlen(bad[i]), 0644, &e) == 0);
		OK(store_memory(&s, &e) == -1 && e.code == ERR_INPUT);
	}
	/* Older facts that are stored do not make up for such a file. */
	OK(file_write(in_tmp("share/boards.tsv"), "#versions\n", 10, 0644,
	    &e) == 0);
	e = (struct err)ERR_INIT;
	OK(store_open(in_tmp("known"), STORE_READ, &s, &e) == -1);
	OK(e.code == ERR_INPUT);
	/* A version twice. */
	OK(file_write(in_tmp("share/boards.tsv"), twice, strlen(twice), 0644,
	    &e) == 0);
	OK(store_memory(&s, &e) == -1);
	OK(file_write(in_tmp("share/boards.tsv"), "#versions\tv\0001", 13,
	    0644, &e) == 0);
	OK(store_memory(&s, &e) == -1 && strstr(e.msg, "NUL") != NULL);
	e = (struct err)ERR_INIT;
	OK(file_write(in_tmp("share/boards.tsv"), "#versions\tv1\n#tip\tv\0001",
	    22, 0644, &e) == 0);
	OK(store_memory(&s, &e) == -1 && strstr(e.msg, "NUL") != NULL);
	other_share("v1.30.0", "x");
	OK(file_write(in_tmp("share/renames.tsv"), "port\nx\n", 7, 0644,
	    &e) == 0);
	OK(store_memory(&s, &e) == -1 && e.code == ERR_INPUT);
	e = (struct err)ERR_INIT;
	OK(file_write(in_tmp("share/renames.tsv"), "po\0rt\n", 6, 0644,
	    &e) == 0);
	OK(store_memory(&s, &e) == -1 && strstr(e.msg, "NUL") != NULL);
	setenv("MPF_SHARE", share, 1);
}

int
main(void)
{
	begin_in_tmp();
	check_columns();
	check_facts();
	check_lost_note();
	check_mpflash_boards();
	check_bad_facts();
	return tap_done();
}
