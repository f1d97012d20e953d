/* SPDX-License-Identifier: MIT */
#include "means/means.h"

#include <stdlib.h>
#include <string.h>

#include "chips/usb.h"
#include "facts/facts.h"
#include "flash/driver.h"
#include "store/store.h"
#include "tap.h"
#include "tmp.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* What mpf-flash cannot do, or only where there is a drive: all of them. */
static const struct {
	const char	*port, *board, *tool;
} others[] = {
	{ "alif", "ALIF_ENSEMBLE", "app-write-mram.py" },
	{ "cc3200", "WIPY", "curl -T" },
	{ "mimxrt", "TEENSY40", "teensy_loader_cli --mcu=TEENSY40" },
	{ "mimxrt", "TEENSY41", "teensy_loader_cli --mcu=TEENSY41" },
	{ "nrf", "ARDUINO_NANO_33_BLE_SENSE", "--offset=0x16000" },
	{ "nrf", "NRF52840_MDK_USB_DONGLE", "nrfutil" },
	{ "nrf", "PCA10059", "nrfutil" },
	{ "psoc-edge", "KIT_PSE84_AI", "--board KIT_PSE84_AI" },
	{ "renesas-ra", "EK_RA4M1", "-device R7FA4M1AB" },
	{ "renesas-ra", "EK_RA4W1", "-device R7FA4W1AD" },
	{ "renesas-ra", "EK_RA6M1", "-device R7FA6M1AD" },
	{ "renesas-ra", "EK_RA6M2", "-device R7FA6M2AF" },
	{ "renesas-ra", "RA4M1_CLICKER", "-device R7FA4M1AB" },
	{ "renesas-ra", "VK_RA6M5", "-device R7FA6M5BH" },
};

/* The first method of the table for these, whatever this build can. */
static const struct {
	const char	*port, *board, *method, *file;
} first[] = {
	{ "rp2", "RPI_PICO_W", "picoboot", "uf2" },
	{ "samd", "SEEED_WIO_TERMINAL", "uf2", "uf2" },
	{ "samd", "SAMD21_XPLAINED_PRO", "uf2", "uf2" },
	{ "esp32", "ESP32_GENERIC", "esp", "bin" },
	{ "esp32", "ARDUINO_NANO_ESP32", "dfu", "app-bin" },
	{ "esp8266", "ESP8266_GENERIC", "esp", "bin" },
	{ "mimxrt", "OLIMEX_RT1010", "uf2", "uf2" },
	{ "mimxrt", "MIMXRT1060_EVK", "uf2", "uf2" },
	{ "mimxrt", "MIMXRT1050_EVK", "drive", "hex" },
	{ "nrf", "SEEED_XIAO_NRF52", "uf2", "uf2" },
	{ "nrf", "MICROBIT", "drive", "hex" },
	{ "nrf", "PCA10056", "drive", "hex" },
	{ "renesas-ra", "ARDUINO_PORTENTA_C33", "dfu", "bin" },
	{ "stm32", "PYBV11", "dfu", "dfu" },
	{ "stm32", "PYBD_SF2", "dfu", "dfu" },
	{ "stm32", "STM32F439", "dfu", "dfu" },
	{ "stm32", "NUCLEO_H743ZI2", "dfu", "dfu" },
	{ "stm32", "NUCLEO_F401RE", "drive", "hex" },
	{ "stm32", "NUCLEO_L152RE", "drive", "hex" },
};

static bool
has_method(const char *name)
{
	for (size_t i = 0; means_methods[i] != NULL; i++)
		if (strcmp(means_methods[i], name) == 0)
			return true;
	return false;
}

/* The list that was made is that of the drivers, by their own names. */
static void
check_methods(void)
{
	size_t n = 0;

	for (; flash_drivers[n] != NULL; n++)
		OK(has_method(flash_drivers[n]->name));
	OK(n > 0 && means_methods[n - 1] != NULL && means_methods[n] == NULL);
}

