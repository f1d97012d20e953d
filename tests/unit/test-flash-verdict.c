/* SPDX-License-Identifier: MIT */
/* Is it the version that was planned, and does that run now? */
#include "../tests/unit/tap.h"
#include "flash/impl.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define PICO	"Raspberry Pi Pico with RP2040"

static struct err e;

static struct flash_job
pico(const char *tag)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
	};

	job.device.id = "b/usb/1-1";
	job.image.path = "x.uf2";
	snprintf(job.facts.strings.tag, sizeof(job.facts.strings.tag), "%s",
	    tag);
	snprintf(job.facts.strings.machine, sizeof(job.facts.strings.machine),
	    PICO);
	return job;
}

/* What the image says of itself, against what was planned. */
static void
check_plans(void)
{
	static const struct {
		const char	*tag, *version;
		int64_t		 build;
		const char	*commit;
		bool		 fits;
	} cases[] = {
		{ "v1.24.1", "v1.24.1", -1, NULL, true },
		{ "v1.24.1", "1.24.1", 0, NULL, true },
		{ "v1.24.1", NULL, -1, NULL, true },
		{ "v1.24.1", "v2.24.1", -1, NULL, false },
		{ "v1.24.1", "v1.25.1", -1, NULL, false },
		{ "v1.24.1", "v1.24.0", -1, NULL, false },
		{ "v1.24.1", "v1.24.1-preview", -1, NULL, false },
		{ "v1.24.1", "no version", -1, NULL, false },
		{ "v1.24.1", "v1.24.1", 3, NULL, false },
		{ "v1.24.1", "v1.24.1", -1, "abcdef0", true },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0-preview", 12,
		    "abcdef0", true },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0-preview", 12,
		    "ABCDEF0123", true },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0-preview", 13,
		    "abcdef0", false },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0-preview", 12,
		    "abcdef1", false },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0-preview", -1,
		    NULL, true },
		{ "v1.29.0-preview.12.gabcdef0123", "v1.29.0", 12, NULL,
		    false },
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct flash_job job = pico(cases[i].tag);

		/* By the choice, */
		job.firmware.version = cases[i].version;
		job.firmware.build = cases[i].build;
		job.firmware.commit = cases[i].commit;
		e = (struct err)ERR_INIT;
		OK(check_version(&job, &e) == (cases[i].fits ? 0 : -1));
		OK(cases[i].fits || e.code == ERR_MISMATCH);
		/* which custom firmware need not follow; */
		job.firmware.custom = 1;
		OK(check_version(&job, &e) == 0);
		/* and by what was read of the file before. */
		job.image.version = cases[i].version;
		job.image.build = cases[i].build;
		job.image.commit = cases[i].commit;
		OK(check_version(&job, &e) == (cases[i].fits ? 0 : -1));
	}
}

static void
check_silent(void)
{
	struct flash_job job = pico("");

	e = (struct err)ERR_INIT;
	OK(check_version(&job, &e) == -1 && e.code == ERR_MISMATCH);
	IS_STR(e.msg, "x.uf2: it does not say which version of MicroPython it "
	    "is");
	job.firmware.custom = 1;
	OK(check_version(&job, &e) == 0);
}

/* What the board says afterwards. */
static void
check_answers(void)
{
	static const struct {
		const char	*version;
		int64_t		 build;
		const char	*commit, *description, *uid;
		enum err_code	 code;
	} cases[] = {
		{ "v1.29.0-preview", 12, "abcdef0", PICO, "E6", ERR_NONE },
		{ "v1.29.0-preview", 12, NULL, PICO, NULL, ERR_NONE },
		{ "v1.29.0-preview", 12, "abcdef1", PICO, "e6", ERR_VERIFY },
		{ "v1.29.0-preview", 13, "abcdef0", PICO, "e6", ERR_VERIFY },
		{ "v1.29.0-preview", -1, "abcdef0", PICO, "e6", ERR_VERIFY },
		{ "v1.28.0", 12, "abcdef0", PICO, "e6", ERR_VERIFY },
		{ NULL, 12, "abcdef0", PICO, "e6", ERR_VERIFY },
		{ "v1.29.0-preview", 12, "abcdef0", "Other with RP2040", "e6",
		    ERR_VERIFY },
		{ "v1.29.0-preview", 12, "abcdef0", NULL, "e6", ERR_VERIFY },
		{ "v1.29.0-preview", 12, "abcdef0", PICO, "e7",
		    ERR_MISMATCH },
	};
	struct flash_job job = pico("v1.29.0-preview.12.gabcdef0123");

	job.board.uid = "e6";
	for (size_t i = 0; i < N(cases); i++) {
		const struct board b = { .version = cases[i].version,
		    .build = cases[i].build, .commit = cases[i].commit,
		    .description = cases[i].description,
		    .uid = cases[i].uid };

		e = (struct err)ERR_INIT;
		OK(check_answer(&job, &b, &e) ==
		    (cases[i].code == ERR_NONE ? 0 : -1));
		OK(e.code == cases[i].code);
		if (e.code != cases[i].code)
			printf("# case %zu: %s\n", i, e.msg);
	}
}

/* Each thing that the board says anew proves that it was written. */
static void
check_news(void)
{
	const struct flash_job job = pico("v1.24.1");
	const struct board was = { .version = "v1.24.1", .build = -1,
	    .commit = "abc", .description = PICO };
	struct board now[5] = { was, was, was, was, was };
	struct flash_proof proof = { .bytes = false };

	OK(check_proof(&job, &proof, &was, &was, &e) == -1 &&
	    e.code == ERR_VERIFY && e.hint[0] != '\0');
	OK(check_proof(&job, &proof, NULL, &was, &e) == -1);
	now[0].version = "v1.24.0";
	now[1].build = 3;
	now[2].commit = "abd";
	now[3].description = "Other";
	now[4].commit = NULL;
	for (size_t i = 0; i < N(now); i++)
		OK(check_proof(&job, &proof, &was, &now[i], &e) == 0);
	proof.bytes = true;
	OK(check_proof(&job, &proof, &was, &was, &e) == 0);
	proof = (struct flash_proof){ .accepted = true };
	OK(check_proof(&job, &proof, &was, &was, &e) == 0);
}

int
main(void)
{
	check_plans();
	check_silent();
	check_answers();
	check_news();
	return tap_done();
}
