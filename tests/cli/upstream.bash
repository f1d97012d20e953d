# SPDX-License-Identifier: MIT
# A repository shaped like MicroPython's, with boards that nobody makes.

# Nobody's settings, and the same commits each time.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org
export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z'
export GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'

# put FILE <text: in the repository that is the current folder.
put() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
}

# header NAME MCU: what most boards have.
header() {
	printf '#define MICROPY_HW_BOARD_NAME "%s"\n' "$1"
	printf '#define MICROPY_HW_MCU_NAME   "%s"\n' "$2"
}

# json PRODUCT MCU [JQ]: a board.json.
json() {
	jq -n "{product: \"$1\", mcu: \"$2\", vendor: \"Nobody\",
	    url: \"https://example.org/\", docs: \"\"} | ${3:-.}"
}

# save [TAG]
save() {
	git add -A
	git commit -qm "${1:-work}" --allow-empty
	[ -z "${1:-}" ] || git tag "$1"
}

# v1.20.0: variants inside mpconfigboard.*, in lower case; ids in board.json.
first_release() {
	local b=ports/stm32/boards
	put $b/ALPHA/mpconfigboard.h <<-'END'
		/* A comment with "#define MICROPY_HW_BOARD_NAME" in it. */
		#ifndef MICROPY_HW_BOARD_NAME
		#define MICROPY_HW_BOARD_NAME \
		    "Alpha"
		#endif
		#include <stdint.h>
		#include "stm32f4xx.h" // of the chip's maker
		#define ALPHA_REV (2)
		#if ALPHA_REV == 1 || defined(NEVER)
		#define MICROPY_HW_MCU_NAME "WRONG1"
		#elif (ALPHA_REV << 1) >= 4 && !defined NEVER
		#  define MICROPY_HW_MCU_NAME "STM" "32F4"
		#elif 1
		#define MICROPY_HW_MCU_NAME "WRONG2"
		#else
		#define MICROPY_HW_MCU_NAME "WRONG3"
		#endif
		#define MICROPY_HW_USB_VID (0x2E8A)
		#define MICROPY_HW_USB_PID (VID_OF(1))
	END
	put $b/ALPHA/mpconfigboard.mk <<-'END'
		MCU_SERIES = f4
		BOARD_VARIANTS += "dp wide"	# for the server
		ifeq ($(BOARD_VARIANT),dp)
		MICROPY_FLOAT_IMPL = double
		endif
		ifeq ($(BOARD_VARIANT),wide)
		WIDE = wide
		CFLAGS += -DMICROPY_HW_BOARD_NAME='"Alpha $(WIDE)"' \
		          -DOTHER=1
		else ifdef NOTHING
		CFLAGS += -DMICROPY_HW_BOARD_NAME='"wrong"'
		endif
	END
	json 'Alpha board' stm32f4 '.id = "alpha-old" | .variants =
	    {dp: "Double precision", wide: "Wide"}' >$b/ALPHA/board.json
	put $b/BETA/mpconfigboard.h <<-'END'
		#include "boards/ALPHA/mpconfigboard.h"
		#undef MICROPY_HW_BOARD_NAME
		#undef MICROPY_HW_USB_VID
		#define BETA_NAME "Beta " SIZE
		#define SIZE "2"
		#define MICROPY_HW_BOARD_NAME BETA_NAME
	END
	json Beta stm32f4 >$b/BETA/board.json
	header Gamma GAMMA | put $b/GAMMA/mpconfigboard.h
	put ports/esp32/boards/common.cmake <<-'END'
		list(APPEND MICROPY_DEF_BOARD COMMON=1)
	END
	header 'One' ESP32 | sed -E 's/#define (\w+) .*/#ifndef \1\n&\n#endif/' |
		put ports/esp32/boards/ONE/mpconfigboard.h
	put ports/esp32/boards/ONE/mpconfigboard.cmake <<-'END'
		set(SDKCONFIG_DEFAULTS boards/sdkconfig.base)
		include(boards/common.cmake)
		if("${BOARD_VARIANT}" STREQUAL "ota")
		    list(APPEND MICROPY_DEF_BOARD
		        MICROPY_HW_MCU_NAME="ESP32 OTA" # a comment
		    )
		endif()
	END
	json One esp32 '.variants = {ota: "OTA"}' \
	    >ports/esp32/boards/ONE/board.json
	put ports/rp2/mpconfigport.h <<-'END'
		#include "mpconfigboard.h"
		#define MICROPY_HW_MCU_NAME "RP2040"
		#ifndef MICROPY_HW_USB_VID
		#define MICROPY_HW_USB_VID (0x2E8A) // not the board's
		#endif
	END
	put ports/rp2/boards/PICO/mpconfigboard.h <<-'END'
		#define MICROPY_HW_BOARD_NAME "Pico"
		#define MICROPY_BANNER_MACHINE MICROPY_HW_BOARD_NAME
		#define MICROPY_HW_USB_PID 0x12
	END
	json Pico rp2040 >ports/rp2/boards/PICO/board.json
	put ports/unix/variants/standard/mpconfigvariant.h </dev/null
	put README.md <<<'no ports here'
}

