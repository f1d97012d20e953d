/* SPDX-License-Identifier: MIT */
#include "sim/tree.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "bus/bus.h"
#include "sim/drive.h"
#include "sim/event.h"
#include "sim/identity.h"

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"

/* Below the test's own folder, so that it can be removed whole. */
static char *root;

static const struct tree_device acm = { .what = TREE_TTY,
    .usb_path = "1-1.2", .vid = "2e8a", .pid = "0005",
    .manufacturer = "MicroPython", .product = "Board in FS mode",
    .serial = "e661", .tty = "/dev/null" };
static const struct tree_device drive = { .what = TREE_DRIVE,
    .usb_path = "1-1.2", .vid = "2e8a", .pid = "0003",
    .product = "RP2 Boot", .serial = "E0C9125B0D9B", .label = "RPI-RP2",
    .info = "UF2 Bootloader v3.0\r\n", .partition = true };

static bool
there(const char *name)
{
	char *path = mem_printf("%s%s", root, name);
	struct stat st;
	const bool yes = lstat(path, &st) == 0;

	free(path);
	return yes;
}

/* What lib/bus makes of it is what counts. */
static void
test_tty(void)
{
	struct bus *b = bus_new(root);
	struct tree_plug p, q, r;
	struct tree_device d = acm;
	struct bus_place *list;
	struct err e = ERR_INIT;
	size_t n;

	OK(tree_plug_in(root, &d, &p, &e) == 0);
	IS_STR(p.dev, "/dev/ttyACM0");
	OK(tree_plug_in(root, &d, &q, &e) == -1 && e.code == ERR_BUSY);
	IS_STR(e.msg, "1-1.2: something is plugged in there");
	d.usb_path = "2-3";
	d.bridge = true;
	OK(tree_plug_in(root, &d, &q, &e) == 0);
	d.usb_path = "1-1.10";
	d.bridge = false;
	OK(tree_plug_in(root, &d, &r, &e) == 0);

	OK(bus_places(b, &list, &n, &e) == 0 && n == 3);
	IS_STR(list[0].tty, "/dev/ttyACM0");
	IS_STR(list[0].usb.path, "1-1.2");
	IS_STR(list[0].usb.vid, "2e8a");
	IS_STR(list[0].usb.serial, "e661");
	IS_STR(list[0].usb.manufacturer, "MicroPython");
	OK(list[0].ttys[0].interface == 0 && list[0].n_ttys == 1);
	IS_STR(list[1].tty, "/dev/ttyACM1");
	IS_STR(list[1].usb.path, "1-1.10");
	IS_STR(list[2].tty, "/dev/ttyUSB0");
	IS_STR(list[2].usb.path, "2-3");
	bus_places_free(list, n);

	tree_pull_out(&p);
	OK(bus_places(b, &list, &n, &e) == 0 && n == 2);
	bus_places_free(list, n);
	OK(!there("/dev/ttyACM0") && there("/dev/ttyACM1"));
	tree_pull_out(&p);		/* not plugged in is fine */

	d.not_name = "ttyACM0";
	OK(tree_plug_in(root, &acm, &p, &e) == 0);
	tree_pull_out(&p);
	d.usb_path = "1-1.2";
	OK(tree_plug_in(root, &d, &p, &e) == 0);
	IS_STR(p.dev, "/dev/ttyACM2");
	tree_pull_out(&p);
	d.name = "ttyACM1";
	OK(tree_plug_in(root, &d, &p, &e) == -1 && e.code == ERR_BUSY);
	OK(!there("/sys/bus/usb/devices/1-1.2"));
	tree_pull_out(&q);
	tree_pull_out(&r);
	OK(!there("/sys/devices/pci0000:00"));
	bus_free(b);
}

static void
test_drive(void)
{
	struct bus *b = bus_new(root);
	struct tree_plug p, q;
	struct tree_device d = drive;
	struct bus_place place;
	struct err e = ERR_INIT;
	char *usb, *volume;

	OK(tree_plug_in(root, &drive, &p, &e) == 0);
	d.usb_path = "1-1.3";
	d.partition = false;
	OK(tree_plug_in(root, &d, &q, &e) == 0);
	OK(bus_look(b, "1-1.2", -1, &place, &e) == 0);
	OK(place.present && place.mass_storage && place.tty == NULL);
	IS_STR(place.disk, "/dev/sda1");
	IS_STR(place.volume, "/media/RPI-RP2");
	IS_STR(place.usb.pid, "0003");
	bus_place_release(&place);
	OK(bus_look(b, "1-1.3", -1, &place, &e) == 0);
	IS_STR(place.disk, "/dev/sdb");
	IS_STR(place.volume, "/media/RPI-RP21");
	bus_place_release(&place);
	usb = bus_usb_of_volume(b, "/media/RPI-RP21");
	IS_STR(usb, "1-1.3");
	free(usb);
	OK(there("/media/RPI-RP2/INFO_UF2.TXT"));
	volume = tree_volume(&p);
	OK(strncmp(volume, root, strlen(root)) == 0);
	free(volume);

	tree_pull_out(&p);
	OK(bus_look(b, "1-1.2", -1, &place, &e) == 0 && !place.present);
	bus_place_release(&place);
	OK(!there("/media/RPI-RP2") && there("/media/RPI-RP21"));
	OK(bus_look(b, "1-1.3", -1, &place, &e) == 0);
	IS_STR(place.volume, "/media/RPI-RP21");
	bus_place_release(&place);
	tree_pull_out(&q);

	d.unmounted = true;
	OK(tree_plug_in(root, &d, &q, &e) == 0 && q.volume == NULL);
	OK(bus_look(b, "1-1.3", -1, &place, &e) == 0);
	OK(place.mass_storage && place.volume == NULL);
	bus_place_release(&place);
	tree_pull_out(&q);
	bus_free(b);
}

