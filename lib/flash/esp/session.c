/* SPDX-License-Identifier: MIT */
#include "flash/esp/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "esp/stub.h"
#include "esp/header.h"
#include "flash/esp/port.h"
#include "flash/esp/rate.h"

#define MEASURED_MAX	460800u	/* a rate that an ESP8266 measures well */
#define BACK_MS		8000	/* for a port that went */

/* An ESP8266 measures the rate of the first bytes, and keeps to it. */
static bool
is_measured(const struct flash_session *s)
{
	return strcmp(s->job->facts.chip, "esp8266") == 0;
}

static int
connect_loader(struct flash_session *s, struct err *e)
{
	const struct flash_job *job = s->job;
	const struct esp_connect_opts opts = {
		.port = s->port,
		.deadline = job->deadline,
		.entry = job->words.no_reset ? ESP_ENTER_NOTHING :
		    ESP_ENTER_LINES,
		.baud = is_measured(s) ? s->rate : 0,
		.old = esp_chip_by_name(job->facts.chip)->id == ESP_NOT_TOLD,
	};

	esp_loader_free(s->loader);
	s->loader = NULL;
	return esp_connect(s->link, &opts, &s->loader, e);
}

static int
open_esp_port(struct flash_session *s, int64_t wait_ms, struct err *e)
{
	link_close(s->link);
	s->link = NULL;
	return esp_port_open(s->job, clock_ms() + wait_ms, &s->link, &s->port,
	    e);
}

/* Where the port goes meanwhile, it is waited for. */
static int
connect_chip(struct flash_session *s, struct err *e)
{
	int r = s->link == NULL ? -1 : connect_loader(s, e);

	if (s->link == NULL || (r == -1 && e->code == ERR_NOT_FOUND))
		r = open_esp_port(s, BACK_MS, e) == 0 ?
		    connect_loader(s, e) : -1;
	return r;
}

int
esp_session_connect(struct flash_session *s, struct err *e)
{
	const struct device *d = &s->job->device;

	s->rate = s->job->baud != 0 ? s->job->baud : rate_for(d);
	if (is_measured(s) && s->job->baud == 0 && s->rate > MEASURED_MAX)
		s->rate = MEASURED_MAX;
	s->keep = s->rate;
	if (open_esp_port(s, 0, e) == -1)
		return -1;
	if (connect_chip(s, e) == 0)
		return 0;
	if (e->code != ERR_TIMEOUT || !is_measured(s) || s->job->baud != 0)
		return -1;
	s->rate = s->keep = RATE_LOW;	/* the line may not take more */
	return connect_chip(s, e);
}

void
esp_session_close(struct flash_session *s)
{
	esp_loader_free(s->loader);
	link_close(s->link);
	free(s);
}

/*
 * What the checks need, and no more: each answer takes its time.  The MAC tells
 * this chip from another one that is there after a failure.
 */
static void
choose_questions(struct flash_session *s)
{
	const struct flash_job *job = s->job;
	const struct esp_chip *chip = esp_chip_by_name(job->facts.chip);

	s->ask = ESP_ASK_MAC;
	/* An ESP32-P4's stub is another before revision 3. */
	if (esp_is_for_some(job->data, job->size, chip) ||
	    strcmp(chip->name, "esp32p4") == 0)
		s->ask |= ESP_ASK_REVISION;
}

/* May another try, at another rate, help? */
static bool
is_of_line(enum err_code code)
{
	return code == ERR_TIMEOUT || code == ERR_PROTOCOL ||
	    code == ERR_IO || code == ERR_VERIFY ||
	    code == ERR_NOT_FOUND;
}

/* Is it the chip that the image is for, and not locked? */
static bool
is_expected(const struct flash_session *s)
{
	const struct esp_target *c = &s->chip;

	return strcmp(c->chip->name, s->job->facts.chip) == 0 &&
	    !c->secure_download && !c->encrypted && !c->secure_boot;
}

/*
 * An answer has no checksum: what would end the work is asked for twice, and
 * after a failure all of it.
 */
