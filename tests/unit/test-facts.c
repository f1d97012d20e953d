/* SPDX-License-Identifier: MIT */
#include "facts/facts.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "facts/identify.h"
#include "tap.h"
#include "tmp.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static struct facts *f;

/* Firmware that says what it runs on, and which boards that may be. */
static const struct {
	const char		*machine, *version, *port;
	enum identity_kind	 kind;
	const char		*first;		/* candidate */
	enum identity_kind	 today;
	const char		*first_today;
} known[] = {
	{ "Raspberry Pi Pico W with RP2040", "v1.24.1", "rp2", IDENTITY_ONE,
	    "RPI_PICO_W", IDENTITY_ONE, "RPI_PICO_W" },
	{ "Raspberry Pi Pico with RP2040", "v1.19.1", "rp2", IDENTITY_ONE,
	    "PICO", IDENTITY_ONE, "RPI_PICO" },
	{ "Raspberry Pi Pico with RP2040", NULL, NULL, IDENTITY_BOARDS,
	    "PICO", IDENTITY_ONE, "RPI_PICO" },
	/* Between releases, before the first, and newer than all. */
	{ "Raspberry Pi Pico with RP2040", "v1.21.0-preview", "rp2",
	    IDENTITY_BOARDS, "PICO", IDENTITY_ONE, "RPI_PICO" },
	{ "Raspberry Pi Pico with RP2040", "v1.13", "rp2", IDENTITY_ONE,
	    "PICO", IDENTITY_ONE, "RPI_PICO" },
	{ "Raspberry Pi Pico with RP2040", "v1.99.0", "rp2", IDENTITY_ONE,
	    "RPI_PICO", IDENTITY_ONE, "RPI_PICO" },
	/* The string went in v1.29.0-preview: the last that had it counts. */
	{ "Arduino Nano ESP32 with ESP32S3", "v1.29.0-preview", "esp32",
	    IDENTITY_ONE, "ARDUINO_NANO_ESP32", IDENTITY_ONE,
	    "ARDUINO_NANO_ESP32" },
	/* Known to one port alone, whatever the port is said to be. */
	{ "ESP32 module with ESP32", "v1.20.0", "esp32", IDENTITY_VARIANTS,
	    "GENERIC", IDENTITY_ONE, "ESP32_GENERIC" },
	{ "LaunchPad with CC3200", "v1.24.1", "WiPy", IDENTITY_ONE,
	    "LAUNCHXL", IDENTITY_ONE, "LAUNCHXL" },
	{ "Olimex ESP32 ETH with ESP32", "v1.22.2", "esp32", IDENTITY_ONE,
	    "OLIMEX_ESP32_POE", IDENTITY_ONE, "OLIMEX_ESP32_POE" },
	{ "Olimex ESP32 ETH with ESP32", "v1.24.1", "esp32", IDENTITY_BOARDS,
	    "OLIMEX_ESP32_EVB", IDENTITY_BOARDS, "OLIMEX_ESP32_EVB" },
	{ "ESP32C3 module with ESP32C3", "v1.20.0", "esp32", IDENTITY_BOARDS,
	    "GENERIC_C3", IDENTITY_ONE, "ESP32_GENERIC_C3" },
	{ "PYBv1.1 with STM32F405RG", "v1.24.1", "stm32", IDENTITY_VARIANTS,
	    "PYBV11", IDENTITY_VARIANTS, "PYBV11" },
	{ "PYBv1.1 with STM32F405RG", "v1.19", "stm32", IDENTITY_VARIANTS,
	    "PYBV11", IDENTITY_VARIANTS, "PYBV11" },
	{ "Generic ESP32 module with SPIRAM with ESP32", "v1.23.0", "esp32",
	    IDENTITY_ONE, "ESP32_GENERIC-SPIRAM", IDENTITY_ONE,
	    "ESP32_GENERIC-SPIRAM" },
	{ "ESP module (1M) with ESP8266", "v1.19", "esp8266", IDENTITY_ONE,
	    "GENERIC_1M", IDENTITY_ONE, "ESP8266_GENERIC-FLASH_1M" },
	/* The banner has the name alone, os.uname() the MCU too. */
	{ "Pololu 3pi+ 2040 Robot", "v1.24.1", "rp2", IDENTITY_ONE,
	    "POLOLU_3PI_2040_ROBOT", IDENTITY_ONE, "POLOLU_3PI_2040_ROBOT" },
	{ "Pololu 3pi+ 2040 Robot with RP2040", "v1.24.1", "rp2",
	    IDENTITY_ONE, "POLOLU_3PI_2040_ROBOT", IDENTITY_ONE,
	    "POLOLU_3PI_2040_ROBOT" },
	{ "My own board with RP2040", "v1.24.1", "rp2", IDENTITY_NONE, "",
	    IDENTITY_NONE, "" },
	{ "", "v1.24.1", "rp2", IDENTITY_NONE, "", IDENTITY_NONE, "" },
	{ NULL, NULL, NULL, IDENTITY_NONE, "", IDENTITY_NONE, "" },
	{ "Raspberry Pi Pico with RP2040", "x'; DROP TABLE", "\n",
	    IDENTITY_BOARDS, "PICO", IDENTITY_ONE, "RPI_PICO" },
};

