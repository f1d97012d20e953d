/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "esp_world.h"
#include "run.h"

/*
 * esp: an image onto an ESP chip by the boot loader in its ROM, or a stub,
 * over a line that flips, loses and doubles bytes, loses or spoils replies, or
 * is pulled out at any byte.  "ok" means that the flash holds the image and
 * runs it; what is said of the board's state is true; no run outlasts its
 * deadline; and the next run, over the same flash, succeeds.
 */

#define RUNS		10000u
#define SLACK_MS	15000		/* asking before, letting go after */

enum category { BYTE, STORM, CUT, SILENCE, NOISE, CHIP, CATEGORIES };

/* --- oracles --- */

static void
check_state(struct run *r, const char *state, const uint8_t *before)
{
	const enum sim_esp_mode mode = sim_esp_mode(esp_cable.chip);
	size_t n;

	sim_esp_turn(esp_cable.chip, clock_ms() * 1000);
	if (strcmp(state, "running") == 0 && !esp_world_runs())
		run_broken(r, "it is said to run, and does not");
	if (strcmp(state, "bootloader") == 0 && (mode != SIM_ESP_LOADER &&
	    mode != SIM_ESP_STUB))
		run_broken(r, "it is said to be in its boot loader, and is "
		    "not (%d)", (int)mode);
	if (strcmp(state, "bootloader") == 0 && !esp_wire_there(&esp_cable))
		run_broken(r, "it is said to be in its boot loader, and is "
		    "gone");
	if (strcmp(state, "untouched") == 0 && memcmp(before,
	    sim_esp_flash(esp_cable.chip, &n), ESP_IMAGE_FLASH) != 0)
		run_broken(r, "it was written, and nobody says so");
}

/* one: there was one fault alone, which even an ESP8266's ROM sees. */
static void
check_said(struct run *r, int said, bool one, const struct flash_outcome *out,
    const uint8_t *before)
{
	const char *state = out->result.state != NULL ? out->result.state :
	    "untouched";
	const bool proven = out->result.verified[0] != NULL &&
	    strcmp(out->result.verified[0], "digest") == 0;

	check_state(r, state, before);
	if (said == 0 && (!esp_world_runs() || !out->answered ||
	    strcmp(state, "running") != 0))
		run_broken(r, "ok, but the board does not run");
	if (said == 0 && !esp_world_starts_new())
		run_broken(r, "ok, but the board runs another image");
	if (said == 0 && (proven || one) && !esp_world_holds_new())
		run_broken(r, "ok, but the flash holds another image");
}

static void
flash_checked(struct run *r, bool one, int *said, struct err *e)
{
	struct flash_outcome out;
	uint8_t *before = mem_alloc(ESP_IMAGE_FLASH);
	const int64_t begin = clock_ms();
	size_t n;

	memcpy(before, sim_esp_flash(esp_cable.chip, &n), ESP_IMAGE_FLASH);
	*said = esp_world_flash(&out, e);
	if (clock_ms() - begin > ESP_WORLD_WORK_MS + ESP_WORLD_WAIT_MS +
	    SLACK_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - begin));
	check_said(r, *said, one, &out, before);
	flash_release(&out);
	free(before);
}

static void
flash_with(struct run *r, bool one)
{
	struct err why = ERR_INIT, later = ERR_INIT;
	const bool ran = esp_world_runs();
	int said, again;

	flash_checked(r, one, &said, &why);
	/* A board that could not say which it is may be any. */
	if (ran && esp_cable.swapped && (said == 0 ||
	    !esp_world_twin_is_whole()))
		run_broken(r, "another board was there, and was written");
	if (said == -1) {
		esp_world_plug_again();
		flash_checked(r, true, &again, &later);
		if (again == -1)
			run_broken(r, "after \"%s\" the next run fails: %s",
			    why.msg, later.msg);
	}
	run_end(r, said, &why);
}

/* --- faults --- */

/* Most bytes are data: what is before them gets as many faults. */
static size_t
choose_byte(struct run *r, size_t n)
{
	const size_t first = n < 2000 ? n : 2000;

	return run_random(r, (uint32_t)(run_random(r, 2) == 0 ? first :
	    n) + 1);
}

static struct spoil
choose_spoil(struct run *r, const struct spoiler *calm)
{
	static const enum spoil_kind bytes[] = { SPOIL_DROP, SPOIL_FLIP,
		SPOIL_DOUBLE };
	struct spoil f = { .kind = bytes[run_random(r, 3)],
		.to_board = run_random(r, 2) == 0,
		.bit = (int)run_random(r, 8) };

	f.at = choose_byte(r, f.to_board ? calm->to_board :
	    calm->from_board);
	return f;
}

