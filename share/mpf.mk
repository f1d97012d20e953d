# SPDX-License-Identifier: MIT
#
# Targets for boards with MicroPython, for a Makefile of your own:
#
#	include /usr/local/share/mpf/mpf.mk
#
#	make list			the boards that are plugged in
#	make flash			update them
#	make flash DEVICE=ttyACM0 VERSION=1.24.1
#	make flash-custom FIRMWARE=build/firmware.uf2
#	make record			write down what they run
#
# DEVICE is a port, a USB path, or empty: all boards.  After a failure
# "make flash" goes on with the boards that are left, as boards that are up to
# date are skipped.  The names of the targets can be changed: MPF_PREFIX = mpf-
# makes them mpf-list, mpf-flash, ...

MPF		?= mpf
DEVICE		?=
VERSION		?= stable
FIRMWARE	?=
MPF_RECORDS	?= boards.ndjson
MPF_PREFIX	?=

mpf_serial	= $(if $(DEVICE),--serial '$(DEVICE)')

$(MPF_PREFIX)list:
	@$(MPF) list $(mpf_serial)

$(MPF_PREFIX)flash:
	@$(MPF) flash --yes $(mpf_serial) --version '$(VERSION)'

# The file itself may be another target of your Makefile.
$(MPF_PREFIX)flash-custom: $(FIRMWARE)
	@test -n '$(FIRMWARE)' || \
		{ echo 'FIRMWARE=FILE names the firmware' >&2; exit 2; }
	@$(MPF) flash --yes $(mpf_serial) '$(FIRMWARE)'

$(MPF_PREFIX)record:
	@mpf-detect $(mpf_serial) | mpf-resolve | mpf-record --json \
		>'$(MPF_RECORDS)'
	@echo '$(MPF_RECORDS)'

.PHONY: $(addprefix $(MPF_PREFIX),list flash flash-custom record)