static void
first_is(const struct identity *id, const char *want)
{
	char text[BOARD_NAME_TEXT] = "";

	if (id->n > 0)
		board_name_text(&id->candidate[0], text);
	IS_STR(text, want);
}

static void
check_known(void)
{
	struct board b = BOARD_INIT;
	struct identity id;

	for (size_t i = 0; i < N(known); i++) {
		b.description = known[i].machine;
		b.version = known[i].version;
		b.port = known[i].port;
		identify(f, &b, &id);
		OK(id.kind == known[i].kind);
		first_is(&id, known[i].first);
		identity_today(f, &id);
		OK(id.kind == known[i].today);
		first_is(&id, known[i].first_today);
		if (id.kind != known[i].today)
			printf("# %s %s: %d\n", known[i].machine,
			    known[i].version, id.kind);
	}
}

static char *releases[64];
static size_t n_releases;

static int
add_release(const char *version, void *ctx)
{
	(void)ctx;
	releases[n_releases++] = mem_str(version);
	return 0;
}

struct score {
	unsigned	rows, one, inside, board, wrong;
};

/* The row at that release: is it found, or at least not taken for another? */
static void
score_row(const struct fact *row, size_t at, struct score *s)
{
	const struct board_name self = { row->port, row->board_id,
	    row->variant };
	struct board b = { .description = row->machine, .build = -1,
	    .version = releases[at] };
	struct identity id;
	bool in = false;

	identify(f, &b, &id);
	for (size_t i = 0; i < id.n; i++)
		in = in || board_name_equal(&id.candidate[i], &self);
	s->rows++;
	s->one += in && id.kind == IDENTITY_ONE;
	s->inside += in;
	s->board += in && id.kind != IDENTITY_BOARDS;
	if (!in) {
		s->wrong++;
		printf("# %s %s: %s-%s\n", releases[at], row->machine,
		    row->board_id, row->variant);
	}
}

/*
 * Every board and variant of every release: never taken for another; the
 * board is sure for at least 98.5 in 100.
 */
static void
check_all(struct store *s)
{
	struct score sum = { 0 };
	struct err e = ERR_INIT;
	struct version v;
	size_t n;
	const struct fact *rows = facts_rows(f, &n);

	OK(store_releases(s, add_release, NULL, &e) == 0);
	for (size_t at = 0; at < n_releases; at++) {
		OK(version_parse(releases[at], &v));
		OK(facts_when(f, &v) == 2 * (int)at);
		for (size_t i = 0; i < n; i++)
			if (fact_holds(&rows[i], 2 * (int)at))
				score_row(&rows[i], at, &sum);
	}
	printf("# %u rows: %u by themselves, board sure %u, wrong %u\n",
	    sum.rows, sum.one, sum.board, sum.wrong);
	OK(sum.rows == 3525);
	OK(sum.wrong == 0 && sum.inside == sum.rows);
	OK(sum.board * 1000 >= sum.rows * 985);
	OK(sum.one * 100 >= sum.rows * 85);
	while (n_releases > 0)
		free(releases[--n_releases]);
}

static const struct {
	const char	*port, *board_id, *variant, *today;
} renamed[] = {
	{ "rp2", "PICO", NULL, "RPI_PICO" },
	{ NULL, "PICO_W", NULL, "RPI_PICO_W" },
	{ "esp32", "GENERIC", NULL, "ESP32_GENERIC" },
	{ "esp8266", "GENERIC", NULL, "ESP8266_GENERIC" },
	{ NULL, "GENERIC", NULL, "GENERIC" },		/* of which port? */
	{ NULL, "GENERIC", "ota", "ESP8266_GENERIC-OTA" },
	{ "esp32", "GENERIC_S3_SPIRAM_OCT", NULL,
	    "ESP32_GENERIC_S3-SPIRAM_OCT" },
	{ "esp32", "GENERIC", "idf3", "ESP32_GENERIC" },
	{ "esp32", "UM_TINYPICO", "idf3", "UM_TINYPICO" },
	{ "esp8266", "GENERIC_512K", NULL, "ESP8266_GENERIC-FLASH_512K" },
	{ "nrf", "nrf52840-mdk-usb-dongle", NULL, "NRF52840_MDK_USB_DONGLE" },
	{ "rp2", "PIMORONI_PICOLIPO_16MB", NULL,
	    "PIMORONI_PICOLIPO-FLASH_16M" },
	{ "rp2", "WEACTSTUDIO", "flash_2mb", "WEACTSTUDIO-FLASH_2M" },
	{ "stm32", "PYBV11", "dp-thread", "PYBV11-DP_THREAD" },
	{ "stm32", "PYBV11", "DP", "PYBV11-DP" },
	{ "rp2", "PICO", "MINE", "RPI_PICO-MINE" },
	{ "rp2", "RPI_PICO", NULL, "RPI_PICO" },
	{ "rp2", "NO_SUCH", "V", "NO_SUCH-V" },
};