/* 225 of 225: a means, or the tool that has one; and nothing in between. */
static void
check_all(const struct means_table *t, const struct facts *f)
{
	const struct device d = { .id = "there", .mode = "repl",
	    .serial_port = "/dev/ttyACM7" };
	size_t n, boards = 0, refused = 0;
	const struct fact *row = facts_rows(f, &n);

	for (size_t i = 0; i < n; i++) {
		const struct means *m = means_find(t, row[i].port,
		    row[i].board_id);
		struct err e = ERR_INIT;

		if (row[i].variant != NULL || !row[i].released ||
		    !fact_holds(&row[i], facts_newest(f)))
			continue;
		boards++;
		OK(m != NULL && m->file[0] != NULL && m->loader[0] != '\0');
		if (m == NULL || m->method[0] != NULL)
			continue;
		refused++;
		OK(m->tool[0] != '\0' && m->command[0] != '\0');
		OK(means_check(m, row[i].board_id, &d, NULL, &e) == -1 &&
		    e.code == ERR_UNSUPPORTED && !e.retry);
		OK(strstr(e.msg, m->tool) != NULL);
	}
	printf("# %zu boards, %zu of them for other tools\n", boards, refused);
	OK(boards == 225 && refused == N(others));
}

static void
check_others(const struct means_table *t)
{
	const struct device d = { .id = "there", .mode = "repl",
	    .serial_port = "/dev/ttyACM7" };

	for (size_t i = 0; i < N(others); i++) {
		const struct means *m = means_find(t, others[i].port,
		    others[i].board);
		struct err e = ERR_INIT;
		const char *end;

		OK(m != NULL && means_check(m, others[i].board, &d,
		    NULL, &e) == -1);
		OK(strstr(e.hint, others[i].tool) != NULL);
		OK(strstr(e.hint, "PORT") == NULL);
		/* All of it is there: nothing was cut off at its end. */
		end = m != NULL ? m->command + strlen(m->command) - 4 : "";
		OK(strstr(e.hint, strcmp(end, "PORT") == 0 ? "ttyACM7" :
		    end) != NULL);
	}
	for (size_t i = 0; i < N(first); i++) {
		const struct means *m = means_find(t, first[i].port,
		    first[i].board);

		IS_STR(m != NULL ? m->method[0] : NULL, first[i].method);
		IS_STR(m != NULL ? m->file[0] : NULL, first[i].file);
	}
	OK(means_find(t, "zephyr", "NRF52840DK") == NULL);
	OK(means_find(t, NULL, "RPI_PICO") == NULL);
}

/* A table like ours, whatever this build can do. */
static const struct means both = { .port = "rp2", .board = "*",
    .file = { "uf2", "hex" }, .method = { "drive", "uf2" },
    .loader = "a drive", .tool = "cp", .command = "cp FILE PORT" };
static const struct means none = { .port = "x", .board = "*",
    .file = { "hex", "uf2" }, .loader = "HalfKay", .tool = "a tool",
    .command = "a tool FILE" };

static void
check_modes(void)
{
	struct device d = { .id = "there", .mode = "repl" };
	struct err e = ERR_INIT;

	IS_STR(means_mode(&d), "repl");
	IS_STR(means_method(&both, "repl"), "uf2");
	IS_STR(means_method(&both, "silent"), "uf2");
	IS_STR(means_method(&both, NULL), "uf2");
	IS_STR(means_method(&both, "uf2"), "uf2");
	OK(means_method(&both, "dfu") == NULL || has_method("dfu"));
	OK(means_method(&both, "esp_rom") == NULL);
	OK(means_rank(&both, "repl", "uf2") == 1);
	OK(means_rank(&both, "repl", "hex") == 0);
	OK(means_rank(&both, "esp_rom", "uf2") == 0);
	OK(means_check(&both, "B", &d, NULL, &e) == 0);
	d.probe = "DAPLink";
	IS_STR(means_mode(&d), MEANS_PROBE);
	OK(means_rank(&both, MEANS_PROBE, "hex") == 1);
	OK(means_rank(&both, MEANS_PROBE, "uf2") == 0);
	IS_STR(means_method(&both, MEANS_PROBE),
	    has_method("drive") ? "drive" : NULL);
	/* It is no more than the bridge of a board that it cannot flash. */
	IS_STR(means_method(&(struct means){ .file = { "bin" },
	    .method = { "esp" } }, MEANS_PROBE), "esp");
	/* Another tool's board, with a loader of ours there now. */
	OK(means_method(&none, "repl") == NULL);
	IS_STR(means_method(&none, "uf2"), "uf2");
	OK(means_rank(&none, NULL, "hex") == 1);
	OK(means_rank(&none, NULL, "uf2") == 2);
	OK(means_rank(&none, "uf2", "uf2") == 1);
	OK(means_rank(&none, NULL, "elf") == 0);
	d.probe = NULL;
	OK(means_check(&none, "B", &d, "/fw/B.hex", &e) == -1);
	IS_STR(e.msg, "there: mpf-flash cannot flash B by HalfKay; a tool can");
	IS_STR(e.hint, "a tool /fw/B.hex");
}

