/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "addr/addr.h"
#include "base/mem.h"
#include "board/board.h"
#include "flash/flash.h"
#include "flash/mount.h"
#include "usb/usb.h"

static int
world_ask(void *ctx, const char *tty, int64_t deadline, struct board *out,
    void **own, struct err *e)
{
	const struct board_ask_opts opts = { .deadline = deadline };
	struct board_answer *a = mem_alloc(sizeof(*a));
	struct link_addr at = LINK_ADDR_INIT;
	int r;

	*a = (struct board_answer)BOARD_ANSWER_INIT;
	addr_of_port(ctx, tty, &at);
	r = board_ask(&at, &opts, a, e);
	if (r == 0) {
		*out = a->board;
		*own = a;
	} else {
		free(a);
	}
	link_addr_release(&at);
	return r;
}

static void
world_forget(void *own)
{
	board_answer_release(own);
	free(own);
}

void
flash_world_init(struct flash_world *w, struct bus *b,
    void (*say)(void *ctx, const char *msg))
{
	*w = (struct flash_world){
		.bus = b,
		.ask = world_ask,
		.forget = world_forget,
		.ctx = b,
	};
	boot_world_init(&w->boot, b, say);
	/* The disks and devices of a recorded tree are not this system's. */
	if (bus_is_system(b)) {
		w->usb_open = usb_open_path;
		w->mount = mount_drive;
		w->unmount = mount_undo;
	}
}
