/* SPDX-License-Identifier: MIT */
/* PICOBOOT, command by command, against what the ROM does. */
#include "../tests/unit/picoboot_bench.h"
#include "../tests/unit/tap.h"
#include "picoboot/info.h"

#define MEGABYTE	(1u << 20)

static struct err e;
static struct usb *usb;

static struct picoboot *
begin(bool rp2350, uint32_t flash_size)
{
	struct picoboot *p = NULL;

	clock_fake(1000000);
	pico_begin(rp2350, flash_size);
	OK(pico_open("1-1.2", 0, &usb, &e) == 0);
	OK(picoboot_open(usb, clock_ms() + 600000, &p, &e) == 0);
	return p;
}

/* It lets go of all that it took. */
static void
end(struct picoboot *p)
{
	picoboot_close(p);
	OK(pico.claimed == 0);
	usb_close(usb);
	OK(pico.opened == pico.closed);
}

static void
test_open(void)
{
	struct picoboot *p = begin(false, 2 * MEGABYTE);

	OK(picoboot_chip(p) == PICOBOOT_RP2040);
	OK(pico.rom.exclusive == 1 && pico.claimed == 1);
	end(p);
	OK(pico.rom.exclusive == 0);
	p = begin(true, 4 * MEGABYTE);
	OK(picoboot_chip(p) == PICOBOOT_RP2350);
	end(p);
}

/* What cannot be opened is closed again. */
static void
test_not_opened(void)
{
	struct picoboot *p = NULL;

	pico_begin(false, MEGABYTE);
	pico.no_interface = true;
	OK(pico_open("1-1.2", 0, &usb, &e) == 0);
	OK(picoboot_open(usb, clock_ms() + 60000, &p, &e) == -1 && p == NULL);
	OK(e.code == ERR_UNSUPPORTED);
	IS_STR(e.msg, "1-1.2: its boot loader has no PICOBOOT interface");
	/* The settings that the device would not show. */
	free(pico.usb.info.settings[1].endpoints);
	end(NULL);
	for (unsigned i = 1; i <= 7; i++) {
		pico_begin(false, MEGABYTE);
		pico.mute_at = i;
		OK(pico_open("1-1.2", 0, &usb, &e) == 0);
		if (picoboot_open(usb, clock_ms() + 60000, &p, &e) == 0)
			break;
		OK(e.code == ERR_TIMEOUT && p == NULL);
		end(NULL);
	}
	OK(p != NULL);			/* after five transfers it is open */
	end(p);
}

/* An RP2350 A2 does nothing, and says nothing, that is not out of XIP. */
static void
test_flash(void)
{
	static uint8_t bytes[3 * PICOROM_SECTOR], back[sizeof(bytes)];

	for (int chip = 0; chip < 2; chip++) {
		struct picoboot *p = begin(chip == 1, MEGABYTE);

		memset(pico.rom.flash, 0x11, MEGABYTE);
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)(i * 7 + i / 256);
		OK(picoboot_erase(p, PICOBOOT_FLASH + 4096, sizeof(bytes),
		    &e) == 0);
		OK(pico.rom.erased == 3);
		pico.rom.xip = true;
		OK(picoboot_write(p, PICOBOOT_FLASH + 4096, bytes,
		    sizeof(bytes), &e) == 0);
		OK(memcmp(pico.rom.flash + 4096, bytes, sizeof(bytes)) == 0);
		OK(pico.rom.flash[4095] == 0x11 &&
		    pico.rom.flash[4 * 4096] == 0x11);
		pico.rom.xip = true;
		OK(picoboot_read(p, PICOBOOT_FLASH + 4096, back,
		    sizeof(back), &e) == 0);
		OK(memcmp(back, bytes, sizeof(bytes)) == 0);
		end(p);
	}
}

