/* SPDX-License-Identifier: MIT */

/*
 * fake_dfu [-k KIND] [-a LAYOUT]... [-n SERIAL] [-x BYTES] [-e MS] [-w MS]
 *	[-q QUIRK]... [-U N] [-F N] [-W N] [-i FILE] [-o FILE]
 *
 * A bootloader that speaks DFU, as a USB device: rom (the default, an
 * STM32F405's), mboot, and by plain DFU nano (Arduino Nano ESP32) and c33
 * (Portenta C33).  -a names a memory; -x how much it takes at once; -e and -w
 * how long a page takes to be erased, and a block to be written.
 *
 * -o keeps the first memory in a file, from before until it goes; -i only
 * reads it from there.  -U unplugs it at request N, -F lets write N fail, -W
 * write it wrong.
 *
 * Exit status: 0 it started its firmware, 3 the host let the device go, 4 it
 * was unplugged by -U, 1 trouble.
 */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "sim/dfu.h"
#include "vdev.h"

#define LET_GO		3
#define PULLED		4
#define POLL_MS		50
#define MBOOT_LAYOUT \
	"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"

static const struct {
	const char		*name;
	struct sim_dfu_opts	 opts;
} kinds[] = {
	{ "rom", { .quirks = SIM_DFU_STRICT } },
	{ "mboot", { .release = 0x0300, .manufacturer = "MicroPython",
	    .product = "Pyboard DFU", .layout = { MBOOT_LAYOUT },
	    .quirks = SIM_DFU_MBOOT } },
	{ "nano", { .vid = 0x2341, .pid = 0x0070, .release = 0x0100,
	    .manufacturer = "Arduino", .product = "Nano ESP32",
	    .layout = { "Arduino" }, .transfer = 4096, .size = 3 << 20,
	    .quirks = SIM_DFU_PLAIN } },
	{ "c33", { .vid = 0x2341, .pid = 0x0368, .release = 0x0100,
	    .manufacturer = "Arduino", .product = "Portenta C33 DFU",
	    .layout = { "@CodeFlash /0x00000000/8*8Ka,30*32Kg",
	    "@DataFlash /0x08000000/8*1Kg" }, .size = 2 << 20,
	    .quirks = SIM_DFU_PLAIN } },
};

static const struct {
	const char	*name;
	unsigned	 bit;
} quirks[] = {
	{ "protected", SIM_DFU_PROTECTED },
	{ "short-poll", SIM_DFU_SHORT_POLL },
	{ "stuck-erase", SIM_DFU_STUCK_ERASE },
	{ "zero-poll", SIM_DFU_ZERO_POLL },
	{ "direct", SIM_DFU_DIRECT },
	{ "mute-leave", SIM_DFU_MUTE_LEAVE },
	{ "asked", SIM_DFU_ASKED },
	{ "one-block", SIM_DFU_ONE_BLOCK },
	{ "resets", SIM_DFU_RESETS },
};

static const char usage[] = "usage: fake_dfu [-k KIND] [-a LAYOUT]... "
    "[-n SERIAL] [-x BYTES]\n\t[-e MS] [-w MS] [-q QUIRK]... [-U N] [-F N] "
    "[-W N] [-i FILE] [-o FILE]\n";

static volatile sig_atomic_t stopped;
static int64_t first_ms, last_ms;	/* of its own requests */

static void
stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Silence, and what comes when the device has gone, is no answer. */
static int
control(void *ctx, const struct vdev_setup *s, uint8_t *b)
{
	const int r = sim_dfu_control(ctx, s->type, s->request, s->value, b,
	    s->length, clock_ms());

	last_ms = clock_ms();
	first_ms = first_ms == 0 ? last_ms : first_ms;
	return r == SIM_DFU_STALLED ? VDEV_STALL : r < 0 ? VDEV_NAK : r;
}

static void
select_alternate(void *ctx, int interface, int alternate)
{
	(void)interface;
	sim_dfu_select(ctx, (unsigned)alternate);
}

/* Until it goes, is unplugged, or somebody ends us. */
static int
play(struct sim_dfu *sim, struct vdev *v)
{
	struct pollfd p = { .fd = vdev_fd(v), .events = POLLIN };

	while (!stopped && !sim_dfu_is_gone(sim))
		if (poll(&p, 1, POLL_MS) > 0 && vdev_step(v) == -1)
			return LET_GO;
	return 0;
}

