/* SPDX-License-Identifier: MIT */
#include "sim/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

const struct sim_fault_name sim_fault_names[] = {
	[SIM_FAULT_NONE] = { "none", "nothing fails", 0 },
	[SIM_FAULT_PROBE] = { "probe",
	    "vanishes when it is asked anything", 0 },
	[SIM_FAULT_SILENCE] = { "silence",
	    "stops answering after N answers", 0 },
	[SIM_FAULT_GARBAGE] = { "garbage", "answers are noise", 0 },
	[SIM_FAULT_FLOOD] = { "flood", "answers are N MB long", 10 },
	[SIM_FAULT_UTF8] = { "utf8", "the machine string is invalid UTF-8", 0 },
	[SIM_FAULT_BOOTLOADER] = { "bootloader",
	    "stops in machine.bootloader()", 0 },
	[SIM_FAULT_DRIVE] = { "drive", "the port goes and no drive comes", 0 },
	[SIM_FAULT_MOUNT] = { "mount",
	    "a drive appears, and is never mounted", 0 },
	[SIM_FAULT_BLOCK] = { "block", "the drive vanishes after N blocks",
	    1 },
	[SIM_FAULT_FAIL] = { "fail", "a probe refuses the file, by FAIL.TXT",
	    0 },
	[SIM_FAULT_BOOT] = { "boot", "the new firmware never shows up", 0 },
	[SIM_FAULT_BOARD] = { "board",
	    "the wrong board shows up (see --after)", 0 },
	[SIM_FAULT_RECORD] = { "record",
	    "writing a file fails with OSError N", 28 },
	[SIM_FAULT_REPLY] = { "reply",
	    "an ESP's loader loses its answer number N", 10 },
	[SIM_FAULT_DROP] = { "drop", "an ESP's loader loses byte N", 1000 },
	[SIM_FAULT_FLIP] = { "flip",
	    "an ESP's loader gets byte N with a wrong bit", 1000 },
	[SIM_FAULT_STUCK] = { "stuck",
	    "an ESP's flash takes nothing the Nth time", 1 },
	[SIM_FAULT_DIGEST] = { "digest", "an ESP's digests are wrong", 0 },
	[SIM_FAULT_MUTE] = { "mute",
	    "an ESP's loader is silent from request N on", 10 },
	{ .name = NULL }
};

static int
no_fault(const char *text, struct err *e)
{
	struct buf names = BUF_INIT;

	for (size_t i = 1; sim_fault_names[i].name != NULL; i++)
		buf_addf(&names, "%s%s", i > 1 ? ", " : "",
		    sim_fault_names[i].name);
	err_set(e, ERR_USAGE, "%s: no such fault", text);
	err_hint(e, "there are %s", names.data);
	buf_release(&names);
	return -1;
}

int
sim_fault_parse(const char *text, struct sim_fault *out, struct err *e)
{
	const size_t n = strcspn(text, ":");
	unsigned long v;
	char *end;
	size_t i;

	for (i = 0; sim_fault_names[i].name != NULL; i++)
		if (strlen(sim_fault_names[i].name) == n &&
		    strncmp(sim_fault_names[i].name, text, n) == 0)
			break;
	if (sim_fault_names[i].name == NULL)
		return no_fault(text, e);
	out->kind = (enum sim_fault_kind)i;
	out->n = sim_fault_names[i].n;
	if (text[n] == '\0')
		return 0;
	v = strtoul(text + n + 1, &end, 10);
	if (text[n + 1] == '\0' || *end != '\0' || v > UINT32_MAX)
		return err_set(e, ERR_USAGE, "%s: want a number after \":\"",
		    text);
	out->n = (uint32_t)v;
	return 0;
}
