# SPDX-License-Identifier: MIT
#
# make [SAN=address,undefined] [COV=1] [DEV=1] [V=1] [TARGET...]
#
# One flat Makefile.  Every build kind has its own folder, so that switching
# between plain, sanitized and covered builds never needs "make clean".
# Nothing is asked of the system while this file is read, so that it can be
# read before the packages are there: tests/setup/install sees to those.

VERSION	= 0.1.0
TOOLS	= $(patsubst tools/%.c,%,$(wildcard tools/*.c))

# What each tool links, besides our own archive and what all of them link.
PKGS		= jansson libcrypto
PKGS_mpf-detect	= libserialport sqlite3 libusb-1.0
PKGS_mpf-resolve = sqlite3
PKGS_mpf-fetch	= sqlite3 libcurl libxml-2.0
PKGS_mpf-index	= sqlite3 libcurl libxml-2.0
PKGS_mpf-add	= sqlite3 libcurl
PKGS_mpf-bundle	= sqlite3 libcurl libxml-2.0
PKGS_mpf-doctor	= sqlite3 libcurl
PKGS_mpf-flash	= libserialport libudev libdeflate libusb-1.0
PKGS_mpf-record	= libserialport sqlite3
PKGS_mpf-backup	= libserialport
PKGS_mpf-restore = libserialport
PKGS_mpf-format	= libserialport
PKGS_mpf-erase	= libserialport
PKGS_mpf-db	= sqlite3 libserialport
PKGS_mpf-sim	= zlib
# Everything at once, for the compiler and the tests.
PKGS_ALL	= $(sort $(PKGS) libdeflate libserialport libudev libusb-1.0 sqlite3 libcurl \
	  libxml-2.0 zlib)

PREFIX	?= /usr/local
BINDIR	?= $(PREFIX)/bin
MANDIR	?= $(PREFIX)/share/man
SHAREDIR ?= $(PREFIX)/share/mpf
UDEVDIR	?= $(PREFIX)/lib/udev/rules.d
COMPDIR	?= $(PREFIX)/share/bash-completion/completions
ZSHDIR	?= $(PREFIX)/share/zsh/site-functions
FISHDIR	?= $(PREFIX)/share/fish/vendor_completions.d
CFLAGS	?= -O2 -g
INSTALL	?= install
PKG_CONFIG ?= pkg-config
JOBS	?= $(shell nproc 2>/dev/null || echo 4)
BUILD	?= build
SECS	?= 500

KIND	= $(if $(FUZZING),fuzz,$(if $(SAN),san,$(if $(COV),cov,plain)))
B	= $(BUILD)/$(KIND)
Q	= $(if $(V),,@)
say	= $(if $(V),,@echo "  $1")

# Asked once, and not before the first recipe that needs it.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags \
	  $(PKGS_ALL)))$(PKG_CFLAGS)

WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2
KINDFLAGS = $(if $(FUZZING),-fsanitize=fuzzer-no-link) \
	  $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
	  $(if $(COV),--coverage -O0 -DMPF_COV)
ALL_CFLAGS = -std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE \
	  -DMPF_VERSION='"$(VERSION)"' -DMPF_SHAREDIR='"$(SHAREDIR)"' \
	  -Ilib -Itools $(WARN) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS) $(KINDFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(CFLAGS) $(LDFLAGS) \
	  $(if $(SAN),-fsanitize=$(SAN)) $(if $(COV),--coverage)

LIB_O	= $(patsubst %.c,$B/%.o,$(wildcard lib/*/*.c lib/*/*/*.c)) \
	  $B/gen/scripts.o $B/gen/methods.o
