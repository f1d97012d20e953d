/* SPDX-License-Identifier: MIT */
#include "board/told.h"

#include <string.h>
#include <sys/stat.h>

#include "base/holder.h"
#include "model/codec.h"

void
told_busy(struct record *rec, const struct lock_holder *who)
{
	record_put_str(rec, "device.mode", "busy");
	if (who->pid > 0)
		record_put_int(rec, "device.held_by.pid", (int64_t)who->pid);
	if (who->command[0] != '\0')
		record_put_str(rec, "device.held_by.command", who->command);
}

void
told_answer(struct record *rec, const struct board_answer *a)
{
	record_put_str(rec, "device.mode", a->ignore ? "ignored" : "repl");
	board_put(rec, &a->board);
	if (a->info_error != NULL)
		record_put_str(rec, "board.info_error", a->info_error);
	if (a->record_error != NULL)
		record_put_str(rec, "board.record_error", a->record_error);
}

int
told_failure(struct record *rec, const char *path,
    const struct lock_holder *reader, const struct err *why, struct err *e)
{
	struct lock_holder who = { 0 };
	struct stat st;

	switch (why->code) {
	case ERR_TIMEOUT:		/* "silent" is what it is already */
	case ERR_PROTOCOL:
		if (reader->pid > 0)
			told_busy(rec, reader);
		else if (why->code == ERR_PROTOCOL) {
			/* board_ask puts "PORT: " in front of what it heard. */
			record_put_str(rec, "device.mode", "foreign");
			record_put_str(rec, "device.problem",
			    why->msg + strlen(path) + 2);
		}
		break;
	case ERR_BUSY:
		if (stat(path, &st) == 0)
			holder_find(st.st_rdev, &who);
		told_busy(rec, &who);
		break;
	default:
		*e = *why;
		return -1;
	}
	return 0;
}

void
told_rom(struct record *rec, const struct rom_answer *a)
{
	static const char *const loader[] = { "esp_rom", NULL };

	chip_put(rec, &a->chip);
	if (!a->stays)
		return;
	record_put_str(rec, "device.mode", loader[0]);
	record_put_list(rec, "device.bootloaders", loader);
}

int
told_rom_failure(struct record *rec, const char *path, const struct err *why,
    struct err *e)
{
	switch (why->code) {
	case ERR_TIMEOUT:
	case ERR_PROTOCOL:
	case ERR_UNSUPPORTED:
		if (!record_has(rec, "device.problem"))
			record_put_str(rec, "device.problem",
			    why->msg + strlen(path) + 2);
		return 0;
	default:
		*e = *why;
		return -1;
	}
}
