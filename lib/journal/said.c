/* SPDX-License-Identifier: MIT */
#include "journal/said.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define HASH_PREFIX	"sha256:"

static bool
differs_from_file(const struct toml *t, const char *path, const char *now)
{
	const struct toml *v = toml_get(t, path);
	const char *s = toml_str(v);

	return v != NULL && now != NULL && (s == NULL || strcmp(s, now) != 0);
}

/* One may be longer than the other. */
static bool
commit_differs(const struct toml *t, const char *now)
{
	const struct toml *v = toml_get(t, "firmware.commit");
	const char *s = toml_str(v);
	size_t n;

	if (v == NULL || now == NULL)
		return false;
	if (s == NULL || *s == '\0')
		return true;
	n = strlen(s) < strlen(now) ? strlen(s) : strlen(now);
	return strncmp(s, now, n) != 0;
}

bool
said_true(const struct journal *j, const struct toml *t)
{
	const struct toml *build = toml_get(t, "firmware.build");
	char name[JOURNAL_NAME];
	int64_t v;

	if (j->board_id != NULL)
		journal_name(j, name);
	return toml_get(t, "firmware.version") != NULL &&
	    !differs_from_file(t, "firmware.port", j->port) &&
	    (j->board_id == NULL || !differs_from_file(t, "firmware.board_id",
	    name)) && !differs_from_file(t, "firmware.version", j->version) &&
	    !commit_differs(t, j->commit) &&
	    (build == NULL || j->build == -1 ||
	    (toml_int(build, &v) && v == j->build));
}

void
journal_hash(const struct journal *j, char out[JOURNAL_HASH])
{
	snprintf(out, JOURNAL_HASH, "%s%s",
	    j->sha256 != NULL ? HASH_PREFIX : "",
	    j->sha256 != NULL ? j->sha256 : "");
}

bool
said_hash(const struct journal *j, const struct toml *t)
{
	const char *s = toml_str(toml_get(t, "source.hash"));
	char hash[JOURNAL_HASH];

	journal_hash(j, hash);
	return s != NULL && strcmp(s, hash) == 0;
}

/* What we know of board.record, back as TOML, or NULL. */
static struct toml *
tree_of(const struct record *rec)
{
	static const char *const strings[] = {
		"firmware.board_id", "firmware.port", "firmware.version",
		"firmware.commit", "firmware.description", "source.type",
		"source.url", "source.filename", "source.hash"
	};
	struct err ignored;
	struct toml *t;
	const char *s;
	char path[64];
	int64_t build;
	int custom;

	if (!record_has(rec, "board.record"))
		return NULL;
	t = toml_new(TOML_TABLE);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		snprintf(path, sizeof(path), "board.record.%s", strings[i]);
		if ((s = record_str(rec, path)) != NULL)
			toml_put_str(t, strings[i], s);
	}
	s = record_str(rec, "board.record.firmware.flash_date");
	if (s != NULL && toml_put_datetime(t, "firmware.flash_date", s) == -1)
		toml_put_str(t, "firmware.flash_date", s);
	if (record_opt_int(rec, "board.record.firmware.build", &build,
	    &ignored) == 0 && build != -1)
		toml_put_int(t, "firmware.build", build);
	if (record_opt_bool(rec, "board.record.firmware.custom", &custom,
	    &ignored) == 0 && custom != -1)
		toml_put_bool(t, "firmware.custom", custom == 1);
	return t;
}

bool
said_take(struct journal *j, const struct record *rec)
{
	struct toml *t = tree_of(rec);
	const struct toml *date;
	const char *hash;
	bool custom, source;

	if (t == NULL || !said_true(j, t)) {
		toml_free(t);
		return false;
	}
	date = toml_get(t, "firmware.flash_date");
	if (date != NULL && toml_type(date) == TOML_DATETIME)
		j->flash_date = record_str(rec,
		    "board.record.firmware.flash_date");
	if (j->custom == -1 &&
	    toml_bool(toml_get(t, "firmware.custom"), &custom))
		j->custom = custom;
	source = toml_get(t, "source") != NULL;
	j->source = record_str(rec, "board.record.source.url");
	if (j->source != NULL && text_url_host(j->source) != NULL)
		j->source = NULL;	/* a password is kept nowhere else */
	j->file_name = record_str(rec, "board.record.source.filename");
	hash = record_str(rec, "board.record.source.hash");
	if (hash != NULL &&
	    strncmp(hash, HASH_PREFIX, strlen(HASH_PREFIX)) == 0)
		j->sha256 = hash + strlen(HASH_PREFIX);
	toml_free(t);
	return source;
}

/* A board that does not know its variant may well be the one of the file. */
static void
take_file_variant(struct journal *j, const struct toml *t)
{
	const char *name = toml_str(toml_get(t, "firmware.board_id"));
	const size_t n = j->board_id != NULL ? strlen(j->board_id) : 0;

	if (j->variant == NULL && name != NULL && n > 0 &&
	    strncmp(name, j->board_id, n) == 0 && name[n] == '-')
		j->variant = name + n + 1;
}

bool
journal_stale(const struct record *rec, char why[JOURNAL_WHY])
{
	struct journal j = JOURNAL_INIT;
	struct toml *t = tree_of(rec);
	const char *version, *name;
	struct err ignored;
	bool stale = false;

	j.version = record_str(rec, "board.version");
	j.port = record_str(rec, "board.port");
	j.board_id = record_str(rec, "board.board_id");
	j.variant = record_str(rec, "board.variant");
	j.commit = record_str(rec, "board.commit");
	if (record_opt_int(rec, "board.build", &j.build, &ignored) == -1)
		j.build = -1;
	version = t != NULL ? toml_str(toml_get(t, "firmware.version")) : NULL;
	if (version != NULL && j.version != NULL) {
		take_file_variant(&j, t);
		stale = !said_true(&j, t);
		name = toml_str(toml_get(t, "firmware.board_id"));
		snprintf(why, JOURNAL_WHY, "it names %.40s%s%.60s, the board "
		    "runs %.40s", version, name != NULL ? " of " : "",
		    name != NULL ? name : "", j.version);
	}
	toml_free(t);
	return stale;
}

bool
journal_current(const struct journal *j, const struct record *rec)
{
	struct toml *t = j->flashed ? NULL : tree_of(rec);
	const bool current = t != NULL && !journal_merge(j, t);

	toml_free(t);
	return current;
}