static void
choose_spoils(struct run *r, enum category c, const struct spoiler *calm,
    struct esp_wire *out)
{
	struct spoiler *s = &out->spoiler;

	s->n = c == STORM ? 2 + run_random(r, SPOILS_MAX - 1) : 1;
	for (size_t i = 0; i < s->n; i++) {
		s->fault[i] = choose_spoil(r, calm);
		if (c == STORM && run_random(r, 3) == 0)
			s->fault[i].every = 50 + run_random(r, 20000);
	}
	if (c == CUT) {
		s->fault[0].kind = SPOIL_CUT;
		out->back_ms = run_random(r, 3) == 0 ? -1 :
		    (int64_t)run_random(r, 12000);
	}
	if (c == SILENCE) {
		s->fault[0].to_board = false;
		s->fault[0].at = choose_byte(r, calm->from_board);
		s->fault[0].kind = run_random(r, 2) == 0 ? SPOIL_MUTE :
		    SPOIL_DELAY;
		s->fault[0].ms = (int)run_random(r, 20000);
	}
	if (c == NOISE) {
		s->n = 0;
		out->noise_at = choose_byte(r, calm->from_board);
		out->noise_n = 1 + run_random(r, 200);
		out->noise = run_random(r, UINT32_MAX);
	}
}

/* The faults of w, on the cable of the board that is plugged in now. */
static void
use_spoils(const struct esp_wire *w)
{
	esp_cable.spoiler = w->spoiler;
	esp_cable.noise_at = w->noise_at;
	esp_cable.noise_n = w->noise_n;
	esp_cable.noise = w->noise;
	esp_cable.back_ms = w->back_ms;
}

static void
one_run(struct run *r)
{
	static const enum sim_esp_fault faults[] = { SIM_ESP_LOSE_REPLY,
		SIM_ESP_MUTE, SIM_ESP_STUCK_BITS, SIM_ESP_WRONG_MD5 };
	struct esp_kind *k = &esp_kinds[run_random(r, ESP_WORLDS)];
	const enum content c = (enum content)run_random(r, CONTENTS);
	const enum category cat = (enum category)run_random(r, CATEGORIES);
	/* What an ESP8266's ROM programs, nobody can compare. */
	const enum sim_esp_fault fault = cat != CHIP ? SIM_ESP_NO_FAULT :
	    faults[run_random(r, strcmp(k->chip, "esp8266") == 0 ? 2 : 4)];
	const unsigned long at = 1 + run_random(r, fault ==
	    SIM_ESP_STUCK_BITS ? 12 : (uint32_t)k->requests);
	struct esp_wire w = { .back_ms = -1 };
	const bool twin = cat == CUT && run_random(r, 4) == 0;
	char text[160] = "";

	if (cat != CHIP)
		choose_spoils(r, cat, &k->calm[c], &w);
	if (w.spoiler.n > 0)
		spoil_show(&w.spoiler.fault[0], text, sizeof(text));
	if (!run_begin(r, "esp, %s%s, flash %d: category %d, %s (%zu in all), "
	    "noise at %zu, fault %d at %lu, back %lld%s", k->chip, k->stub ?
	    " by a stub" : "", (int)c, (int)cat, text, w.spoiler.n, w.noise_at,
	    (int)fault, at, (long long)w.back_ms, twin ? ", a twin" : ""))
		return;
	esp_world_plug(k, c, fault, at);
	use_spoils(&w);
	if (twin)
		esp_world_twin();
	flash_with(r, cat != STORM && cat != NOISE);
}

/* --- before all runs --- */

/* What it takes when all is well. */
static void
learn(struct run *r, struct esp_kind *k)
{
	struct flash_outcome out;
	struct err why;

	for (int c = 0; c < CONTENTS; c++) {
		clock_fake(1000000);
		esp_world_plug(k, (enum content)c, SIM_ESP_NO_FAULT, 0);
		if (esp_world_flash(&out, &why) == -1)
			run_broken(r, "%s, flash %d, without a fault: %s",
			    k->chip, c, why.msg);
		k->calm[c] = esp_cable.spoiler;
		if (c == OTHER)
			k->requests = sim_esp_count(esp_cable.chip).requests;
		flash_release(&out);
	}
}

void
test_esp(struct run *r)
{
	esp_world_open();
	for (size_t i = 0; i < ESP_WORLDS; i++)
		learn(r, &esp_kinds[i]);
	for (unsigned i = 0; i < RUNS; i++)
		one_run(r);
	esp_world_close();
}
