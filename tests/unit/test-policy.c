/* SPDX-License-Identifier: MIT */
#include "flash/policy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tap.h"
#include "tmp.h"

static struct err e;

static int
parse(const char *text, struct policy *p)
{
	e = (struct err)ERR_INIT;
	return policy_parse(text, strlen(text), "/etc/p", p, &e);
}

static void
refused_text(const char *text, const char *want)
{
	struct policy p;

	OK(parse(text, &p) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, want);
}

static void
check_parse(void)
{
	struct policy p;

	OK(parse("# x\r\n\n\tboard  RPI_PICO* \r\ndowngrade no", &p) == 0);
	OK(p.n == 2 && p.v[0].kind == POLICY_BOARD && p.v[0].line == 3 &&
	    p.v[1].line == 4);
	IS_STR(p.v[0].value, "RPI_PICO*");
	IS_STR(p.v[1].value, "no");
	policy_release(&p);
	OK(parse("", &p) == 0 && p.n == 0);
	policy_release(&p);
	refused_text("board X\nboards Y\n", "/etc/p:2: an unknown rule");
	refused_text("board", "/etc/p:1: a rule without a value");
	refused_text("board \t", "/etc/p:1: a rule without a value");
	refused_text("downgrade maybe", "/etc/p:1: downgrade is yes or no");
	refused_text("board a\033b", "/etc/p:1: not a text");
	refused_text("board a\377b", "/etc/p:1: not a text");
}

static void
check_load(void)
{
	static const char text[] = "board X\n";
	struct policy p;

	OK(policy_load("nothere", true, &p, &e) == 0 && p.n == 0);
	OK(file_write("p", text, sizeof(text) - 1, 0644, &e) == 0);
	OK(policy_load("p", true, &p, &e) == 0 && p.n == 1);
	policy_release(&p);
	/* Root's file that anybody may write says nothing of root's. */
	OK(chmod("p", 0666) == 0);
	OK(policy_load("p", true, &p, &e) == -1 && e.code == ERR_PERMISSION);
	OK(policy_load("p", false, &p, &e) == 0 && p.n == 1);
	policy_release(&p);
	/* What cannot be read forbids all. */
	OK(mkdir("d", 0755) == 0);
	OK(policy_load("d", true, &p, &e) == -1);
	OK(policy_load("d", false, &p, &e) == -1);
}

static struct flash_job
job_of(void)
{
	return (struct flash_job){ .device = DEVICE_INIT,
	    .board = { .board_id = "RPI_PICO", .version = "v1.24.1",
	    .build = -1 }, .firmware = { .board_id = "RPI_PICO",
	    .source = "https://micropython.org/x.uf2", .build = -1 },
	    .image = { .path = "/nonexistent/x.uf2" },
	    .facts.strings.tag = "v1.25.0", .force = true };
}

/* 0: allowed; else the message, after "refused by policy ". */
static void
says(const char *text, const struct flash_job *job, const char *want)
{
	static const char begin[] = "refused by policy ";
	struct policy p;
	int r;

	OK(parse(text, &p) == 0);
	r = policy_allows(&p, job, &job->board, &e);
	if (want == NULL) {
		OK(r == 0);
	} else {
		OK(r == -1 && e.code == ERR_PERMISSION && !e.retry);
		OK(strncmp(e.msg, begin, strlen(begin)) == 0);
		OK(strstr(e.hint, "--force") != NULL);
		e.msg[strlen(begin) + strlen(want)] = '\0';
		IS_STR(e.msg + strlen(begin), want);
	}
	policy_release(&p);
}

static void
check_rules(void)
{
	struct flash_job job = job_of();

	says("", &job, NULL);
	says("board RPI_*\nversion >=1.25\nsource https://micropython.org/*\n"
	    "downgrade no\n", &job, NULL);
	/* Rules of a kind are alternatives. */
	says("board X\nboard RPI_PICO\n", &job, NULL);
	says("# x\nboard X\nboard Y\n", &job, "board (/etc/p:2)");
	says("source file://*\n", &job, "source (/etc/p:1)");
	says("version <1.25\n", &job, "version (/etc/p:1)");
	says("version preview\n", &job, "version (/etc/p:1)");
	says("board *\nkey RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn"
	    "73Y7GFO3\n", &job, "key (/etc/p:2)");
	/* Neither name opens the way for the other. */
	job.board.board_id = "RPI_PICO_W";
	says("board RPI_PICO\n", &job, "board (/etc/p:1)");
	says("board RPI_PICO_W\n", &job, "board (/etc/p:1)");
	job.board.board_id = NULL;
	says("board RPI_PICO\n", &job, NULL);
	job.firmware.variant = "X";
	says("board RPI_PICO\n", &job, "board (/etc/p:1)");
	says("board RPI_PICO-X\n", &job, NULL);
	/* What is not known is not allowed. */
	job.firmware.board_id = NULL;
	says("board *\n", &job, "board (/etc/p:1)");
	job.firmware.source = NULL;
	says("source *\n", &job, "source (/etc/p:1)");
	job.facts.strings.tag[0] = '\0';
	says("version >=0.1\n", &job, "version (/etc/p:1)");
}

static void
check_downgrade(void)
{
	static const struct {
		const char	*runs, *image;
		bool		 allowed;
	} cases[] = {
		{ "v1.24.1", "v1.24.1", true },
		{ "v1.24.1", "v1.25.0", true },
		{ "v1.25.0", "v1.24.1", false },
		{ "v1.25.0", "v1.25.0-preview.7.gabcdef0", false },
		{ NULL, "v1.25.0", false },
		{ "v1.25.0", "", false },
	};
	struct flash_job job = job_of();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		job.board.version = cases[i].runs;
		snprintf(job.facts.strings.tag,
		    sizeof(job.facts.strings.tag), "%s", cases[i].image);
		says("downgrade no\n", &job,
		    cases[i].allowed ? NULL : "downgrade (/etc/p:1)");
		says("downgrade yes\n", &job, NULL);
	}
	/* Of two builds of a preview the count decides. */
	job.board.version = "v1.26.0-preview";
	job.board.build = 48;
	snprintf(job.facts.strings.tag, sizeof(job.facts.strings.tag),
	    "v1.26.0-preview.47.gabcdef0");
	says("downgrade no\n", &job, "downgrade (/etc/p:1)");
}

/* A rule that makes no sense allows nothing, and is named. */
static void
check_nonsense(void)
{
	static const char *const texts[] = { "version soon\n", "key x\n" };
	struct flash_job job = job_of();
	struct policy p;

	for (size_t i = 0; i < 2; i++) {
		OK(parse(texts[i], &p) == 0);
		OK(policy_allows(&p, &job, &job.board, &e) == -1);
		OK(strncmp(e.msg, "/etc/p:1: ", 10) == 0);
		policy_release(&p);
	}
}

int
main(void)
{
	tmp_enter();
	atexit(tmp_leave);
	check_parse();
	check_load();
	check_rules();
	check_downgrade();
	check_nonsense();
	return tap_done();
}