static int
run(struct sim_dfu *sim)
{
	static const struct vdev_ops ops = { control, NULL, select_alternate };
	const struct sim_dfu_counts *c = sim_dfu_counts(sim);
	uint8_t device[18], config[SIM_DFU_CONFIG];
	const char *strings[4 + SIM_DFU_ALTERNATES] = { NULL };
	const struct vdev_desc desc = { device, config, strings };
	struct vdev *v;
	uint32_t addr;
	int status;

	sim_dfu_device(sim, device);
	sim_dfu_config(sim, config);
	for (unsigned i = 1; i < sizeof(strings) / sizeof(strings[0]); i++)
		strings[i - 1] = sim_dfu_string(sim, i);
	v = vdev_plug(&desc, &ops, sim);
	if (v == NULL)
		return 1;
	vdev_log("plugged %s", strings[1]);
	status = play(sim, v);
	vdev_unplug(v);
	if (sim_dfu_is_gone(sim) && !sim_dfu_started(sim, &addr))
		status = PULLED;
	vdev_log("gone: %u requests in %lld ms, %u writes, %u dirty, %u "
	    "erases, %u mass erases, %u early, status %d", c->requests,
	    (long long)(last_ms - first_ms), c->writes, c->dirty, c->erases,
	    c->mass_erases, c->early, status);
	return stopped ? 1 : status;
}

/* What is in the file, if it is there, is in its memory. */
static void
load(struct sim_dfu *sim, const char *path)
{
	size_t n;
	uint8_t *p = sim_dfu_memory(sim, 0, &n);
	FILE *f = fopen(path, "rb");

	if (f != NULL) {
		if (fread(p, 1, n, f) == 0)
			vdev_log("%s: empty", path);
		fclose(f);
	}
}

static int
keep(struct sim_dfu *sim, const char *path)
{
	size_t n;
	const uint8_t *p = sim_dfu_memory(sim, 0, &n);
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		return 1;
	}
	return 0;
}

/* The times stay as they are. */
static int
set_kind(struct sim_dfu_opts *o, const char *name)
{
	const unsigned erase_ms = o->erase_ms, write_ms = o->write_ms;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*o = kinds[i].opts;
			o->erase_ms = erase_ms;
			o->write_ms = write_ms;
			return 0;
		}
	return -1;
}

static int
add_quirk(struct sim_dfu_opts *o, const char *name)
{
	for (size_t i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++)
		if (strcmp(quirks[i].name, name) == 0) {
			o->quirks |= quirks[i].bit;
			return 0;
		}
	return -1;
}

static void
set_fault(struct sim_dfu_opts *o, enum sim_dfu_fault fault, const char *at)
{
	o->fault = fault;
	o->fault_at = strtol(at, NULL, 10);
}

/* 0, or -1: a kind or a quirk that there is not. */
static int
set_option(struct sim_dfu_opts *o, int ch, const char *arg, unsigned *areas)
{
	if (ch == 'k')
		return set_kind(o, arg);
	if (ch == 'q')
		return add_quirk(o, arg);
	if (ch == 'a' && *areas < SIM_DFU_ALTERNATES)
		o->layout[(*areas)++] = arg;
	if (ch == 'n')
		o->serial = arg;
	if (ch == 'x')
		o->transfer = (uint16_t)strtoul(arg, NULL, 10);
	if (ch == 'e')
		o->erase_ms = (unsigned)strtoul(arg, NULL, 10);
	if (ch == 'w')
		o->write_ms = (unsigned)strtoul(arg, NULL, 10);
	if (ch == 'U')
		set_fault(o, SIM_DFU_PULL, arg);
	if (ch == 'F')
		set_fault(o, SIM_DFU_FAIL_WRITE, arg);
	if (ch == 'W')
		set_fault(o, SIM_DFU_WRONG_BITS, arg);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct sim_dfu_opts o = kinds[0].opts;
	const char *path = NULL, *from = NULL;
	struct sim_dfu *sim;
	unsigned areas = 0;
	int ch, status;

	signal(SIGTERM, stop);
	o.erase_ms = 20;
	o.write_ms = 1;
	while ((ch = getopt(argc, argv, "k:a:n:x:e:w:q:U:F:W:i:o:")) != -1) {
		if (ch == 'o')
			path = optarg;
		else if (ch == 'i')
			from = optarg;
		else if (ch == '?' ||
		    set_option(&o, ch, optarg, &areas) == -1)
			break;
	}
	if (ch != -1 || optind != argc) {
		fputs(usage, stderr);
		return 1;
	}
	sim = sim_dfu_new(&o);
	if (from != NULL || path != NULL)
		load(sim, from != NULL ? from : path);
	status = run(sim);
	if (path != NULL && keep(sim, path) != 0)
		status = 1;
	sim_dfu_free(sim);
	return status;
}
