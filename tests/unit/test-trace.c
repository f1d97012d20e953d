/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/wire.h"
#include "esp_bench.h"
#include "link/ops.h"
#include "tap.h"
#include "tmp.h"

/* A chip is asked over a traced link, and the trace plays it again. */
static void
test_play_back(void)
{
	const struct sim_esp_opts opts = { .chip = "esp32s3", .revision = 2,
		.mac = { 0x24, 0x0a, 0xc4, 0xdb, 0xc0, 0x5c } };
	const struct esp_connect_opts how = { .deadline = 60000 };
	struct esp_bench *b = esp_bench_new(&opts);
	struct link *l, *again = NULL;
	struct esp_loader *loader = NULL;
	struct esp_target first = { .revision = -1 }, second = first;
	struct err e = ERR_INIT;
	struct buf script = BUF_INIT;

	OK(!wire_on() && link_traced(&b->link) == &b->link);
	OK(wire_open("trace", &e) == 0 && wire_on());
	l = link_traced(&b->link);
	OK(l != &b->link);
	IS_STR(link_name(l), "sim");
	OK(esp_connect(l, &how, &loader, &e) == 0 &&
	    esp_identify(loader, &first, &e) == 0 &&
	    esp_baud(loader, 921600, true, &e) == 0);
	esp_loader_free(loader);
	loader = NULL;
	link_close(l);

	OK(file_read("trace", &script, &e) == 0);
	OK(strncmp(script.data, "# sim, ", 7) == 0);
	OK(strstr(script.data, "\n~ 0 1\n") != NULL &&
	    strstr(script.data, "\n@ 921600\n") != NULL);
	OK(link_replay(script.data, &again, &e) == 0);
	OK(esp_connect(again, &how, &loader, &e) == 0);
	OK(esp_identify(loader, &second, &e) == 0);
	OK(esp_baud(loader, 921600, true, &e) == 0);
	OK(first.chip == second.chip && first.revision == second.revision &&
	    memcmp(first.mac, second.mac, 6) == 0 &&
	    first.flash_id == second.flash_id && first.flash_id != 0);
	OK(link_replay_done(again));
	esp_loader_free(loader);
	link_close(again);
	buf_release(&script);
}

static char shown[512];

static void
keep_line(const char *line)
{
	snprintf(shown, sizeof(shown), "%s", line);
}

static void
test_show(void)
{
	static const char bytes[] = "a\\\r\n\t\x01\xff";
	struct err e = ERR_INIT;

	wire_show(keep_line);
	wire_bytes("/dev/ttyUSB0", '>', bytes, sizeof(bytes));
	IS_STR(shown, "/dev/ttyUSB0: > a\\\\\\r\\n\\t\\x01\\xff\\x00");
	wire_step("x", "!");
	IS_STR(shown, "x: !");
	wire_show(NULL);
	OK(wire_open("no/such/folder", &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(wire_open("/dev/null", &e) == -1);
}

int
main(void)
{
	tmp_enter();
	test_play_back();
	test_show();
	tmp_leave();
	return tap_done();
}