static void
test_places(void)
{
	static const char *const bad[] = { "", "1", "1-", "-1", "1-1.",
	    "1.1", "1-1-1", "a-1", "1-1/../x", "1-.1" };
	struct tree_device d = acm;
	struct tree_plug p;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		d.usb_path = bad[i];
		OK(tree_plug_in(root, &d, &p, &e) == -1 &&
		    e.code == ERR_USAGE);
	}
	d.usb_path = "1-1";
	OK(tree_plug_in("/dev/null/x", &d, &p, &e) == -1);
}

/* --- what the drive takes --- */

static void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Block i of n, 256 bytes of text; family 0: it names none. */
static void
block(uint8_t raw[512], uint32_t i, uint32_t n, uint32_t family,
    const char *text)
{
	const uint32_t head[] = { 0x0a324655, 0x9e5d5157,
	    family != 0 ? 0x2000 : 0, 0x10000000 + 256 * i, 256, i, n,
	    family };

	memset(raw, 0, 512);
	for (size_t k = 0; k < sizeof(head) / sizeof(head[0]); k++)
		put32(raw + 4 * k, head[k]);
	snprintf((char *)raw + 32, 256, "%s", text);
	put32(raw + 508, 0x0ab16f30);
}

static void
put(const char *dir, const char *name, const uint8_t *p, size_t at, size_t n)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *f = fopen(path, at == 0 ? "w" : "r+");

	fseek(f, (long)at, SEEK_SET);
	fwrite(p, 1, n, f);
	fclose(f);
	free(path);
}

static void
test_blocks(void)
{
	const struct sim_chip *rp2040 = sim_chip(sim_kind("rp2"), "rp2040");
	char *dir = mem_printf("%s/drive", root);
	char *kept = mem_printf("%s/kept", root);
	struct image_strings is;
	struct buf got = BUF_INIT;
	struct sim_drive d;
	struct err e = ERR_INIT;
	uint8_t raw[3 * 512];

	OK(file_mkdirs(dir, 0777, &e) == 0);
	sim_drive_open(&d, dir, rp2040, kept);
	put(dir, "INFO_UF2.TXT", raw, 0, 512);
	block(raw, 0, 3, 0xe48bff59, "another family");
	block(raw + 512, 0, 3, 0, "no family");
	put(dir, "foreign.uf2", raw, 0, 1024);
	sim_drive_look(&d, 0);
	OK(d.have == 0 && d.ignored == 2 && !sim_drive_complete(&d));

	/* Last block first, as a file with a hole in it. */
	block(raw, 0, 3, 0xe48bff56, "MicroPython v1.22.2 on 2024-02-22");
	block(raw + 512, 1, 3, 0xe48bff56, "");
	block(raw + 1024, 2, 3, 0xe48bff56,
	    "Raspberry Pi Pico W with RP2040");
	put(dir, "fw.uf2", raw, 0, 100);
	sim_drive_look(&d, 0);
	put(dir, "fw.uf2", raw + 1024, 1024, 512);
	sim_drive_look(&d, 0);
	OK(d.have == 1 && d.count == 3);
	put(dir, "fw.uf2", raw, 0, 1536);
	sim_drive_look(&d, 2);
	OK(d.have == 2);
	sim_drive_look(&d, 0);
	sim_drive_look(&d, 0);
	OK(sim_drive_complete(&d) && d.have == 3);
	OK(sim_drive_keep(&d, &e) == 0);
	OK(file_read(kept, &got, &e) == 0 && got.len == 1536);
	OK(sim_drive_strings(&d, &is));
	IS_STR(is.tag, "v1.22.2");

	/* Another size: another file. */
	block(raw, 1, 2, 0xe48bff56, "");
	put(dir, "two.uf2", raw, 0, 512);
	sim_drive_look(&d, 0);
	OK(d.count == 2 && d.have == 1 && !sim_drive_complete(&d));
	sim_drive_close(&d);
	sim_drive_close(&d);
	buf_release(&got);
	free(dir);
	free(kept);
}