/* The ids that went without a successor. */
static const char *const gone[] = {
	"ADAFRUIT_METRO_M4_EXPRESS-wlan", "ESP8266_GENERIC-OTA",
};

static void
check_renames(void)
{
	char text[BOARD_NAME_TEXT];
	struct board_name name, now, names[FACTS_NAMES];
	size_t n, k;
	const struct fact *rows = facts_rows(f, &n);

	for (size_t i = 0; i < N(renamed); i++) {
		name = (struct board_name){ renamed[i].port,
		    renamed[i].board_id, renamed[i].variant };
		now = facts_today(f, &name, NULL);
		board_name_text(&now, text);
		IS_STR(text, renamed[i].today);
	}
	for (size_t i = 0; i < n; i++) {
		bool back = false, lost = false;

		name = (struct board_name){ rows[i].port, rows[i].board_id,
		    rows[i].variant };
		now = facts_today(f, &name, NULL);
		board_name_text(&now, text);
		for (k = 0; k < N(gone); k++)
			lost = lost || strcmp(gone[k], text) == 0;
		if (facts_known(f, &now) == lost)
			printf("# %s: %s\n", rows[i].board_id, text);
		OK(facts_known(f, &now) != lost);
		/* And back from today's to this one. */
		for (k = facts_names(f, &now, names, N(names)); k > 0; k--)
			back = back || board_name_equal(&names[k - 1], &name);
		OK(back);
	}
}

static void
finds(const char *port, const char *text, size_t want, const char *first)
{
	struct board_name out[8];
	char id[BOARD_NAME_TEXT] = "";
	const size_t n = facts_find(f, port, text, out, N(out));

	OK(n == want);
	if (n > 0)
		board_name_text(&out[0], id);
	IS_STR(id, first);
	if (n != want)
		printf("# %s: %zu\n", text, n);
}

static void
check_find(void)
{
	finds(NULL, "RPI_PICO_W", 1, "RPI_PICO_W");
	finds(NULL, "rpi_pico_w", 1, "RPI_PICO_W");
	finds(NULL, "PICO_W", 1, "RPI_PICO_W");
	finds(NULL, "GENERIC", 2, "ESP32_GENERIC");
	finds("esp8266", "GENERIC", 1, "ESP8266_GENERIC");
	finds(NULL, "ESP32_GENERIC-SPIRAM", 1, "ESP32_GENERIC-SPIRAM");
	finds(NULL, "esp32_generic-spiram", 1, "ESP32_GENERIC-SPIRAM");
	finds(NULL, "GENERIC_SPIRAM", 1, "ESP32_GENERIC-SPIRAM");
	finds(NULL, "PYBV11", 1, "PYBV11");
	finds(NULL, "nrf52840-mdk-usb-dongle", 1, "NRF52840_MDK_USB_DONGLE");
	finds(NULL, "Raspberry Pi Pico W with RP2040", 1, "RPI_PICO_W");
	finds(NULL, "Olimex ESP32 ETH with ESP32", 2, "OLIMEX_ESP32_EVB");
	finds("rp2", "ESP32_GENERIC", 0, "");
	finds(NULL, "NO_SUCH", 0, "");
	finds(NULL, "", 0, "");
}

/* Two ports with one machine string: then the port counts. */
static void
check_port(void)
{
	static const char boards[] =
	    "#versions\tv1.27.0\tv1.28.0\n#tip\tv1.28.0\n"
	    "port\tboard\tvariant\tfirst\tlast\tname\thw_mcu\tmachine\tmcu\t"
	    "product\tvendor\turl\tvid\tpid\tflash_offset\tjson_id\t"
	    "variant_text\tdiffers\treleased\n"
	    "a\tA\t\tv1.27.0\tv1.28.0\tX\tY\t\t\t\t\t\t\t\t\t\t\t\t1\n"
	    "b\tB\t\tv1.27.0\tv1.28.0\tX\tY\t\t\t\t\t\t\t\t\t\t\t\t1\n";
	struct board b = { .description = "X with Y", .version = "v1.28.0",
	    .build = -1 };
	struct facts *own = NULL;
	struct store *s = NULL;
	struct err e = ERR_INIT;
	struct identity id;

	tmp_enter();
	OK(file_write("boards.tsv", boards, strlen(boards), 0644, &e) == 0);
	OK(file_write("renames.tsv", "port\n", 5, 0644, &e) == 0);
	setenv("MPF_SHARE", ".", 1);
	OK(store_memory(&s, &e) == 0 && facts_open(s, &own, &e) == 0);
	identify(own, &b, &id);
	OK(id.kind == IDENTITY_BOARDS && id.n == 2);
	b.port = "b";
	identify(own, &b, &id);
	OK(id.kind == IDENTITY_ONE);
	first_is(&id, "B");
	b.port = "c";
	identify(own, &b, &id);
	OK(id.kind == IDENTITY_BOARDS && id.n == 2);
	facts_close(own);
	store_close(s);
	tmp_leave();
}

int
main(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	setenv("MPF_SHARE", "share", 1);
	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0);
	check_known();
	check_all(s);
	check_renames();
	check_find();
	facts_close(f);
	facts_close(NULL);
	store_close(s);
	check_port();
	return tap_done();
}