UNIT	= $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test-*.c))
TRY	= $(patsubst tests/tools/%.c,$B/tests/%,$(wildcard tests/tools/*.c))
FUZZ	= $(patsubst tests/fuzz/%.c,$B/tests/%,$(wildcard tests/fuzz/fuzz-*.c))
TAP_SO	= $B/tests/tap-stdout.so

all: $(TOOLS:%=$B/%)		## build the tools (the default)

# Which packages the goals need; see tests/setup/packages.tsv.
GROUPS	= build $(if $(filter demo check check-% san coverage distcheck, \
	  $(MAKECMDGOALS)),check) $(filter lint fuzz coverage bench, \
	  $(MAKECMDGOALS:campaign=fuzz)) $(patsubst check-%,%,$(filter check-real \
	  check-rig check-peers check-arch check-fresh,$(MAKECMDGOALS)))
MAY_INSTALL = $(if $(filter demo check lint,$(MAKECMDGOALS)),,no)
deps:				## install, or name, the packages missing
	@MPF_INSTALL=$${MPF_INSTALL:-$(MAY_INSTALL)} \
		tests/setup/install $(GROUPS)

# Everything that is compiled depends on how, but for -Werror.
$B/flags: FORCE | deps
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CFLAGS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	$(call say,CC    $<)
	$Q$(CC) $(ALL_CFLAGS) $(if $(DEV),-Werror) -MMD -MP -c -o $@ $<

# What runs on the boards, compiled in.
$B/gen/scripts.c: lib/repl/embed.awk $(wildcard share/probe/*.py) | deps
	@mkdir -p $(@D)
	$(call say,AWK   $@)
	$Qawk -f $(filter %.awk %.py,$^) >$@.new && mv $@.new $@

# What mpf-flash can do, for tools that are not linked with it.
$B/gen/methods.c: lib/means/methods.awk lib/flash/registry.c | deps
	@mkdir -p $(@D)
	$(call say,AWK   $@)
	$Qawk -f $^ >$@.new && mv $@.new $@

$B/gen/%.o: $B/gen/%.c $B/flags
	$(call say,CC    $<)
	$Q$(CC) $(ALL_CFLAGS) $(if $(DEV),-Werror) -MMD -MP -c -o $@ $<

# A file that went takes its object out of the archive.
$B/objects: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(sort $(LIB_O)) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$B/libmpf.a: $(LIB_O) $B/objects
	$(call say,AR    $@)
	$Qrm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

LINK	= $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $B/libmpf.a \
	  $(shell $(PKG_CONFIG) --libs $1) $(LDLIBS)

$(TOOLS:%=$B/%): $B/%: $B/tools/%.o $B/libmpf.a
	$(call say,LD    $@)
	$Q$(call LINK,$(PKGS) $(PKGS_$(@F)))

# A tool of several files.
$B/mpf-db: $(patsubst %.c,$B/%.o,$(wildcard tools/db/*.c))

# Tools for the tests alone.
$(TRY): $B/tests/%: $B/tests/tools/%.o $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL))

$(UNIT): $B/tests/%: $B/tests/unit/%.o $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL))

# A fuzz target is one function.  libFuzzer gives it a main(), or else ours
# does, which replays files.
$(FUZZ): $B/tests/%: $B/tests/fuzz/%.o $(if $(FUZZING),, \
		$B/tests/fuzz/replay.o) $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL)) $(if $(FUZZING),-fsanitize=fuzzer)

# A web server that can misbehave, one's being far away, firmware to serve.
WWW	= $B/tests/testwww $B/tests/lag $B/tests/mkfw
$B/tests/testwww: $(patsubst %,$B/tests/www/%.o,www answer fault proxy)
$B/tests/mkfw: $B/tests/www/mkfw.o $B/libmpf.a
# Detect, record and flash in one process, with faults between.  Whoever in
# the archive opens a port gets one in memory.
FAULTS	= $B/tests/mpf-faults
FAULTS_WRAP = link_open open openat read write close fsync rename mkdir \
	  mkdirat unlink flock fstat stat lstat lseek opendir readdir pread \
	  pwrite ftruncate fchmod
$(FAULTS): $(patsubst %.c,$B/%.o,$(filter-out tests/faults/so-%.c \
		tests/faults/proxy-%.c,$(wildcard tests/faults/*.c))) \
		$B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL)) $(FAULTS_WRAP:%=-Wl,--wrap=%)
# The same ESP boards, without a fault or with those of a test.
$B/tests/test-flash-esp $B/tests/test-flash-esp-usb: $(patsubst \
	%,$B/tests/faults/%.o,esp_image esp_wire esp_world spoil)
# Between the tools and a board that is a program.
PROXY	= $B/tests/mpf-proxy
$(PROXY): $(patsubst %,$B/tests/faults/%.o,proxy-main spoil) $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,libcrypto)
CALLS_SO = $B/tests/so-calls.so
$(CALLS_SO): tests/faults/so-calls.c $B/flags
	@mkdir -p $(@D)
	$(call say,LD    $@)
	$Q$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<
# What make bench measures with.
BENCH	= $B/tests/took $B/tests/lookup $B/tests/ledger
$B/tests/lookup $B/tests/ledger: $B/tests/%: $B/tests/bench/%.o $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,$(PKGS_ALL))
$B/tests/took: $B/tests/bench/took.o
$B/tests/lag: $B/tests/www/lag.o
$(WWW) $B/tests/took:
	@mkdir -p $(@D)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $^

# Copies what our tools write, for tests/schema/check.
$(TAP_SO): tests/schema/tap-stdout.c $B/flags
	@mkdir -p $(@D)
	$(call say,LD    $@)
	$Q$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

# Genuine firmware files, for the tests that can do with them.
MPF_SAMPLES ?= $(if $(wildcard ../shared/firmware),$(abspath ../shared/firmware))
export MPF_SAMPLES

# How a test finds what it tests, and what does not depend on who runs it:
# language, umask, and a PATH with what Debian keeps for root (nghttpd).  A
# test that waits for what never comes ends after LIMIT seconds.
LIMIT	= $(if $(SAN),300,120)
TEST_ENV = umask 022 && \
	  PATH="$(abspath $B):$(abspath $B)/tests:$$PATH:/usr/sbin:/sbin" \
	  MPF_SHARE="$(CURDIR)/share" LC_ALL=C.UTF-8 \
	  BATS_TEST_TIMEOUT=$(LIMIT) \
	  ASAN_OPTIONS=verify_asan_link_order=0:$$ASAN_OPTIONS \
	  $(if $(SAN),MPF_TEST_SANITIZED=1)
# $(call BATS,NAME,FILES): runs them, and checks all that the tools emitted.
BATS	= tests/schema/run $1 $(TAP_SO) $B/emitted \
	  bats --print-output-on-failure \
	  $(if $(shell command -v parallel),-j $(BATS_JOBS)) $2
# Tests wait for boards and servers most of the time.
BATS_JOBS = $(THRICE)
THRICE	= $(shell expr 3 '*' $(JOBS))

demo: all $(WWW)		## the whole pipe, over boards that need no cable
	$Q$(TEST_ENV) tests/demo/run

# What has to hold at every commit.
check: check-unit check-fuzz check-faults-few check-cli ## all that is quick
check-unit: $(UNIT)		## tests/unit
	$Q$(TEST_ENV) prove $(if $V,-v) --exec '$(EXEC)' \
		-j$(THRICE) $(UNIT)
check-fuzz: $(FUZZ)		## the fuzz targets, over their corpus
	$QEXEC='$(EXEC)' tests/fuzz/replay $(FUZZ)
CLI	= tests/cli
check-cli: all $(TRY) $(WWW) $(TAP_SO) ## tests/cli: the tools, from outside
	$Q$(TEST_ENV) $(call BATS,cli,$(CLI))
	$Q$(if $(filter tests/cli,$(CLI)),tests/schema/keys $B/emitted/cli)
ifneq ($(wildcard tests/real/microbit*.bats),)
check: check-microbit
endif
check-microbit: BATS_JOBS = $(shell expr 2 '*' $(JOBS))
check-microbit: all $(TRY) $(TAP_SO) ## MicroPython of 2017 in QEMU
	$Q$(TEST_ENV) $(call BATS,microbit,$(wildcard tests/real/microbit*.bats))

check-real: all $(TRY) $(TAP_SO)	## MicroPython of many versions, from npm
	$QMPF_TEST_NPM=$$(tests/setup/npm) && export MPF_TEST_NPM && \
		$(TEST_ENV) $(call BATS,real,$(filter-out \
		tests/real/microbit%,$(wildcard tests/real/*.bats)))
check-kill: BATS_JOBS = 8
check-kill check-kill-fetch: LIMIT = 1200
check-kill: export MPF_KILLS = 200
check-kill: export MPF_RECORDS = 200
check-kill-fetch: export MPF_KILLS = 300
check-kill: all $(WWW) $(TAP_SO) ## kill -9 at 200 moments of the pipe (slow)
	$Q$(TEST_ENV) $(call BATS,kill,tests/cli/kill.bats)
	$Q$(TEST_ENV) bats -f 'sixteen pipelines' tests/cli/db-carry.bats
check-kill-fetch: all $(WWW) $(TAP_SO) ## kill -9 mpf-fetch 300 times
	$Q$(TEST_ENV) bats tests/cli/fetch-kill.bats
check-faults-few: $(FAULTS)	## detect, record and flash, with 5,000 faults
	$Q$(TEST_ENV) tests/faults/run quick
check-faults check-faults-real: LIMIT = 1200
check-faults: export MPF_CALLS_TRIED = 25
check-faults: export MPF_CALL_KILLS ?= 40
check-faults: export MPF_CALLS_SO = $(abspath $(CALLS_SO))
check-faults: all $(FAULTS) $(CALLS_SO) $(WWW) ## 220,000 runs, a fault in each
	$Q$(TEST_ENV) tests/faults/run
	$Q$(TEST_ENV) bats -j 4 tests/faults/calls.bats tests/faults/kill.bats \
	    tests/faults/esp.bats
check-faults-real: export MPF_PLACES ?= 200
check-faults-real: all $(PROXY) $(WWW) ## prints at 200 places of a real pipe
	$QMPF_TEST_NPM=$$(tests/setup/npm) && export MPF_TEST_NPM && \
		$(TEST_ENV) bats -j 2 tests/faults/real.bats
RIG	= $B/tests/fake_serial $B/tests/fake_uf2 $B/tests/fake_dfu
VDEV_O	= $(patsubst %,$B/tests/rig/src/%.o,vdev vdev_standard)
$B/tests/fake_serial: $(patsubst %,$B/tests/rig/src/%.o,fake_serial chips \
    probe msc disk)
$B/tests/fake_dfu: $B/tests/rig/src/fake_dfu.o
$B/tests/fake_uf2: $(patsubst %,$B/tests/rig/src/%.o,fake_uf2 msc disk bootsel)
$(RIG): $(VDEV_O) $B/libmpf.a
	@mkdir -p $(@D)
	$Q$(call LINK,libcrypto)
check-rig: all $(TRY) $(WWW) $(RIG) ## real USB in a virtual machine
	$Q$(TEST_ENV) tests/rig/run
check-peers: all $(TRY) $(WWW) $(RIG) ## side by side with other people's tools
	$Q$(TEST_ENV) tests/peers/run
check-arch:			## unit tests on aarch64 and big-endian s390x
	$Qtests/arch/run aarch64 s390x
mutants:			## which changes to MUTANTS does no test notice? (slow)
	$Qtests/mutants/run $(MUTANTS)
check-fresh:			## make demo check on a fresh Debian 12 and 13 (slow)
	$Qtests/fresh/run
check-user:			## make check as an ordinary user; by root
	$Qtests/fresh/user
bench: all $(WWW) $(BENCH) $(RIG)	## how long things take
	$Q$(TEST_ENV) tests/bench/run
	$Q$(TEST_ENV) tests/bench/fetch
	$Q$(TEST_ENV) tests/bench/usb
	$Q$(TEST_ENV) tests/bench/esp

lint: all			## style, architecture, manuals
	$Qtests/lint/run $B "$(CC)" '$(subst ','\'',$(ALL_CFLAGS))'

san:				## make check with sanitizers
	$Q$(MAKE) SAN=$(or $(SAN),address,undefined) check

coverage:			## how much of lib/ the tests run; 90 % or fail
	$Qfind $(BUILD)/cov -name '*.gcda' -delete 2>/dev/null || :
	$Q$(MAKE) COV=1 check-unit check-fuzz check-cli
	$Qgcovr --root . --filter lib/ --object-directory $(BUILD)/cov \
		--print-summary --fail-under-line 90

# libFuzzer on all targets, SECS together; what it finds stays in build/fuzz.
fuzz:				## search for inputs that break a parser
	$Q$(MAKE) FUZZING=1 SAN=address,undefined CC=clang fuzz-run
campaign:			## a night of it, 500 pulled cables, 1,000 kills
	$Q$(MAKE) rig-pulls
	$Q$(MAKE) MPF_CALL_KILLS=1000 check-faults
	$Q$(MAKE) SECS=36000 fuzz
rig-pulls: export MPF_PULLS ?= 167
rig-pulls: all $(TRY) $(WWW) $(RIG)
	$Q$(TEST_ENV) MPF_RIG_SECONDS=36000 tests/rig/run pulls
fuzz-run: $(FUZZ)
	$Qtests/fuzz/search $(SECS) $(JOBS) $(FUZZ)

MAN	= $(wildcard man/*.[157])
RULES	= $(wildcard share/udev/*.rules)
# FILE:FOLDER:MODE for everything that is installed.
FILES	= $(foreach t,$(TOOLS),$B/$t:$(BINDIR):755) \
	  $(foreach m,$(MAN),$m:$(MANDIR)/man$(subst .,,$(suffix $m)):644) \
	  $(foreach d,$(wildcard share/*.tsv),$d:$(SHAREDIR):644) \
	  $(foreach d,$(wildcard share/schema/*),$d:$(SHAREDIR)/schema:644) \
	  $(foreach d,$(wildcard share/systemd/*),$d:$(SHAREDIR)/systemd:644) \
	  $(foreach d,$(wildcard share/help/*),$d:$(SHAREDIR)/help:644) \
	  share/mpf.mk:$(SHAREDIR):644 \
	  share/completions/words:$(SHAREDIR)/completions:755 \
	  share/completions/_mpf:$(ZSHDIR):644 \
	  share/vscode/tasks.json:$(SHAREDIR)/vscode:644 \
	  $(foreach r,$(RULES),$r:$(UDEVDIR):644)

install: all			## into PREFIX, below DESTDIR
	$Qset -e; for f in $(FILES); do \
		mode=$${f##*:}; f=$${f%:*}; dir="$(DESTDIR)$${f#*:}"; \
		$(INSTALL) -d "$$dir"; \
		$(INSTALL) -m$$mode "$${f%%:*}" "$$dir/"; done
	$Q$(INSTALL) -d "$(DESTDIR)$(COMPDIR)" "$(DESTDIR)$(FISHDIR)"
	$Qset -e; for t in $(TOOLS); do \
		$(INSTALL) -m644 share/completions/mpf.bash \
		"$(DESTDIR)$(COMPDIR)/$$t"; \
		$(INSTALL) -m644 share/completions/mpf.fish \
		"$(DESTDIR)$(FISHDIR)/$$t.fish"; done
	$Q$(if $(MPFLASH),ln -sf mpf "$(DESTDIR)$(BINDIR)/mpflash")

uninstall:			## what install put there
	$Qset -e; for f in $(FILES); do \
		f=$${f%:*}; name=$${f%%:*}; \
		rm -f "$(DESTDIR)$${f#*:}/$${name##*/}"; done
	$Qfor t in $(TOOLS); do rm -f "$(DESTDIR)$(COMPDIR)/$$t" \
		"$(DESTDIR)$(FISHDIR)/$$t.fish"; done
	$Q[ "$$(readlink "$(DESTDIR)$(BINDIR)/mpflash")" != mpf ] || \
		rm "$(DESTDIR)$(BINDIR)/mpflash"
	$Qrmdir $(foreach d,schema systemd help vscode completions,\
		"$(DESTDIR)$(SHAREDIR)/$d") "$(DESTDIR)$(SHAREDIR)" \
		2>/dev/null || :

DIST	= mpf-$(VERSION)
dist:				## a tarball of HEAD
	$Qgit archive --prefix=$(DIST)/ -o $(DIST).tar.gz HEAD
	@echo $(DIST).tar.gz
distcheck: dist			## does the tarball build, pass and install?
	$Qtests/setup/distcheck $(DIST).tar.gz

deb:				## packages for Debian, in build/deb
	$Qtests/deb/build $(BUILD)/deb
check-deb:			## on fresh systems: install, try, remove; by root
	$Qtests/fresh/run deb-try
deb-try:
	$Qtests/deb/try

ARCH	?= $(shell uname -m)
static:				## a tarball for ARCH that needs no library
	$Qpackaging/static/build $(ARCH) $(BUILD)/static
check-static: $(WWW)		## ... built twice, tried in an empty root; by root
	$Qpackaging/static/try $(ARCH)

clean:				## remove what was built
	rm -rf $(BUILD)

help:				## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t16

.PHONY: all deps demo check check-unit check-fuzz check-cli check-microbit \
	check-real check-kill check-kill-fetch check-faults \
	check-faults-few check-faults-real check-rig \
	check-peers check-arch check-fresh \
	check-user mutants \
	bench lint san coverage fuzz fuzz-run campaign rig-pulls \
	install uninstall dist distcheck deb check-deb deb-try static check-static \
	clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:

-include $(shell find $(BUILD)/$(KIND) -name '*.d' 2>/dev/null)