/* SAMD bootloaders take blocks that name no family. */
static void
test_no_family(void)
{
	char *dir = mem_printf("%s/samd", root);
	struct image_strings is;
	struct sim_drive d;
	struct err e = ERR_INIT;
	uint8_t raw[512];

	OK(file_mkdirs(dir, 0777, &e) == 0);
	sim_drive_open(&d, dir, sim_chip(sim_kind("samd"), "samd51"), NULL);
	block(raw, 0, 1, 0, "");
	put(dir, "x", raw, 0, 512);
	sim_drive_look(&d, 0);
	OK(sim_drive_complete(&d) && sim_drive_keep(&d, &e) == 0);
	OK(!sim_drive_strings(&d, &is));
	sim_drive_close(&d);
	OK(sim_chip(sim_kind("esp32"), "esp32") == NULL);
	OK(sim_kind("nonsense") == NULL);
	free(dir);
}

static void
test_identity(void)
{
	const char *share = getenv("MPF_SHARE");
	char *tsv = mem_printf("%s/boards.tsv",
	    share != NULL ? share : "share");
	struct sim_identity id = { .uid_len = 1 };
	struct err e = ERR_INIT;

	OK(sim_identity_board(tsv, "RPI_PICO_W", "", "1.24.1", &id, &e) == 0);
	IS_STR(id.machine, "Raspberry Pi Pico W with RP2040");
	IS_STR(id.tag, "v1.24.1");
	IS_STR(id.mcu, "rp2040");
	OK(id.version[0] == 1 && id.version[1] == 24 && id.version[2] == 1);
	OK(!id.preview && id.uid_len == 1);
	OK(sim_identity_board(tsv, "PYBV11", "DP", "v1.24.1", &id, &e) == 0);
	IS_STR(id.platform, "pyboard");
	IS_STR(id.variant, "DP");
	OK(sim_identity_board(tsv, "RPI_PICO2_W", "", "1.24.1", &id,
	    &e) == -1 && e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "RPI_PICO2_W: not a board of v1.24.1");
	OK(sim_identity_board(tsv, "RPI_PICO2_W", "",
	    "1.29.0-preview.731.g1c3c201149", &id, &e) == 0 && id.preview);
	OK(sim_identity_board(tsv, "RPI_PICO2_W", "", "9.9.9", &id,
	    &e) == 0);
	OK(sim_identity_board(tsv, "RPI_PICO", "", "newest", &id, &e) == -1);
	OK(e.code == ERR_USAGE);
	OK(sim_identity_board("/dev/null", "X", "", "1.1", &id, &e) == -1);
	OK(sim_identity_board("/nonexistent", "X", "", "1", &id, &e) == -1);

	/* PYBV11 and its variant DP say the same: it stays what it was. */
	sim_identity_board(tsv, "PYBV11", "DP", "1.24.1", &id, &e);
	OK(sim_identity_machine(tsv, "PYBv1.1 with STM32F405RG", "v1.23.0",
	    "2024-05-31", &id, &e) == 0);
	IS_STR(id.variant, "DP");
	IS_STR(id.tag, "v1.23.0");
	OK(sim_identity_machine(tsv, "Generic ESP32 module with ESP32",
	    "v1.23.0", "2024-05-31", &id, &e) == 0);
	IS_STR(id.board_id, "ESP32_GENERIC");
	OK(sim_identity_machine(tsv, "Home made with RP2040", "v1.23.0",
	    "2024-05-31", &id, &e) == 0);
	IS_STR(id.board_id, "");
	IS_STR(id.machine, "Home made with RP2040");
	OK(sim_identity_machine("/nonexistent", "x", "v1", "", &id, &e) == -1);
	free(tsv);
}

static void
test_event(void)
{
	struct buf b = BUF_INIT;

	sim_event_begin(&b, "plugged");
	sim_event_str(&b, "a", "say \"\\\n\xff");
	sim_event_str(&b, "none", NULL);
	sim_event_str(&b, "none", "");
	sim_event_int(&b, "n", 17);
	sim_event_end(&b);
	IS_STR(b.data, "{\"event\":\"plugged\",\"a\":\"say \\\"\\\\\\u000a"
	    "\xef\xbf\xbd\",\"n\":17}\n");
	buf_release(&b);
}

int
main(void)
{
	tmp_enter();
	root = mem_printf("%s/root", tmp_path);
	OK(mkdir(root, 0755) == 0);
	test_tty();
	test_drive();
	test_places();
	test_blocks();
	test_no_family();
	test_identity();
	test_event();
	tree_remove(root);
	OK(access(root, F_OK) == -1);
	free(root);
	tmp_leave();
	return tap_done();
}
