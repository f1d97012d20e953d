/* SPDX-License-Identifier: MIT */
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "db/db.h"

/* create: the folder and its database, and whose they are. */

#define GROUP_NAME_MAX	16384u		/* bytes of a line of group(5) */

/* "the group lab", or by its number. */
static char *
group_text(gid_t id)
{
	char *room = mem_alloc(GROUP_NAME_MAX), *text;
	struct group g, *found = NULL;

	if (getgrgid_r(id, &g, room, GROUP_NAME_MAX, &found) == 0 &&
	    found != NULL)
		text = mem_printf("the group %s", found->gr_name);
	else
		text = mem_printf("the group %lu", (unsigned long)id);
	free(room);
	return text;
}

/* Who may do what with new files here, by the mode of the folder. */
static char *
access_text(const struct stat *st)
{
	char *group, *text;

	if ((st->st_mode & S_ISGID) == 0)
		return mem_str("new files are for their owner alone");
	group = group_text(st->st_gid);
	text = mem_printf("new files get mode %04o, and are for %s",
	    (unsigned)st->st_mode & 0666, group);
	free(group);
	return text;
}

int
db_create(struct db *db, struct err *e)
{
	struct record *rec;
	struct stat st;
	char *text;

	if (stat(store_dir(db->l.store), &st) == -1)
		return err_sys(e, "%s", store_dir(db->l.store));
	rec = record_new();
	text = access_text(&st);
	record_put_str(rec, "database.kind", "database");
	record_put_str(rec, "database.state", store_found(db->l.store) ==
	    store_version() ? "unchanged" : "created");
	record_put_str(rec, "database.reason", text);
	free(text);
	db->l.tell(rec, NULL, db->l.ctx);
	return 0;
}
