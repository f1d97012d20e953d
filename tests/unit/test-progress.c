/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "tap.h"
#include "tmp.h"
#include "tool/run.h"

#define JOBS	5

static const struct tool tool = { .name = "mpf-x" };
static struct tool_run run;
static struct job jobs[JOBS];
static char labels[JOBS][2];

/* n boards that begin to work now. */
static void
begin(size_t n, int64_t now)
{
	clock_fake(now);
	memset(&run, 0, sizeof(run));
	memset(jobs, 0, sizeof(jobs));
	run.t = &tool;
	run.opt.progress = "auto";
	run.events_fd = -1;
	run.watched = true;
	run.n_running = n;
	for (size_t i = 0; i < n; i++) {
		labels[i][0] = (char)('a' + i);
		jobs[i].run = &run;
		jobs[i].label = labels[i];
		jobs[i].state = JOB_RUNNING;
		jobs[i].worked = true;
		jobs[i].next = i + 1 < n ? &jobs[i + 1] : NULL;
		jobs[i].rec = record_new();
		progress_begin(&jobs[i]);
	}
	run.first = n > 0 ? jobs : NULL;
}

static void
end(void)
{
	for (size_t i = 0; i < JOBS; i++)
		record_free(jobs[i].rec);
}

/* At that time it says so, and wants to be asked again after left ms. */
static void
says(int64_t now, const char *want, int left)
{
	const int fd = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	const int saved = dup(STDERR_FILENO);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	clock_fake(now);
	dup2(fd, STDERR_FILENO);
	close(fd);
	OK(progress_show(&run) == left);
	dup2(saved, STDERR_FILENO);
	close(saved);
	OK(file_read("err", &b, &e) == 0);
	IS_STR(b.data, want);
	buf_release(&b);
}

static void
test_waiting(void)
{
	begin(1, 1000);
	progress_note(&jobs[0], "restart", 0, 0, "bytes");
	says(2999, "", 1);
	says(3000, "mpf-x: a: waiting for it to start again, 2 s so far\n",
	    5000);
	says(7999, "", 1);
	says(8000, "mpf-x: a: waiting for it to start again, 7 s so far\n",
	    5000);
	end();
}

/* What, percent, rate, and the time that is left. */
static void
test_counting(void)
{
	begin(1, 1000);
	progress_note(&jobs[0], "write", 0, 1000000, "bytes");
	says(3000, "mpf-x: a: writing, 0 % of 1.0 MB\n", 5000);
	clock_fake(7000);
	progress_note(&jobs[0], "write", 600000, 1000000, "bytes");
	says(8000, "mpf-x: a: writing, 60 % of 1.0 MB, 100.0 kB/s, "
	    "4 s left\n", 5000);
	end();
}

/* Many boards at one step are one line. */
static void
test_many(void)
{
	begin(5, 1000);
	for (int i = 0; i < 5; i++)
		progress_note(&jobs[i], i < 4 ? "write" : "ask", 0,
		    i < 4 ? 1000000 : 0, "bytes");
	clock_fake(2999);
	for (int i = 0; i < 4; i++)
		progress_note(&jobs[i], "write", 500000, 1000000, "bytes");
	says(3000, "mpf-x: a, b and 2 others: writing, 50 % of 4.0 MB, "
	    "1.0 MB/s, 2 s left\n"
	    "mpf-x: e: waiting for an answer, 2 s so far\n", 5000);
	end();
}

int
main(void)
{
	tmp_enter();
	log_open("mpf-x", LOG_NORMAL);
	test_waiting();
	test_counting();
	test_many();
	tmp_leave();
	return tap_done();
}