# v1.23.0: the same in upper case, and boards that are not as they should be.
second_release() {
	local b=ports/stm32/boards
	sed -i 's/,dp)/,DP)/; s/,wide)/,WIDE)/' $b/ALPHA/mpconfigboard.mk
	json 'Alpha board' stm32f4 '.variants = {DP: "Double precision",
	    WIDE: "Wide"}' >$b/ALPHA/board.json
	sed -i 's/BOARD_VARIANT}" STREQUAL "ota"/MICROPY_BOARD_VARIANT}" STREQUAL "OTA"/' \
	    ports/esp32/boards/ONE/mpconfigboard.cmake
	json 'One, now' esp32 '.variants = {OTA: "OTA"}' \
	    >ports/esp32/boards/ONE/board.json
	put $b/LOST/mpconfigboard.h <<-'END'
		#include "boards/NOWHERE/mpconfigboard.h"
		#define MICROPY_HW_MCU_NAME "LOST"
	END
	put $b/OPEN/mpconfigboard.h <<-'END'
		#if 1
		#define MICROPY_HW_BOARD_NAME "Open"
	END
	put $b/LOOP/mpconfigboard.h <<<'#include "mpconfigboard.h"'
	header 'Hidden' X | put "$b/BAD NAME;\$(touch pwned)"/mpconfigboard.h
	header "Rob'); DROP TABLE boards;--\\\"q\\\" \$(touch pwned)" '<M>' |
		put $b/EVIL/mpconfigboard.h
	json $'T\\tN\\nE\\u001b[31m' evil \
	    '.variants = {"../../x": "no", "OK": "v\tw"}' >$b/EVIL/board.json
}

