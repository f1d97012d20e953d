/* SPDX-License-Identifier: MIT */
#include "flash/esp/again.h"

#include <stdio.h>
#include <string.h>

#include "flash/esp/params.h"
#include "flash/esp/port.h"

#define ASK_MS		2000	/* it answers at once, or not at all */
#define MODE		2u	/* byte of the header */

bool
esp_stuck(const struct flash_job *job, char why[FLASH_WHY])
{
	struct flash_job here = *job;
	struct esp_connect_opts opts = { .entry = ESP_ENTER_NOTHING };
	struct esp_loader *l = NULL;
	struct link *link = NULL;
	struct err ignored = ERR_INIT;
	bool is;

	here.words.no_reset = true;	/* it stays as it is */
	if (esp_port_open(&here, clock_ms(), &link, &opts.port,
	    &ignored) == -1)
		return false;
	opts.deadline = clock_ms() + ASK_MS;
	is = esp_connect(link, &opts, &l, &ignored) == 0;
	esp_loader_free(l);
	link_close(link);
	if (is)
		snprintf(why, FLASH_WHY, "let go of %s, or remove what holds "
		    "that pin low, and press RESET",
		    esp_job_chip(job)->button);
	return is;
}

bool
esp_soften(struct flash_job *job, struct result *res)
{
	const int dio = esp_param_nibble(ESP_MODE, esp_job_chip(job), "dio");
	int mode = job->data[MODE];

	if (job->flash_mode != NULL && strcmp(job->flash_mode, "keep") != 0)
		mode = esp_param_nibble(ESP_MODE, esp_job_chip(job),
		    job->flash_mode);
	if (mode >= dio)
		return false;
	job->flash_mode = res->flash_mode = "dio";
	job->chip.blank = -1;		/* it was, before it was written */
	return true;
}
