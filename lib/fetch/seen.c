/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/run.h"

void
seen_free(struct seen_file *s)
{
	struct seen_file *next;

	for (; s != NULL; s = next) {
		next = s->next;
		free(s->path);
		free(s);
	}
}

static bool
is_same_stat(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The file as it was read, or is read now; what it was before is forgotten. */
static struct seen_file *
find_seen(struct fetch *f, const char *path, struct err *e)
{
	struct seen_file **p = &f->seen, *s;
	struct local_file local;
	struct stat st;

	if (stat(path, &st) == -1) {
		err_sys(e, "%s", path);
		return NULL;
	}
	while ((s = *p) != NULL && strcmp(s->path, path) != 0)
		p = &s->next;
	if (s != NULL && is_same_stat(&s->st, &st))
		return s;
	if (local_read(path, NULL, url_file(path), &local, e) == -1)
		return NULL;
	if (s == NULL) {
		s = *p = mem_alloc(sizeof(*s));
		s->path = mem_str(path);
	}
	s->st = st;
	s->local = local;
	s->signed_ok = false;
	return s;
}

int
item_look(const struct item *it, const char *path, struct local_file *out,
    struct err *e)
{
	struct fetch *f = it->f;
	struct seen_file *s = find_seen(f, path, e);

	if (s == NULL)
		return -1;
	*out = s->local;
	if (local_judge(f->store, url_file(path), &it->job->chosen, out,
	    e) == -1 || (!s->signed_ok && item_check_sig(it, path,
	    url_file(path), e) == -1))
		return -1;
	s->signed_ok = true;
	out->signature_ok = f->n_keys > 0;
	return 0;
}
