/* SPDX-License-Identifier: MIT */
/* What flash does with the rarer operations of a driver. */
#include "../tests/unit/large_bench.h"
#include "flash/impl.h"

/* A driver of this test, and what was asked of it. */
static struct flash_driver own;
static const struct flash_driver *const own_table[] = { &own, NULL };
static int recovered, patched, wiped;
static bool fails_too, changes;

static int
own_recover(struct flash_session *s, unsigned failures, struct err *err)
{
	(void)s, (void)err;
	OK(failures >= 1);
	recovered++;
	return 0;
}

static int
own_patch(struct flash_session *s, uint8_t *p, size_t n, bool *changed,
    struct err *err)
{
	(void)s;
	patched++;
	OK(n == LARGE_SIZE && memcmp(p, payload, n) == 0);
	if (fails_too)
		return err_set(err, ERR_MISMATCH, "no such header");
	if (changes)
		p[0] = payload[0] = 0x77;
	*changed = changes;
	return 0;
}

static int
own_wipe(struct flash_session *s, uint32_t from, uint64_t end,
    struct err *err)
{
	(void)s;
	wiped++;
	OK(from == FAKE_ADDR && end == FAKE_ADDR + LARGE_SIZE);
	return fails_too ? err_set(err, ERR_IO, "it does not erase") : 0;
}

static int
own_files(const struct flash_job *job, struct flash_session *s,
    struct flash_files *out, struct err *err)
{
	(void)job, (void)s;
	if (fails_too)
		return err_set(err, ERR_IO, "not to be read");
	out->fate = FLASH_FILES_LOST;
	snprintf(out->why, sizeof(out->why), "that is so");
	return 0;
}

/* The fake driver, as a copy to be changed. */
static struct flash_job
begin_own(void)
{
	struct flash_job job = begin_large();

	own = fake_driver;
	table = own_table;
	recovered = patched = wiped = 0;
	fails_too = changes = false;
	return job;
}

/* One that is entered over the port. */
static struct flash_job
begin_port(void)
{
	static const char *const modes[] = { "esp_rom", NULL };
	struct flash_job job = begin_own();

	own.modes = modes;
	own.enters = true;
	job.bootloader = NULL;
	return job;
}

/* It fails, and says so; the caller looks at the state. */
static void
ends(const struct flash_job *job, enum err_code code, const char *msg,
    const char *state)
{
	struct flash_outcome out;

	e = (struct err)ERR_INIT;
	OK(flash_run(job, table, &out, &e) == -1 && e.code == code);
	IS_STR(e.msg, msg);
	IS_STR(out.result.state, state);
	OK(fake.calls[FAKE_OPEN] == fake.calls[FAKE_CLOSE]);
	flash_release(&out);
	pending_drop(ID);
}

/* After bytes that did not stay the loader works: it is not called at once. */
static void
test_recover(void)
{
	struct flash_job job = begin_own();

	own.recover = own_recover;
	fake.worn = 17;
	ends(&job, ERR_VERIFY, ID ": fake: 0x10000000 to 0x10010000: not what "
	    "was written", "bootloader");
	OK(recovered == 1);
	job = begin_own();
	own.recover = own_recover;
	fake.fail = FAKE_WRITE;
	fake.nth = 70;
	works(&job, LARGE_SIZE, 2);
	OK(recovered == 1);
	job = begin_own();		/* the port came back */
	own.recover = own_recover;
	fake.fail = FAKE_WRITE;
	fake.code = ERR_NOT_FOUND;
	works(&job, LARGE_SIZE, 2);
	OK(recovered == 1);
}

static void
test_patch(void)
{
	const uint8_t first = payload[0];
	struct flash_job job = begin_own();

	own.patch = own_patch;
	fails_too = true;
	ends(&job, ERR_MISMATCH, ID ": fake: no such header", "bootloader");
	OK(patched == 1 && fake.calls[FAKE_ERASE] == 0);
	job = begin_own();
	own.patch = own_patch;
	works(&job, LARGE_SIZE, 1);
	job = begin_own();
	own.patch = own_patch;
	changes = true;
	works(&job, LARGE_SIZE, 1);
	OK(fake.mem[0] == 0x77);
	payload[0] = first;
}

static void
test_wipe(void)
{
	static const char *const options[] = { "bootloader", "erase", NULL };
	struct flash_outcome out;
	struct flash_job job;

	for (int all = 0; all < 2; all++) {
		job = begin_own();
		own.wipe = own_wipe;
		own.options = options;
		job.words.wipe = all ? FLASH_WIPE_ALL : FLASH_WIPE_FILES;
		OK(flash_run(&job, table, &out, &e) == 0 && wiped == 1);
		OK((out.result.erased == 1) == (all == 1));
		OK((out.result.formatted == 1) == (all == 0));
		IS_STR(out.result.files, "lost");
		flash_release(&out);
	}
	job = begin_own();
	own.wipe = own_wipe;
	own.options = options;
	job.words.wipe = FLASH_WIPE_ALL;
	job.board.storage_files = 0;
	fails_too = true;
	ends(&job, ERR_IO, ID ": fake: it does not erase", "bootloader");
	OK(fake.calls[FAKE_ERASE] == 0);
}

