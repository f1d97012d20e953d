/* SPDX-License-Identifier: MIT */
#include "flash/esp/session.h"

#include <stdlib.h>
#include <string.h>

#include "addr/addr.h"
#include "esp/stub.h"
#include "flash/esp/rate.h"

/* An ESP8266 measures the rate of the first bytes, and keeps to it. */
static bool
is_measured(const struct flash_session *s)
{
	return strcmp(s->job->facts.chip, "esp8266") == 0;
}

static int
enter_loader(struct flash_session *s, struct err *e)
{
	const struct flash_job *job = s->job;
	const struct esp_connect_opts opts = {
		.port = addr_is_remote(job->device.serial_port) ? ESP_REMOTE :
		    esp_port_of(job->device.vid, job->device.pid),
		.deadline = job->deadline,
		.entry = job->words.no_reset ? ESP_ENTER_NOTHING :
		    ESP_ENTER_LINES,
		.baud = is_measured(s) ? s->rate : 0,
	};

	return esp_connect(s->link, &opts, &s->loader, e);
}

int
esp_session_connect(struct flash_session *s, struct err *e)
{
	const struct flash_job *job = s->job;
	struct link_addr addr = LINK_ADDR_INIT;
	int r = -1;

	s->rate = job->baud != 0 ? job->baud : rate_for(&job->device);
	if (addr_of_device(job->world->bus, &job->device, &addr, e) == 0 &&
	    link_connect(&addr, NULL, &s->link, e) == 0)
		r = enter_loader(s, e);
	link_addr_release(&addr);
	return r;
}

void
esp_session_close(struct flash_session *s)
{
	esp_loader_free(s->loader);
	link_close(s->link);
	free(s);
}

/* A stub makes it faster; where there is none, the ROM does. */
static int
load_stub(struct flash_session *s, struct err *e)
{
	const struct flash_job *job = s->job;
	struct err why = ERR_INIT;
	struct esp_stub stub;
	int r;

	if (job->no_stub || s->no_stub || s->chip.secure_download ||
	    s->chip.stub)
		return 0;
	if (esp_stub_find(s->chip.chip, s->chip.revision, job->stub_dir, &stub,
	    &why) == -1) {
		if (why.code == ERR_NOT_FOUND && job->stub_dir == NULL)
			return 0;
		*e = why;
		return -1;
	}
	r = esp_load_stub(s->loader, &stub, e);
	esp_stub_release(&stub);
	return r;
}

/* Reset, and asked again which chip it is: it must be the same. */
static int
reconnect(struct flash_session *s, struct err *e)
{
	struct esp_target now;

	esp_loader_free(s->loader);
	s->loader = NULL;
	if (enter_loader(s, e) == -1 ||
	    esp_identify(s->loader, &now, e) == -1)
		return -1;
	if (s->chip.chip != NULL && (now.chip != s->chip.chip ||
	    now.has_mac != s->chip.has_mac ||
	    memcmp(now.mac, s->chip.mac, sizeof(now.mac)) != 0))
		return err_set(e, ERR_MISMATCH, "another chip answers now: an "
		    "%s", now.chip->shown);
	s->chip = now;
	return 0;
}

/* May another rate, or another try, help? */
static bool
is_of_line(enum err_code code)
{
	return code == ERR_TIMEOUT || code == ERR_PROTOCOL ||
	    code == ERR_IO || code == ERR_VERIFY;
}

int
esp_session_speed(struct flash_session *s, struct err *e)
{
	struct err why = ERR_INIT;

	for (;;) {
		int r = 0;

		why = (struct err)ERR_INIT;
		if (esp_baud(s->loader, s->rate, &why) == -1 &&
		    why.code != ERR_UNSUPPORTED)
			r = -1;
		if (r == 0 && load_stub(s, &why) == 0)
			return 0;
		if (!is_of_line(why.code) || (s->rate <= RATE_LOW &&
		    (s->no_stub || s->job->stub_dir != NULL)))
			break;
		if (s->rate <= RATE_LOW)
			s->no_stub = true;	/* it is not the rate */
		s->rate = rate_below(s->rate);
		if (reconnect(s, e) == -1)
			return -1;
	}
	*e = why;
	return -1;
}

int
esp_session_recover(struct flash_session *s, unsigned failures, struct err *e)
{
	const unsigned retry = s->job->retry_baud != 0 ? s->job->retry_baud :
	    RATE_LOW;

	s->erase_len = 0;
	if (failures < 2 && esp_wake(s->loader) == 0)
		return 0;
	if (failures >= 2 && retry < s->rate)
		s->rate = retry;
	return reconnect(s, e) == -1 ? -1 : esp_session_speed(s, e);
}
