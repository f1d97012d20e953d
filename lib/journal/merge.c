/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "journal/about.h"
#include "journal/said.h"

static void
remove_empty(struct toml *t, const char *key)
{
	const struct toml *v = toml_get(t, key);

	if (v != NULL && toml_type(v) == TOML_TABLE && toml_len(v) == 0)
		toml_remove(t, key);
}

/* What [firmware], [source], [build] and [custom] hold is of one firmware. */
static void
forget_firmware(struct toml *t)
{
	static const char *const stale[] = {
		"firmware.build", "firmware.commit", "firmware.flash_date",
		"firmware.description", "firmware.custom", "source",
		"build.toolchain_version", "build.python_version",
		"build.build_date", "build.build_host", "custom.author",
		"custom.organization", "custom.features",
		"custom.dependencies", "custom.tags"
	};

	for (size_t i = 0; i < sizeof(stale) / sizeof(stale[0]); i++)
		toml_remove(t, stale[i]);
	remove_empty(t, "build");
	remove_empty(t, "custom");
}

static void
remove_no_table(struct toml *t, const char *key)
{
	const struct toml *v = toml_get(t, key);

	if (v != NULL && toml_type(v) != TOML_TABLE)
		toml_remove(t, key);
}

static void
put_or_remove(struct toml *t, const char *path, const char *s)
{
	if (s != NULL)
		toml_put_str(t, path, s);
	else
		toml_remove(t, path);
}

/* "http", "git" or "local". */
static const char *
source_type(const char *source)
{
	static const struct {
		const char	*prefix, *type;
	} types[] = {
		{ "git+", "git" },
		{ "git://", "git" },
		{ "git@", "git" },
		{ "http://", "http" },
		{ "https://", "http" },
	};
	const size_t n = source != NULL ? strlen(source) : 0;

	if (n > 4 && strcmp(source + n - 4, ".git") == 0)
		return "git";
	for (size_t i = 0; n > 0 && i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(source, types[i].prefix,
		    strlen(types[i].prefix)) == 0)
			return types[i].type;
	return "local";
}

static void
merge_source(const struct journal *j, struct toml *t)
{
	char hash[JOURNAL_HASH];

	const bool git = about_has_git(&j->about);

	if (j->source == NULL && j->file_name == NULL && j->sha256 == NULL)
		return;
	toml_put_str(t, "source.type", git ? "git" : source_type(j->source));
	/* A path says nothing on another host; an address does. */
	put_or_remove(t, "source.url", j->source != NULL &&
	    strstr(j->source, "://") != NULL ? j->source : NULL);
	put_or_remove(t, "source.filename", j->file_name);
	journal_hash(j, hash);
	put_or_remove(t, "source.hash", hash[0] != '\0' ? hash : NULL);
	if (git && j->about.git_url != NULL)
		toml_put_str(t, "source.url", j->about.git_url);
}

static void
merge_firmware(const struct journal *j, struct toml *t)
{
	char name[JOURNAL_NAME];
	bool custom;

	journal_name(j, name);
	toml_put_str(t, "firmware.board_id", name);
	toml_put_str(t, "firmware.port", j->port);
	toml_put_str(t, "firmware.version", j->version);
	if (j->build != -1)
		toml_put_int(t, "firmware.build", j->build);
	if (j->commit != NULL && toml_get(t, "firmware.commit") == NULL)
		toml_put_str(t, "firmware.commit", j->commit);
	if (j->flash_date != NULL)
		toml_put_datetime(t, "firmware.flash_date", j->flash_date);
	if (j->flashed && j->about.description != NULL)
		toml_put_str(t, "firmware.description", j->about.description);
	else if (j->description != NULL &&
	    (j->flashed || toml_get(t, "firmware.description") == NULL))
		toml_put_str(t, "firmware.description", j->description);
	if (j->custom != -1 ||
	    !toml_bool(toml_get(t, "firmware.custom"), &custom))
		toml_put_bool(t, "firmware.custom", j->custom == 1);
}

bool
journal_merge(const struct journal *j, struct toml *t)
{
	struct toml *was = toml_copy(t);
	bool changed;

	remove_no_table(t, "firmware");
	remove_no_table(t, "source");
	if (!said_true(j, t) || (j->flashed && !said_hash(j, t)))
		forget_firmware(t);
	merge_firmware(j, t);
	/* Where it came from is known now, or was not known before. */
	if (j->flashed || toml_get(t, "source") == NULL)
		merge_source(j, t);
	if (j->flashed)
		about_put(&j->about, t);
	changed = !toml_equal(was, t);
	toml_free(was);
	return changed;
}