/* Before it is touched, and again when its loader can be asked. */
static void
test_files(void)
{
	struct flash_job job = begin_own();
	struct result res = RESULT_INIT;

	own.files = own_files;
	ends(&job, ERR_MISMATCH, ID ": the files on the board would be lost: "
	    "that is so", NULL);
	OK(board.left_at == 0);
	OK(check_files(&job, &own, NULL, &res, &e) == -1);
	IS_STR(res.files, "lost");
	job.lose_files = true;
	works(&job, LARGE_SIZE, 1);
	fails_too = true;
	e = (struct err)ERR_INIT;
	OK(check_files(&job, &own, NULL, &res, &e) == -1);
	IS_STR(e.msg, "the place of its files: not to be read");
	job = begin_own();
	res = (struct result)RESULT_INIT;
	OK(check_files(&job, &own, NULL, &res, &e) == 0);
	IS_STR(res.files, "unknown");
	job.words.wipe = FLASH_WIPE_FILES;
	job.board.storage_files = 0;
	OK(check_files(&job, &own, NULL, &res, &e) == 0);
	IS_STR(res.files, "kept");
	job.board.storage_files = 3;
	OK(check_files(&job, &own, NULL, &res, &e) == 0);
	IS_STR(res.files, "lost");
}

/* A board that ran, and to which nothing was done, runs on. */
static void
test_let_go(void)
{
	struct flash_job job = begin_port();

	snprintf(fake.target.chip, FLASH_TEXT, "rp2350");
	job.device.serial_port = NULL;	/* where it is on the bus now */
	ends(&job, ERR_MISMATCH, ID ": fake: large.uf2: for rp2040, but the "
	    "bootloader is FAKE", "running");
	OK(fake.calls[FAKE_START] == 1 && fake.calls[FAKE_ERASE] == 0);
	OK(board.asked == 2 && board.forgotten == 2);
	job = begin_port();
	snprintf(fake.target.chip, FLASH_TEXT, "rp2350");
	board.hangs = true;
	board.ask_fails = ERR_TIMEOUT;
	ends(&job, ERR_MISMATCH, ID ": fake: large.uf2: for rp2040, but the "
	    "bootloader is FAKE", "unknown");
	job = begin_port();		/* it cannot be started */
	snprintf(fake.target.chip, FLASH_TEXT, "rp2350");
	fake.fail = FAKE_START;
	ends(&job, ERR_MISMATCH, ID ": fake: large.uf2: for rp2040, but the "
	    "bootloader is FAKE", "bootloader");
}

/* Who is not heard may be there all the same. */
static void
test_there(void)
{
	struct flash_job job = begin_own();

	fake.fail = FAKE_IDENTIFY;
	fake.code = ERR_NOT_FOUND;
	ends(&job, ERR_NOT_FOUND, ID ": fake: operation 2, call 1",
	    "bootloader");
	job = begin_own();
	fake.fail = FAKE_IDENTIFY;
	ends(&job, ERR_IO, ID ": fake: operation 2, call 1", "bootloader");
}

static int n_open;

/* Each says something else, and to do something else. */
static int
open_shut(const struct flash_job *job, struct flash_session **out,
    struct err *err)
{
	(void)job, (void)out;
	err_set(err, ERR_PERMISSION, "shut %d", ++n_open);
	return err_hint(err, "open %d", n_open);
}

/* What is to be done is what the first way needs. */
static void
test_shut(void)
{
	struct flash_driver second = fake_driver, third = fake_driver;
	const struct flash_driver *const all[] = { &own, &second, &third,
		NULL };
	struct flash_job job = begin_own();
	struct flash_outcome out;

	own.open = second.open = third.open = open_shut;
	OK(flash_run(&job, all, &out, &e) == -1);
	IS_STR(e.msg, ID ": fake: shut 3");
	IS_STR(e.hint, "open 1");
	IS_STR(out.result.state, "bootloader");
	flash_release(&out);
	pending_drop(ID);
}

/* A loader whose digests are not to be had is not asked for them. */
static void
test_no_digest(void)
{
	struct flash_job job = begin_written();
	struct flash_outcome out;

	table = md5_table;
	fake.target.no_digest = true;
	OK(flash_run(&job, table, &out, &e) == 0);
	OK(fake.calls[FAKE_READ] == 0 && out.result.unchanged_bytes == 0);
	IS_STR(out.result.verified[0], "boot");
	flash_release(&out);
}

static void
test_gone_file(void)
{
	struct flash_job job = begin();

	job.image.path = "gone.uf2";
	ends(&job, ERR_NOT_FOUND, "gone.uf2: No such file or directory", NULL);
	IS_STR(e.hint, "run mpf-fetch again");
}

int
main(void)
{
	bench_enter();
	make_large();
	test_recover();
	test_patch();
	test_wipe();
	test_files();
	test_let_go();
	test_there();
	test_shut();
	test_no_digest();
	test_gone_file();
	bench_leave();
	return tap_done();
}
