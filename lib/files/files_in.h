/* SPDX-License-Identifier: MIT */
#ifndef MPF_FILES_IN_H
#define MPF_FILES_IN_H

#include "base/digest.h"
#include "board/session.h"
#include "files/files.h"
#include "tar/tar.h"

/* files_in: what the files of this module share. */

/* Where the file system of a port's boards is, and on what device. */
struct files_port {
	const char	*port;
	const char	*root;		/* where its files are: "", "/flash" */
	const char	*mount;		/* where it is mounted: "/", "/flash" */
	/* The device whose blocks can be erased, in Python; NULL: cannot. */
	const char	*blocks;
	/* Class, device and arguments of each kind, best first. */
	const char	*kinds[10];
};

/* NULL: not known. */
const struct files_port	*files_port(const char *port);

#define FILES_SIZE_MAX	(16u << 20)	/* bytes of a file on a board */

struct files_entry {
	char	*path;			/* "/lib/a.py", below the root */
	int64_t	 size_bytes;		/* -1: a folder */
	char	 sha256[DIGEST_HEX];	/* "": not known */
};

struct files_list {
	struct files_entry	*v;	/* sorted by path */
	size_t			 n;
	int64_t			 size_bytes;	/* of all files */
	size_t			 count;	/* of files */
};

void	files_list_release(struct files_list *l);
void	files_list_add(struct files_list *l, const char *path,
	    int64_t size_bytes, const char *sha256);
void	files_list_sort(struct files_list *l);

/* A session with the board of the job, and where its files are. */
struct files_board {
	const struct files_job	*job;
	struct session		 session;
	const char		*root;
	/* For progress. */
	const char		*step;
	int64_t			 before, total;	/* bytes */
};

#define FILES_BOARD_INIT	{ .session = SESSION_INIT }

int	files_open(const struct files_job *job, struct files_board *out,
	    struct err *e);
int	files_close(struct files_board *b, struct err *e);
/* All that is there, sorted; other file systems at the root are left out. */
int	files_look(struct files_board *b, struct files_list *out,
	    struct err *e);
/* The name of that path on the board; the caller frees it. */
char	*files_name(const struct files_board *b, const char *path);
/* From here on progress tells of bytes in this step, of total in all. */
void	files_begin_step(struct files_board *b, const char *step,
	    int64_t total);
/* So many more bytes are done, besides those of the file under way. */
void	files_step(struct files_board *b, int64_t bytes);

/* The manifest of an archive: a record of the board, and one for each entry. */
void	files_manifest_write(const struct files_job *job,
	    const struct files_list *l, struct buf *out);
/* uid: of its board, or NULL; the caller frees it. */
int	files_manifest_read(const struct buf *text, const char *path,
	    struct files_list *out, char **uid, struct err *e);

#define FILES_MANIFEST	"manifest.ndjson"
#define FILES_FOLDER	"files"

/*
 * Opens an archive, and compares each of its files with the manifest.  The
 * caller closes and releases, on failure too.
 */
int	files_archive_open(const char *path, struct tar *tar,
	    struct files_list *out, char **uid, struct err *e);
/* The bytes of an entry of the manifest. */
int	files_archive_read(const struct tar *tar, const struct files_entry *f,
	    struct buf *out, struct err *e);
/* Writes what the archive holds, and the board does not. */
int	files_write_all(struct files_board *b, const struct tar *tar,
	    const struct files_list *want, struct files_done *done,
	    struct err *e);

#endif