static void
test_size(void)
{
	struct picoboot *p;
	uint32_t n;

	for (uint32_t size = 64 << 10; size <= 16 * MEGABYTE; size *= 2) {
		p = begin(size > MEGABYTE, size);
		OK(picoboot_flash_size(p, &n, &e) == 0 && n == 0);
		memcpy(pico.rom.flash, "firmware", 8);
		OK(picoboot_flash_size(p, &n, &e) == 0 && n == size);
		end(p);
	}
	p = begin(false, MEGABYTE);
	pico.pull_at = pico.moved + 100;
	OK(picoboot_flash_size(p, &n, &e) == -1 && e.code == ERR_NOT_FOUND);
	end(p);
}

/* What the ROM refuses is told in words, and the next command works. */
static void
test_refused(void)
{
	struct picoboot *p = begin(true, MEGABYTE);
	uint8_t page[256] = { 1, 2, 3 };

	OK(picoboot_erase(p, PICOBOOT_FLASH + 1, 4096, &e) == -1);
	IS_STR(e.msg, "erase: bad alignment (code 5)");
	OK(!pico.halted[0] && !pico.halted[1]);
	OK(picoboot_erase(p, 0x30000000, 4096, &e) == -1);
	OK(e.code == ERR_MISMATCH);
	IS_STR(e.msg, "erase: no such address (code 4)");
	pico.rom.not_permitted = true;
	OK(picoboot_write(p, PICOBOOT_FLASH, page, 256, &e) == -1);
	OK(e.code == ERR_UNSUPPORTED);
	IS_STR(e.msg, "write: not permitted: its one-time memory or its "
	    "partition table forbids that (code 10)");
	pico.rom.not_permitted = false;
	OK(picoboot_write(p, PICOBOOT_FLASH, page, 256, &e) == 0);
	OK(memcmp(pico.rom.flash, page, 256) == 0);
	OK(pico.rom.exclusive == 1);	/* it was taken again */
	end(p);
}

/* The same command again does, whatever befell the first. */
static void
test_again(void)
{
	static const enum err_code codes[] = { ERR_PROTOCOL, ERR_TIMEOUT };
	uint8_t page[256] = { 4, 5, 6 }, back[256];

	for (int kind = 0; kind < 2; kind++)
		for (unsigned at = 1; at <= 5; at++) {
			struct picoboot *p = begin(true, MEGABYTE);

			*(kind == 0 ? &pico.stall_at : &pico.mute_at) = at;
			e.code = ERR_NONE;
			OK(picoboot_write(p, PICOBOOT_FLASH, page, 256,
			    &e) == -1);
			OK(e.code == codes[kind]);
			pico.slow_ms = 0;
			OK(picoboot_write(p, PICOBOOT_FLASH, page, 256,
			    &e) == 0);
			OK(picoboot_read(p, PICOBOOT_FLASH, back, 256,
			    &e) == 0 && memcmp(page, back, 256) == 0);
			end(p);
		}
}

/* No call waits beyond the deadline, nor without end. */
static void
test_deadline(void)
{
	struct picoboot *p = NULL;
	int64_t began;

	clock_fake(1000000);
	pico_begin(false, MEGABYTE);
	OK(pico_open("1-1.2", 0, &usb, &e) == 0);
	OK(picoboot_open(usb, clock_ms() + 4000, &p, &e) == 0);
	began = clock_ms();
	pico.slow_ms = 1000000;
	OK(picoboot_erase(p, PICOBOOT_FLASH, 4096, &e) == -1 &&
	    e.code == ERR_TIMEOUT);
	OK(clock_ms() - began == 3000);
	end(p);
	OK(clock_ms() - began <= 4000);
	p = begin(false, MEGABYTE);	/* slow is not dead */
	pico.slow_ms = 2000;
	OK(picoboot_erase(p, PICOBOOT_FLASH, 65536, &e) == 0);
	pico.slow_ms = 0;
	end(p);
}

static void
test_pulled(void)
{
	static uint8_t bytes[PICOROM_SECTOR];
	struct picoboot *p;

	for (size_t at = 1; at < 4400; at += at < 200 ? 1 : 97) {
		int r;

		p = begin(true, MEGABYTE);
		pico.pull_at = pico.moved + at;
		r = picoboot_write(p, PICOBOOT_FLASH, bytes, sizeof(bytes),
		    &e);
		if (r == 0)
			OK(at > sizeof(bytes));
		else
			OK(e.code == ERR_NOT_FOUND);
		end(p);
	}
}

