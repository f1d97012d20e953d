/* SPDX-License-Identifier: MIT */
#include <glob.h>

#include "base/file.h"
#include "esp_flash_bench.h"

/* --- the rate of the line --- */

/* The only rate that is kept; NULL.  The caller frees it. */
static char *
kept_file(void)
{
	glob_t g;
	char *path = NULL;

	if (glob("state/mpf/rate/*", 0, NULL, &g) != 0)
		return NULL;
	OK(g.gl_pathc == 1);
	path = mem_str(g.gl_pathv[0]);
	globfree(&g);
	return path;
}

static void
forget_rate(void)
{
	char *path = kept_file();

	OK(path == NULL || remove(path) == 0);
	free(path);
}

static bool
was_set(unsigned rate)
{
	for (size_t i = 0; i < esp_cable.n_rates; i++)
		if (esp_cable.rates[i] == rate)
			return true;
	return false;
}

static void
test_rates(struct esp_kind *k)
{
	struct flash_job job;

	/* A CP2102 takes 921600, and that cable does, too. */
	forget_rate();
	plug(k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	OK(last_rate() == 921600);
	/* What the user says holds, and is not remembered. */
	plug(k, OTHER);
	job = esp_world_job();
	job.baud = 230400;
	flash_well(&job);
	OK(last_rate() == 230400 && !was_set(921600));
	plug(k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	OK(last_rate() == 921600);
	/* One that takes no more than 460800: down a step, and remembered. */
	forget_rate();
	plug(k, OTHER);
	esp_cable.bad_above = 460800;
	esp_cable.bad_every = 1;
	job = esp_world_job();
	flash_well(&job);
	OK(was_set(921600) && last_rate() == 460800);
	plug(k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	OK(!was_set(921600) && last_rate() == 460800);
}

/* Requests pass at that rate, and long blocks do not. */
static void
test_retry_rate(struct esp_kind *k)
{
	struct flash_job job;

	forget_rate();
	plug(k, OTHER);
	esp_cable.bad_above = 115200;
	esp_cable.bad_every = 3500;
	job = esp_world_job();
	flash_well(&job);
	OK(was_set(921600) && last_rate() == 115200);
	/* That was a fallback: the next run begins a step lower alone. */
	plug(k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	OK(!was_set(921600) && last_rate() == 460800);
	forget_rate();
	plug(k, OTHER);
	esp_cable.bad_above = 230400;
	esp_cable.bad_every = 3500;
	job = esp_world_job();
	job.retry_baud = 230400;
	flash_well(&job);
	OK(was_set(921600) && last_rate() == 230400);
}

/* What is no rate is not one. */
static void
test_kept_nonsense(struct esp_kind *k)
{
	static const char *const texts[] = { "fast\n", "0\n",
		"99999999\n", "9600\n", "460800", "-1\n", "" };
	struct flash_job job;
	char *path;

	forget_rate();
	plug(k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	path = kept_file();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		OK(path != NULL && file_write(path, texts[i],
		    strlen(texts[i]), 0600, &e) == 0);
		plug(k, OTHER);
		job = esp_world_job();
		flash_well(&job);
		OK(last_rate() == 921600);
	}
	free(path);
}

/* --- how long, and how it is entered --- */

/* From so many requests on it says nothing more; false: it needed fewer. */
static bool
check_deadline(struct esp_kind *k, unsigned long mute_at, int64_t ms)
{
	struct flash_job job;
	struct flash_outcome out;
	int64_t took;
	int r;

	clock_fake(1000000);
	esp_world_plug(k, OTHER, SIM_ESP_MUTE, mute_at);
	job = esp_world_job();
	job.work_ms = ms;
	took = clock_ms();
	r = esp_world_run(&job, &out, &e);
	took = clock_ms() - took;
	if (r == 0) {
		flash_release(&out);
		return false;
	}
	OK(e.code == ERR_TIMEOUT);
	OK(esp_world_runs() == (strcmp(out.result.state, "running") == 0));
	/* A request that is on its way is waited for a moment more. */
	OK(took >= 1000 && took <= ms + 4000);
	if (took > ms + 4000 || e.code != ERR_TIMEOUT)
		printf("# %s: %lld ms of %lld: %s\n", k->chip,
		    (long long)took, (long long)ms, e.msg);
	flash_release(&out);
	return true;
}

static void
test_deadline(struct esp_kind *k)
{
	unsigned long at = 1;

	while (check_deadline(k, at, 5000) && check_deadline(k, at, 20000))
		at++;
	OK(at > 15);
}

static void
test_no_reset(struct esp_kind *k)
{
	struct flash_job job;
	struct flash_outcome out;
	unsigned resets;

	/* It is in its loader, by hand: DTR and RTS move to start it alone. */
	plug(k, OTHER);
	sim_esp_reset(esp_cable.chip, true, clock_ms() * 1000);
	job = esp_world_job();
	job.words.no_reset = true;
	job.device.mode = "silent";
	resets = sim_esp_resets(esp_cable.chip);
	flash_well(&job);
	OK(sim_esp_resets(esp_cable.chip) == resets + 1);
	OK(esp_cable.moved == 2);
	/* And it stays where it is. */
	plug(k, OTHER);
	sim_esp_reset(esp_cable.chip, true, clock_ms() * 1000);
	job = esp_world_job();
	job.words.no_reset = job.words.stay = true;
	/* An ESP8266's ROM proves nothing, and its firmware does not run. */
	OK(esp_world_run(&job, &out, &e) == (strcmp(k->chip, "esp8266") == 0 ?
	    -1 : 0));
	OK(esp_world_holds_new() && esp_cable.moved == 0);
	OK(strcmp(out.result.state, "bootloader") == 0);
	flash_release(&out);
	/* What runs its firmware is not reset, and says how it is. */
	plug(k, OTHER);
	job = esp_world_job();
	job.words.no_reset = true;
	OK(esp_world_run(&job, &out, &e) == -1);
	OK(e.code == ERR_TIMEOUT && esp_cable.moved == 0);
	OK(strstr(e.hint, "--before") != NULL);
	if (strstr(e.hint, "--before") == NULL)
		printf("# %s; %s\n", e.msg, e.hint);
	OK(esp_world_runs() && !esp_world_starts_new());
	flash_release(&out);
}

int
main(void)
{
	begin_esp_bench();
	for (size_t i = 0; i < ESP_WORLDS - 1; i++) {
		test_rates(&esp_kinds[i]);
		test_retry_rate(&esp_kinds[i]);
	}
	test_kept_nonsense(&esp_kinds[2]);
	for (size_t i = 0; i < ESP_WORLDS; i++) {
		test_deadline(&esp_kinds[i]);
		test_no_reset(&esp_kinds[i]);
	}
	return end_esp_bench();
}