int
esp_session_identify(struct flash_session *s, struct err *e)
{
	struct err why = ERR_INIT;
	int r;

	choose_questions(s);
	r = esp_identify_chip(s->loader, s->ask, &s->chip, &why);
	if (r == 0 && is_expected(s))
		return 0;
	if (r == -1 && !is_of_line(why.code)) {
		*e = why;
		return -1;
	}
	if (r == -1 && connect_chip(s, e) == -1)
		return -1;
	return esp_identify_chip(s->loader, s->ask, &s->chip, e);
}

static bool
is_same_chip(const struct esp_target *a, const struct esp_target *b)
{
	return a->chip == b->chip &&
	    memcmp(a->mac, b->mac, sizeof(a->mac)) == 0;
}

/*
 * Reset, and asked again which chip it is: it must be the same, as another
 * board may be at that port now.  A wrong answer may be of the line.
 */
static int
reconnect(struct flash_session *s, struct err *e)
{
	struct esp_target now;

	if (connect_chip(s, e) == -1 || esp_identify_chip(s->loader, s->ask,
	    &now, e) == -1 || (!is_same_chip(&now, &s->chip) &&
	    esp_identify_chip(s->loader, s->ask, &now, e) == -1))
		return -1;
	if (!is_same_chip(&now, &s->chip))
		return err_set(e, ERR_MISMATCH, "another chip answers now: an "
		    "%s", now.chip->shown);
	s->chip = now;
	return 0;
}

/* 1: *out is the stub for this chip; 0: it does without; -1. */
static int
pick_stub(const struct flash_session *s, struct esp_stub *out, struct err *e)
{
	const struct flash_job *job = s->job;
	struct err why = ERR_INIT;

	if (job->no_stub || s->chip.secure_download || s->chip.stub)
		return 0;
	if (esp_stub_find(s->chip.chip, s->chip.revision, job->stub_dir, out,
	    &why) == 0)
		return 1;
	if (why.code == ERR_NOT_FOUND && job->stub_dir == NULL)
		return 0;
	*e = why;
	return -1;
}

/* At this rate: the code of a stub shows whether the line takes it. */
static int
speed_up(struct flash_session *s, const struct esp_stub *stub, struct err *e)
{
	struct err why = ERR_INIT;

	if (esp_baud(s->loader, s->rate, stub == NULL, &why) == -1 &&
	    why.code != ERR_UNSUPPORTED) {
		*e = why;
		return -1;
	}
	if (stub != NULL && esp_load_stub(s->loader, stub, e) == -1)
		return -1;
	return esp_identify_flash(s->loader, s->known, &s->chip, e);
}

int
esp_session_speed(struct flash_session *s, struct err *e)
{
	struct esp_stub stub;
	const int found = pick_stub(s, &stub, e);
	int r = found == -1 ? -1 : 0;

	while (r == 0 && speed_up(s, found == 1 && !s->no_stub ? &stub : NULL,
	    e) == -1) {
		const bool low = s->rate <= RATE_LOW;
		const bool gone = e->code == ERR_NOT_FOUND;

		if (stop_requested() || clock_ms() >= s->job->deadline ||
		    !is_of_line(e->code) || (low && !gone && (found == 0 ||
		    s->no_stub || s->job->stub_dir != NULL))) {
			r = -1;
			break;
		}
		s->no_stub |= low && !gone;	/* it is not the rate */
		if (!gone)
			s->rate = s->keep = rate_below(s->rate);
		r = reconnect(s, e);
	}
	if (found == 1)
		esp_stub_release(&stub);
	return r;
}

int
esp_session_recover(struct flash_session *s, unsigned failures, struct err *e)
{
	const unsigned retry = s->job->retry_baud != 0 ? s->job->retry_baud :
	    RATE_LOW;

	s->erase_len = 0;
	if (failures < 2 && s->loader != NULL && esp_wake(s->loader) == 0)
		return 0;
	if (failures >= 2 && retry < s->rate) {
		s->keep = rate_below(s->rate);
		s->rate = retry;
	}
	return reconnect(s, e) == -1 ? -1 : esp_session_speed(s, e);
}

int
esp_session_again(struct flash_session *s, struct err *e)
{
	return is_of_line(e->code) && !stop_requested() ?
	    esp_session_recover(s, 1, e) : -1;
}

bool
esp_session_answers(struct flash_session *s)
{
	return s->loader != NULL && esp_wake(s->loader) == 0;
}
