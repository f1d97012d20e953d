/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "esp/loader.h"
#include "esp_bench.h"
#include "tap.h"

#define RATE	460800u

/* Raises the rate, and loses one answer.  How many requests there are. */
static unsigned long
raise_rate(unsigned long lost, int *r)
{
	const struct sim_esp_opts opts = { .chip = "esp32c3",
		.fault = lost == 0 ? SIM_ESP_NO_FAULT : SIM_ESP_LOSE_REPLY,
		.fault_at = lost };
	struct esp_bench *b = esp_bench_new(&opts);
	struct esp_loader *l = NULL;
	struct esp_target t;
	struct err e = ERR_INIT;
	unsigned long n;

	OK(open_loader(b, &l, &t, &e) == 0);
	*r = esp_baud(l, RATE, true, &e);
	OK(b->baud == RATE && sim_esp_rate(b->chip) == RATE);
	n = sim_esp_requests(b->chip);
	esp_loader_free(l);
	link_close(&b->link);
	return n;
}

int
main(void)
{
	int r;
	/* The last request asks whether it follows; that before tells it to. */
	const unsigned long n = raise_rate(0, &r);

	OK(r == 0);
	OK(raise_rate(n, &r) == n + 1);
	OK(r == 0);
	OK(raise_rate(n - 1, &r) == n);
	OK(r == 0);
	return tap_done();
}
