/* SPDX-License-Identifier: MIT */
#include "chips/chips.h"

#include "chips/usb.h"
#include "tap.h"

static void
is_text(const char *got, const char *want)
{
	IS_STR(got == NULL ? "(none)" : got, want == NULL ? "(none)" : want);
}

static void
test_chips(void)
{
	is_text(chip_by_mcu("RP2350-RISCV"), "rp2350");
	is_text(chip_by_mcu("rp2040"), "rp2040");
	is_text(chip_by_mcu("SAME51J19A"), "samd51");
	is_text(chip_by_mcu("NRF52840"), "nrf52840");
	is_text(chip_by_mcu("NRF52832"), "nrf52");
	/* The longest beginning counts. */
	is_text(chip_by_mcu("ESP32C61"), "esp32c61");
	is_text(chip_by_mcu("ESP32-C6"), "esp32c6");
	is_text(chip_by_mcu("ESP32H21"), "esp32h21");
	is_text(chip_by_mcu("ESP32-PICO"), "esp32");
	is_text(chip_by_mcu("ESP8266"), "esp8266");
	is_text(chip_by_mcu("Z80"), NULL);
	is_text(chip_by_mcu(""), NULL);

	is_text(chip_by_esp_id(0), "esp32");
	is_text(chip_by_esp_id(5), "esp32c3");
	is_text(chip_by_esp_id(1), NULL);
	is_text(chip_by_esp_id(-1), NULL);
}

static void
test_ports(void)
{
	OK(port_can_have("esp32", "esp32c3") && port_can_have("rp2", "rp2350"));
	OK(!port_can_have("esp32", "esp8266") &&
	    !port_can_have("samd", "rp2040"));
	OK(port_can_have("zephyr", "rp2040") && port_can_have("rp2", "z80"));
	OK(port_can_have(NULL, "rp2040"));
	OK(port_has_mode("rp2", "uf2") && port_has_mode("rp2", "picoboot"));
	OK(port_has_mode("stm32", "dfu") && !port_has_mode("stm32", "uf2"));
	OK(port_has_mode("esp8266", "esp_rom"));
	OK(!port_has_mode("unheard-of", "uf2") && !port_has_mode(NULL, "uf2"));
	is_text(port_buttons("samd"), "press reset twice, fast");
	is_text(port_buttons(NULL), port_buttons("unheard-of"));
	OK(strcmp(port_buttons("rp2"), port_buttons("samd")) != 0);
}

static void
test_usb(void)
{
	const struct usb_bootloader *b = usb_bootloader("2e8a", "000f");

	OK(b != NULL);
	is_text(b->chip, "rp2350");
	is_text(b->mode, "uf2");
	OK(usb_bootloader("2e8a", "0005") == NULL);
	/* Adafruit's, which runs from 8000 on. */
	b = usb_bootloader("239a", "0022");
	OK(b != NULL && b->port == NULL);
	is_text(b->mode, "uf2");
	OK(usb_bootloader("239a", "7fff") != NULL);
	OK(usb_bootloader("239a", "8022") == NULL);
	/* Of Espressif's the ids tell the port, and not the mode. */
	b = usb_bootloader("303a", "0002");
	is_text(b->chip, "esp32s2");
	b = usb_bootloader("303a", "f001");
	OK(b != NULL && b->mode == NULL && b->chip == NULL);
	is_text(b->port, "esp32");
	OK(usb_bootloader(NULL, "0003") == NULL);
	OK(usb_bootloader("2e8a", NULL) == NULL);

	is_text(usb_bridge("1a86", "7523"), "CH340");
	is_text(usb_bridge_module("10c4", "ea60"), "cp210x");
	is_text(usb_bridge("2e8a", "0005"), NULL);
	is_text(usb_bridge(NULL, NULL), NULL);
	is_text(usb_bridge_module("1a86", NULL), NULL);
}

int
main(void)
{
	test_chips();
	test_ports();
	test_usb();
	return tap_done();
}