static void
test_info(void)
{
	struct picoboot *p = begin(true, 4 * MEGABYTE);
	struct picoboot_system system;
	struct picoboot_target t;

	OK(picoboot_system(p, &system, &e) == 0);
	IS_STR(system.uid, "e6614c311b5a6b2c");
	OK(system.secure_boot == 0);
	pico.rom.secure_boot = true;
	OK(picoboot_system(p, &system, &e) == 0 && system.secure_boot == 1);
	OK(picoboot_target(p, 0xe48bff59, &t, &e) == 0);
	OK(t.place == PICOBOOT_ABSOLUTE && t.offset == 0);
	pico.rom.partition = 1;
	pico.rom.first = 2;
	pico.rom.last = 255;
	OK(picoboot_target(p, 0xe48bff59, &t, &e) == 0);
	OK(t.place == PICOBOOT_PARTITION && t.partition == 1 && t.writable);
	OK(t.offset == 2 * 4096 && t.size == 254 * 4096);
	pico.rom.partition_locked = true;
	OK(picoboot_target(p, 0xe48bff59, &t, &e) == 0 && !t.writable);
	pico.rom.nowhere = true;
	OK(picoboot_target(p, 0xe48bff59, &t, &e) == 0);
	OK(t.place == PICOBOOT_NOWHERE);
	end(p);
	p = begin(false, MEGABYTE);
	OK(picoboot_system(p, &system, &e) == -1);
	IS_STR(e.msg, "information: no such command (code 1)");
	OK(e.code == ERR_UNSUPPORTED);
	end(p);
}

/* Answers that no ROM gives. */
static void
test_bad_info(void)
{
	static const uint8_t swapped[] = { 3, 0, 0, 0, 1, 0, 0, 0,
		/* sectors 9 to 2 */ 9, 0x40, 0, 0x80, 0, 0, 0, 0 };
	static const uint8_t part[] = { 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0,
		2, 0, 0, 0 };
	struct picoboot_system system;
	struct picoboot_target t;

	for (size_t n = 0; n < 4; n++)
		OK(info_system(swapped, n, &system, &e) == -1 &&
		    e.code == ERR_PROTOCOL);
	OK(info_target(swapped, sizeof(swapped), &t, &e) == -1);
	IS_STR(e.msg, "partition 1: sectors 9 to 2");
	OK(info_target(swapped, 12, &t, &e) == -1);
	IS_STR(e.msg, "information of 3 words in 12 bytes");
	/* Half an id is no id. */
	OK(info_system(part, sizeof(part), &system, &e) == -1);
	IS_STR(e.msg, "information of 3 words, which leave something out");
}

static void
test_reboot(void)
{
	struct picoboot *p = begin(false, MEGABYTE);

	OK(picoboot_reboot(p, 0, &e) == 0 && pico.rom.rebooting);
	end(p);
	OK(pico.rom.exclusive == 1);	/* it is left as it is */
	p = begin(true, MEGABYTE);
	OK(picoboot_reboot(p, 0, &e) == 0 && pico.rom.rebooting);
	OK(pico.rom.reboot_type == 0);
	end(p);
	p = begin(true, MEGABYTE);
	OK(picoboot_reboot(p, 0x2000, &e) == 0 && pico.rom.reboot_type == 4);
	OK(pico.rom.reboot_p0 == 0x10002000);
	OK(picoboot_erase(p, PICOBOOT_FLASH, 4096, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "exit XIP: it is restarting (code 7)");
	end(p);
}

int
main(void)
{
	test_open();
	test_not_opened();
	test_flash();
	test_size();
	test_refused();
	test_again();
	test_deadline();
	test_pulled();
	test_info();
	test_bad_info();
	test_reboot();
	pico_end();
	return tap_done();
}
