/* SPDX-License-Identifier: MIT */
#include "sim/sim.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>

#include "base/clock.h"
#include "base/stop.h"
#include "sim/life.h"

static void
add_fd(int fd, fd_set *set, int *max)
{
	if (fd < 0 || fd >= FD_SETSIZE)
		return;
	FD_SET(fd, set);
	if (fd > *max)
		*max = fd;
}

/* Waits until there is something to do; signals come through only here. */
static int
wait_for_sim(struct sim *s, const sigset_t *mask, struct err *e)
{
	int64_t due = s->due, now = clock_ms(), left;
	struct timespec ts;
	fd_set in, out;
	int max = -1;

	FD_ZERO(&in);
	FD_ZERO(&out);
	if (s->phase == PHASE_APP) {
		add_fd(sim_port_reads(&s->port), &in, &max);
		add_fd(sim_port_writes(&s->port), &out, &max);
		add_fd(s->port.watch.fd, &in, &max);
		add_fd(s->talker.child.fd, &in, &max);
		add_fd(s->probe.watch.fd, &in, &max);
		if (sim_talk_due(&s->talker) < due)
			due = sim_talk_due(&s->talker);
		if (sim_rom_due(&s->rom) < due)
			due = sim_rom_due(&s->rom);
		if (sim_port_due(&s->port) < due)
			due = sim_port_due(&s->port);
		if (s->port.watch.fd == -1 && !sim_port_is_net(&s->port) &&
		    due > now + WATCH_POLL_MS)
			due = now + WATCH_POLL_MS;
	} else if (s->phase == PHASE_BOOT) {
		add_fd(s->drive.watch.fd, &in, &max);
		if ((s->drive.watch.fd == -1 || sim_drive_begun(&s->drive)) &&
		    due > now + WATCH_POLL_MS)
			due = now + WATCH_POLL_MS;
	}
	left = due <= now ? 0 : due - now;
	ts.tv_sec = (time_t)(left / 1000);
	ts.tv_nsec = (long)(left % 1000) * 1000000;
	if (pselect(max + 1, &in, &out, NULL,
	    due == SIM_FOREVER ? NULL : &ts, mask) == -1 && errno != EINTR)
		return err_sys(e, "pselect");
	return 0;
}

static void
on_child(int sig)
{
	(void)sig;			/* pselect(2) returns: that is all */
}

/* Blocks what wait_for_work lets through; *old is the mask before. */
static void
hold_signals(sigset_t *old)
{
	struct sigaction sa = { .sa_handler = on_child };
	sigset_t held;

	stop_install();
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGCHLD);
	sigprocmask(SIG_BLOCK, &held, old);
}

static int
play(struct sim *s, struct err *e)
{
	const struct sim_opts *o = s->o;
	sigset_t old, held;
	int r = 0;

	hold_signals(&old);
	if (life_begin(s, "plugged", e) == -1 ||
	    (o->command != NULL &&
	    sim_child_open(&s->command, o->command, e) == -1))
		r = -1;
	while (r == 0 && !s->over && !stop_requested()) {
		/* Signals come through here too, however busy it is. */
		sigprocmask(SIG_SETMASK, &old, &held);
		sigprocmask(SIG_SETMASK, &held, NULL);
		r = life_turn(s, e);
		if (o->command != NULL && sim_child_ended(&s->command)) {
			s->status = s->command.status;
			s->over = true;
		}
		if (r == 0 && !s->over && !stop_requested())
			r = wait_for_sim(s, &old, e);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

int
sim_run(const struct sim_opts *o, int *status, struct err *e)
{
	struct sim s = { .o = o, .id = o->id, .due = SIM_FOREVER,
	    .port = SIM_PORT_INIT, .talker = SIM_TALKER_INIT,
	    .rom = SIM_ROM_INIT,
	    .drive = SIM_DRIVE_INIT, .probe = SIM_PROBE_INIT,
	    .command = SIM_CHILD_INIT, .event = BUF_INIT };
	int r = -1;

	s.chip = sim_chip(o->kind, o->id.mcu);
	s.files = sim_files_open(o->files, e);
	if (s.files == NULL)
		goto out;
	if (o->esp.chip != NULL)
		sim_rom_open(&s.rom, &o->esp, o->blank, &s.id, clock_ms());
	s.rom.has_lines = o->net;
	if (o->talk.console.fault.kind == SIM_FAULT_RECORD)
		sim_files_fail(s.files, (int)o->talk.console.fault.n);
	r = play(&s, e);
	*status = s.status;
out:
	sim_child_close(&s.command);
	life_end(&s);
	sim_rom_close(&s.rom);
	sim_files_close(s.files);
	free(s.name);
	buf_release(&s.event);
	return r;
}
