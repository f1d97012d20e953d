/* SPDX-License-Identifier: MIT */
#include "store/db.h"
#include "store/derived.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/*
 * For other programs: mpflash.db(5).  A column is added at the end, and never
 * renamed or taken away.
 */
static const struct {
	const char	*drop, *make;
} views[] = {
	{ "DROP VIEW IF EXISTS mpf_view_boards",
	    "CREATE VIEW mpf_view_boards AS SELECT d.uid, "
	    "d.device_id AS place, d.port, d.board_id, d.variant, d.version, "
	    "d.build, d.commit_id AS git_commit, d.custom, d.source, "
	    "d.file_name, d.sha256, d.flashed_at, d.recorded_at, "
	    "d.toml_state, d.toml_reason, q.at AS queued_at "
	    "FROM mpf_device AS d LEFT JOIN mpf_queue AS q ON q.uid = d.uid" },
	{ "DROP VIEW IF EXISTS mpf_view_firmwares",
	    "CREATE VIEW mpf_view_firmwares AS SELECT f.file, f.port, "
	    "f.board_id, f.variant, f.version, f.build, "
	    "coalesce(c.git_commit, f.commit_id) AS git_commit, f.custom, "
	    "f.source, f.sha256, f.size_bytes, "
	    "coalesce(c.description, f.description) AS description, "
	    "f.added_at, c.trust, c.git_url, c.git_branch, c.git_tag, "
	    "c.git_commits_since_tag, c.git_dirty, "
	    "c.build_toolchain, c.build_python_version, c.build_date, "
	    "c.build_host, c.custom_author, c.custom_organization, "
	    "c.custom_features, c.custom_dependencies, c.custom_tags "
	    "FROM mpf_file AS f LEFT JOIN mpf_custom AS c ON "
	    "c.file = f.file UNION ALL SELECT "
	    "replace(f.firmware_file, '\\', '/'), f.port, f.board_id, NULL, "
	    "f.version, f.build, f.git_commit, f.custom, f.source, NULL, "
	    "NULL, f.description, NULL, NULL, NULL, f.git_branch, f.git_tag, "
	    "f.git_commits_since_tag, NULL, f.build_toolchain, "
	    "f.build_python_version, f.build_date, f.build_host, "
	    "f.custom_author, f.custom_organization, f.custom_features, "
	    "f.custom_dependencies, NULL "
	    "FROM firmwares AS f WHERE NOT EXISTS "
	    "(SELECT 1 FROM mpf_file AS m WHERE "
	    "m.file = replace(f.firmware_file, '\\', '/'))" },
	{ "DROP VIEW IF EXISTS mpf_view_history",
	    "CREATE VIEW mpf_view_history AS SELECT id, at, what, uid, "
	    "device_id AS place, host, user, port, board_id, variant, "
	    "version_before, version, file_name, sha256, method, stage, "
	    "state, attempts, took_ms, stages, error_code, error_message, "
	    "note, lower(hex(chain)) AS chain FROM mpf_event" },
	/*
	 * An installation is all attempts on a board up to the one that went
	 * well.  An attempt that never touched the board is none.
	 */
	{ "DROP VIEW IF EXISTS mpf_view_installations",
	    "CREATE VIEW mpf_view_installations AS "
	    "SELECT board, max(port) AS port, max(board_id) AS board_id, "
	    "max(method) AS method, max(host) AS host, "
	    "sum(attempts) AS attempts, max(done) AS done, "
	    "max(done) AND sum(attempts) = 1 AS first_pass, "
	    "min(at) AS began_at, max(at) AS ended_at FROM ("
	    "SELECT coalesce(uid, device_id) AS board, id, at, port, "
	    "board_id, method, host, "
	    "max(coalesce(attempts, 1), 1) AS attempts, "
	    "what = 'flashed' AS done, "
	    "coalesce(sum(what = 'flashed') OVER (PARTITION BY "
	    "coalesce(uid, device_id) ORDER BY id ROWS BETWEEN UNBOUNDED "
	    "PRECEDING AND 1 PRECEDING), 0) AS n FROM mpf_event "
	    "WHERE what = 'flashed' OR (what = 'failed' AND "
	    "stage = 'flash' AND state IS NOT NULL)) GROUP BY board, n" },
	{ "DROP VIEW IF EXISTS mpf_view_definitions",
	    "CREATE VIEW mpf_view_definitions AS SELECT port, board_id, "
	    "variant, first, last, name, machine, mcu, product, vendor, url, "
	    "released, custom FROM mpf_board" },
};

int
derived_drop(struct store *s, struct err *e)
{
	for (size_t i = 0; i < N(views); i++)
		if (db_exec(s, views[i].drop, e) == -1)
			return -1;
	return 0;
}

int
views_make(struct store *s, struct err *e)
{
	if (derived_drop(s, e) == -1)
		return -1;
	for (size_t i = 0; i < N(views); i++)
		if (db_exec(s, views[i].make, e) == -1)
			return -1;
	return 0;
}