# v1.25.0: files for variants, offsets, chips; another port.
third_release() {
	local b=ports/rp2/boards
	git rm -rqf ports/stm32/boards
	put ports/stm32/boards/ALPHA/mpconfigboard.h <<-'END'
		#ifndef MICROPY_HW_BOARD_NAME
		#define MICROPY_HW_BOARD_NAME "Alpha"
		#endif
		#define MICROPY_HW_MCU_NAME "STM32F4"
	END
	put ports/stm32/boards/ALPHA/mpconfigvariant_DP.mk \
	    <<<'MICROPY_FLOAT_IMPL = double'
	json 'Alpha board' stm32f4 '.variants = {DP: "Double precision"} |
	    .old_variants = {WIDE: "Wide"}' >ports/stm32/boards/ALPHA/board.json
	put ports/esp32/boards/ONE/mpconfigboard.cmake <<-'END'
		include(${MICROPY_PORT_DIR}/boards/common.cmake)
	END
	put ports/esp32/boards/ONE/mpconfigvariant_OTA.cmake <<-'END'
		list(APPEND MICROPY_DEF_BOARD MICROPY_HW_MCU_NAME="ESP32 OTA")
	END
	put ports/esp32/boards/ONE/mpconfigvariant_LAB.cmake <<-'END'
		if(NOT DEFINED NOTHING AND (ON OR OFF))
		    set(MICROPY_DEF_BOARD [[MICROPY_HW_BOARD_NAME="One lab"]])
		else()
		    set(MICROPY_DEF_BOARD MICROPY_HW_BOARD_NAME="wrong")
		endif()
	END
	json 'One, now' esp32 '.variants = {OTA: "OTA"} |
	    .deploy_options.flash_offset = "0x1000"' \
	    >ports/esp32/boards/ONE/board.json
	put ports/rp2/mpconfigport.h <<-'END'
		#include "hardware/flash.h"
		#if PICO_RP2040
		#define MICROPY_HW_MCU_NAME "RP2040"
		#elif PICO_RP2350 && PICO_ARM
		#define MICROPY_HW_MCU_NAME "RP2350"
		#elif PICO_RP2350 && PICO_RISCV
		#define MICROPY_HW_MCU_NAME "RP2350-RISCV"
		#else
		#error
		#endif
	END
	put $b/BY_CMAKE/mpconfigboard.h \
	    <<<'#define MICROPY_HW_BOARD_NAME "By CMake"'
	put $b/BY_CMAKE/mpconfigvariant.cmake <<<'set(PICO_PLATFORM "rp2350")'
	put $b/BY_CMAKE/mpconfigvariant_RISCV.cmake \
	    <<<'set(PICO_PLATFORM "rp2350-riscv")'
	json 'By CMake' rp2350 '.variants.RISCV = "RISC-V"' \
	    >$b/BY_CMAKE/board.json
	put $b/BY_HEADER/mpconfigboard.h \
	    <<<'#define MICROPY_HW_BOARD_NAME "By header"'
	put $b/BY_HEADER/mpconfigboard.cmake <<<'set(PICO_BOARD by_header)'
	put $b/BY_HEADER/by_header.h <<<'// pico_cmake_set PICO_PLATFORM=rp2350'
	put $b/BY_JSON/mpconfigboard.h \
	    <<<'#define MICROPY_HW_BOARD_NAME "By JSON"'
	json 'By JSON' rp2350 >$b/BY_JSON/board.json
	put ports/qemu/Makefile <<-'END'
		BOARD ?= OTHER
		BOARD_DIR ?= boards/$(BOARD)
		ifeq ($(wildcard $(BOARD_DIR)/.),)
		$(error Invalid BOARD: $(BOARD_DIR))
		endif
		include $(BOARD_DIR)/mpconfigboard.mk
		ifeq ($(shell test 3 -le 10; echo $$?),0)
		RV_ARCH ?= rv32
		else
		RV_ARCH ?= rv32_new
		endif
		CFLAGS += -DMICROPY_HW_BOARD_NAME='"$(QEMU_MACHINE)"'
	END
	printf 'all: x\n\tCFLAGS += -DMICROPY_HW_MCU_NAME="recipe"\n' \
	    >>ports/qemu/Makefile
	put ports/qemu/boards/VIRT/mpconfigboard.mk <<-'END'
		QEMU_MACHINE := virt
		CFLAGS += -DMICROPY_HW_MCU_NAME='"$(RV_ARCH)"'
	END
}

# The tip: a board renamed, one broken, one gone.
tip() {
	git mv ports/rp2/boards/PICO ports/rp2/boards/PICO_NEW
	git rm -qf ports/rp2/boards/BY_JSON/*
	printf '{\n"product": "By header",\n}\n' |
		put ports/rp2/boards/BY_HEADER/board.json
}

# make_repo DIR
make_repo() (
	git init -q -b main "$1"
	cd "$1" || exit
	save v1.17
	first_release
	save v1.20.0
	second_release
	save v1.23.0
	git tag -a -m annotated v1.24.0		# nothing changed
	third_release
	save v1.25.0
	save v1.26.0-preview
	git tag v1.25.0-mine
	tip
	save
)
