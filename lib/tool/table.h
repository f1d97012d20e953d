/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_TABLE_H
#define MPF_TOOL_TABLE_H

#include "tool/tool.h"

/*
 * table: what records say, in lines for people, and the cells of a terminal.
 * For lib/tool, and for a program that reads the records of several tools.
 */

struct table;

/* What people call the device: its port, its drive, else its place; NULL. */
const char	*run_device(const struct record *rec);
/* That, else the firmware's board. */
const char	*run_label(const struct record *rec);

/* The text, with the device's label where it has the id; free it. */
char	*run_named(const char *text, const char *id, const char *label);

/* How a table looks, and what the user has seen already. */
struct table_look {
	const struct column	*columns;
	const char		*said;	/* errors of this stage; NULL */
	bool			 all_said;	/* ... or those of all stages */
	bool			 colour;
};

/*
 * Is standard output to have colour?  As --color says, "always" or "never".
 * Else no, if NO_COLOR is not empty.  Else yes, if FORCE_COLOR or
 * CLICOLOR_FORCE is neither empty nor "0".  Else if it is a terminal that is
 * not "dumb".
 *
 * Source: no-color.org, force-color.org, bixense.com/clicolors.
 */
bool		 table_colour(const char *when);

/*
 * The table of all records, in the order they came: a line each, cut to the
 * width of the terminal.  A column without a word is left out.  An error's
 * message stands in the REASON of its row, else in a column of its own; below
 * is what was cut, and hints.
 */
struct table	*table_new(const struct table_look *look);
void		 table_add(struct table *t, const struct record *rec);
/* Prints it on standard output, and is gone. */
int		 table_end(struct table *t, struct err *e);
/* Where the language knows no arrow, "->". */
void		 table_arrow(struct buf *b);
/* The colour of a state, as SGR of ECMA-48, or NULL. */
const char	*column_colour(const char *text);

#define LAYOUT_GAP	2		/* blanks between two columns */

/* What a column does where the line is too long, least first. */
enum layout_yield { LAYOUT_KEEP, LAYOUT_GOES, LAYOUT_CUT_LAST, LAYOUT_CUT };

struct layout {
	size_t			width;	/* cells of its widest text */
	enum layout_yield	yield;
	bool			gone;
};

/* How many cells of a terminal it takes. */
size_t	layout_width(const char *s);
/* s, or its beginning (its end) and dots in width cells; free it. */
char	*layout_cut(const char *s, size_t width, const char *dots);
char	*layout_cut_front(const char *s, size_t width, const char *dots);
/*
 * Adds s to out in exactly width cells: escaped, cut with dots, or with blanks
 * behind it.  NULL is "".
 */
void	layout_cell(struct buf *out, const char *s, size_t width);
/* How many cells a line of standard output has; 0: it is no terminal. */
size_t	layout_room(void);
/*
 * Adds s to out in lines of at most room cells (0: in a single line), broken at
 * blanks.  The first line has so many cells already; the others begin with
 * indent blanks.  A word that is longer than a line stays whole.
 */
void	layout_wrap(struct buf *out, const char *s, size_t used, size_t indent,
	    size_t room);
/*
 * Makes n columns fit with gaps between.  Columns of less interest go where
 * texts would have fewer than 24 cells; the widest texts are cut first, to 8
 * if it must be, and names to 8 at last.
 */
void	layout_fit(struct layout *columns, size_t n, size_t room);

#endif
