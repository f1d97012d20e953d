/* SPDX-License-Identifier: MIT */
#include "flash/uf2/impl.h"

#define INFO_MAX	65536u		/* bytes of INFO_UF2.TXT */

int
drive_info(const struct flash_volume *v, struct info_uf2 *out, struct err *e)
{
	struct buf text = BUF_MAX(INFO_MAX);
	int r = volume_read(v, "INFO_UF2.TXT", &text, e);

	if (r == 0)
		r = info_uf2_parse(text.data, text.len, out, e);
	else if (e->code == ERR_NOT_FOUND)
		r = err_set(e, ERR_MISMATCH, "%s: no INFO_UF2.TXT, so not a "
		    "bootloader's drive", v->dir);
	buf_release(&text);
	return r;
}
