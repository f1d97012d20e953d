/* SPDX-License-Identifier: MIT */
#include "link/link.h"

#include <libserialport.h>
#include <stdlib.h>

#include "base/mem.h"

int
link_list(char ***out, struct err *e)
{
	struct sp_port **ports;
	size_t n = 0;

	if (sp_list_ports(&ports) != SP_OK)
		return err_set(e, ERR_IO, "serial ports: cannot be listed");
	while (ports[n] != NULL)
		n++;
	*out = mem_alloc((n + 1) * sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = mem_str(sp_get_port_name(ports[i]));
	sp_free_port_list(ports);
	return 0;
}

void
link_list_free(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}
