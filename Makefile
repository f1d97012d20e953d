# SPDX-License-Identifier: MIT
#
# make [SAN=address,undefined] [COV=1] [DEV=1] [V=1] [all|check|lint|...]
#
# One flat Makefile.  Every build kind has its own folder, so that switching
# between plain, sanitized and covered builds never needs "make clean".

VERSION	= 0.1.0
TOOLS	= $(patsubst tools/%.c,%,$(wildcard tools/*.c))

# What each tool links, besides our own archive and what all of them link.
PKGS		= jansson libcrypto smartcols
PKGS_mpf-detect	= libserialport sqlite3
PKGS_mpf-resolve = sqlite3
PKGS_mpf-fetch	= sqlite3 libcurl libxml-2.0
PKGS_mpf-flash	= libserialport
PKGS_mpf-record	= libserialport sqlite3
PKGS_mpf-sim	=
# Everything at once, for the compiler and the tests.
PKGS_ALL	= $(sort $(PKGS) libserialport sqlite3 libcurl libxml-2.0)

PREFIX	?= /usr/local
BINDIR	?= $(PREFIX)/bin
MANDIR	?= $(PREFIX)/share/man
SHAREDIR ?= $(PREFIX)/share/mpf
CFLAGS	?= -O2 -g
PKG_CONFIG ?= pkg-config
JOBS	?= $(shell nproc 2>/dev/null || echo 4)
BUILD	?= build

KIND	= $(if $(SAN),san,$(if $(COV),cov,plain))
B	= $(BUILD)/$(KIND)
Q	= $(if $(V),,@)

WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 $(if $(DEV),-Werror)
ALL_CFLAGS := -std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE \
	  -DMPF_VERSION='"$(VERSION)"' -DMPF_SHAREDIR='"$(SHAREDIR)"' \
	  -Ilib $(WARN) $(CFLAGS) -MMD -MP \
	  $(shell $(PKG_CONFIG) --cflags $(PKGS_ALL)) \
	  $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
	  $(if $(COV),--coverage -O0)
ALL_LDFLAGS = $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN)) $(if $(COV),--coverage)

LIB_O	= $(patsubst %.c,$B/%.o,$(wildcard lib/*/*.c lib/*/*/*.c))
UNIT	= $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test-*.c))
FUZZ	= $(patsubst tests/fuzz/%.c,$B/tests/%,$(wildcard tests/fuzz/fuzz-*.c))

all: $(TOOLS:%=$B/%)

$B/%.o: %.c
	@mkdir -p $(@D)
	$(if $V,,@echo "  CC    $<")
	$Q$(CC) $(ALL_CFLAGS) -c -o $@ $<

$B/libmpf.a: $(LIB_O)
	$(if $V,,@echo "  AR    $@")
	$Q$(AR) rcs $@ $^

LINK	= $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $B/libmpf.a \
	  $(shell $(PKG_CONFIG) --libs $1) $(LDLIBS)

$(TOOLS:%=$B/%): $B/%: $B/tools/%.o $B/libmpf.a
	$(if $V,,@echo "  LD    $@")
	$Q$(call LINK,$(PKGS) $(PKGS_$(@F)))

$(UNIT): $B/tests/%: $B/tests/unit/%.o $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL))

# A fuzz target is one function.  Here it gets a main() that replays files.
$(FUZZ): $B/tests/%: $B/tests/fuzz/%.o $B/tests/fuzz/replay.o $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL))

check: check-unit check-fuzz check-cli
check-unit: $(UNIT)
	prove $(if $V,-v) -j$(JOBS) $(UNIT)
check-fuzz: $(FUZZ)
	$Qfor f in $(FUZZ); do \
		$$f tests/fuzz/corpus/$${f##*/fuzz-}/* || exit 1; done
check-cli: all
	$(if $(wildcard tests/cli/*.bats),PATH="$(CURDIR)/$B:$$PATH" \
		MPF_SHARE="$(CURDIR)/share" bats \
		$(if $(shell command -v parallel),-j$(JOBS)) tests/cli)

lint:
	shellcheck tests/lint/*.sh
	tests/lint/layers.sh
	tests/lint/headers.sh "$(CC)" '$(ALL_CFLAGS)'

clean:
	rm -rf $(BUILD)

.PHONY: all check check-unit check-fuzz check-cli lint clean
.SECONDARY:

-include $(shell find $(BUILD)/$(KIND) -name '*.d' 2>/dev/null)