/* From "a,b" on: what comes after the first comma, or the end. */
static const char *
next_id(const char *p)
{
	p += strcspn(p, ",");
	return *p == ',' ? p + 1 : p;
}

/* The ids of bootloaders and probes are those that lib/chips knows. */
static void
check_usb(const struct means_table *t)
{
	static const char *const apart[] = {
		"2341:005a", "16c0:0478", "1915:521f",	/* of other tools */
		"15ba:0046",		/* MicroPython on it has the same */
	};
	size_t n;
	const struct means *m = means_rows(t, &n);

	for (size_t i = 0; i < n; i++)
		for (const char *p = m[i].usb; *p != '\0'; p = next_id(p)) {
			char id[32] = "", *pid = id + 5;
			bool known = false;

			snprintf(id, sizeof(id), "%.*s",
			    (int)strcspn(p, ","), p);
			for (size_t k = 0; k < N(apart); k++)
				known |= strcmp(id, apart[k]) == 0;
			if (strstr(id, "[0-7]") != NULL)
				pid = (char *)"0022";
			else if (strchr(pid, '?') != NULL)
				*strchr(pid, '?') = 'b';
			id[4] = '\0';
			known |= usb_bootloader(id, pid) != NULL ||
			    usb_probe(id, pid) != NULL;
			if (!known)
				printf("# %s: %s:%s\n", m[i].board, id, pid);
			OK(known);
		}
}

/* Files that are not such a table. */
static void
check_broken(void)
{
	static const char head[] = "port\tboard\tfiles\tmethods\tloader\tusb\t"
	    "tool\tcommand\tdeploy\n";
	static const char *const texts[] = {
		"x\ty\n", "a\tb\tc,,d\t\t\t\t\t\t\n",
		"a\tb\tc,d,e,f,g\t\t\t\t\t\t\n", "a\tb\tc\t,\t\t\t\t\t\n",
	};
	struct means_table *t = NULL;
	struct err e = ERR_INIT;

	tmp_enter();
	setenv("MPF_SHARE", tmp_path, 1);
	OK(means_open(&t, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(strstr(e.hint, "MPF_SHARE") != NULL);
	for (size_t i = 0; i < N(texts); i++) {
		FILE *file = fopen("means.tsv", "w");

		OK(file != NULL && fprintf(file, "%s%s", head, texts[i]) > 0 &&
		    fclose(file) == 0);
		OK(means_open(&t, &e) == -1 && e.code == ERR_INPUT);
		OK(strstr(e.msg, "means.tsv, line 2: ") != NULL);
	}
	tmp_leave();
}

int
main(void)
{
	struct means_table *t = NULL;
	struct facts *f = NULL;
	struct store *s = NULL;
	struct err e = ERR_INIT;

	check_methods();
	check_modes();
	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0 &&
	    means_open(&t, &e) == 0);
	check_all(t, f);
	check_others(t);
	check_usb(t);
	means_close(t);
	facts_close(f);
	store_close(s);
	check_broken();
	return tap_done();
}
