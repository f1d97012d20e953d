/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "board/board.h"
#include "board/facts.h"
#include "board/probe.h"
#include "board/session.h"
#include "link/link.h"
#include "repl/parcel.h"

/*
 * What is asked, for facts.py, in groups that each stand alone: a board
 * without room for all is asked one after the other.  A later answer to the
 * same key counts.
 */
enum { NAME = 1, BUILD = 2, MACHINE = 4, RELEASE = 8, ID = 16, CIRCUIT_ID = 32,
    STORAGE = 64 };

static const struct {
	int		 groups;
	const char	*text;
} questions[] = {
	{ NAME | BUILD | MACHINE, "=import sys as s" },
	{ NAME | BUILD | MACHINE, "=i=s.implementation" },
	{ NAME, "name=i[0]" },
	{ NAME, "version=\".\".join([str(n)for n in i[1][:3]])+"
	    "(\"-\"+i[1][3]if i[1][3:]and i[1][3]else\"\")" },
	{ NAME, "platform=s.platform" },
	{ BUILD, "build=i._build" },
	{ BUILD, "mpy=str(i._mpy)" },
	{ BUILD, "mpy=str(i.mpy)" },
	{ BUILD, "sysver=s.version" },
	{ MACHINE | RELEASE, "=import os" },
	{ MACHINE | RELEASE, "=u=os.uname()" },
	{ MACHINE, "machine=getattr(i,\"_machine\",0)or u[4]" },
	{ RELEASE, "release=u[2]" },
	{ RELEASE, "uversion=u[3]" },
	{ ID, "=import machine as m" },
	{ ID, "uid=m.unique_id()" },
	{ CIRCUIT_ID, "=import microcontroller as c,board as b" },
	{ CIRCUIT_ID, "build=b.board_id" },
	{ CIRCUIT_ID, "uid=c.cpu.uid" },
	/* Where new firmware may put another file system, or itself. */
	{ STORAGE, "=import os,sys" },
	{ STORAGE, "=P=sys.platform==\"esp32\"and "
	    "__import__(\"esp32\").Partition" },
	{ STORAGE, "=p=(P.find(1,label=\"vfs\")or "
	    "P.find(1,label=\"ffat\"))[0].info()" },
	{ STORAGE, "=f=sys.platform==\"esp8266\"and "
	    "__import__(\"flashbdev\").bdev" },
	{ STORAGE, "=p=0,0,f.start_sec*4096,f.blocks*4096" },
	{ STORAGE, "storage=\" \".join([str(v)for v in(p[2],p[3],len([n for n"
	    " in os.listdir(\"/\")if n not in(\"boot.py\",\"mpflash.toml\")])"
	    ")])" },
};

#define GROUP_TRIES	3
#define QUESTIONS	(sizeof(questions) / sizeof(questions[0]))

/* And for files.py: where they may lie, /flash beside cards. */
static const char *const files[] = {
	"info=/flash/board_info.toml|/board_info.toml|board_info.toml",
	"record=/flash/mpflash.toml|/mpflash.toml|mpflash.toml",
};

#define FILES		(sizeof(files) / sizeof(files[0]))

size_t
probe_questions(int groups, struct script_arg out[SCRIPT_ARGS])
{
	size_t n = 0;

	for (size_t i = 0; i < QUESTIONS; i++)
		if ((questions[i].groups & groups) != 0)
			out[n++] = (struct script_arg){ questions[i].text,
			    strlen(questions[i].text) };
	return n;
}

size_t
probe_files(struct script_arg out[SCRIPT_ARGS])
{
	for (size_t i = 0; i < FILES; i++)
		out[i] = (struct script_arg){ files[i], strlen(files[i]) };
	return FILES;
}

/* *full: the board's heap has no room for it; *raised: it raises. */
static int
call_script(struct repl *r, const char *script, const struct script_arg *args,
    size_t n, int64_t deadline, struct buf *out, bool *raised, bool *full,
    struct err *e)
{
	static const char memory[] = "MemoryError";
	const int res = repl_call(r, script, args, n, deadline, out, raised,
	    e);

	*full = *raised && strncmp(e->msg, memory, sizeof(memory) - 1) == 0;
	if (*full)
		err_todo(e, NEXT_RESET_BOARD,
		    "reset the board, so that its memory is free");
	else if (res == -1 && e->code == ERR_PROTOCOL)
		err_hint(e, *raised ? "reset the board, and try again" :
		    "what a timer or a thread prints gets in between: reset "
		    "the board, and try again");
	return res;
}

static int
ask_facts(struct repl *r, int groups, int64_t deadline, struct buf *out,
    bool *full, struct err *e)
{
	struct script_arg args[SCRIPT_ARGS];
	const size_t n = probe_questions(groups, args);
	bool raised = false;

	if (call_script(r, "facts", args, n, deadline, out, &raised, full,
	    e) == 0)
		return 0;
	return raised ? err_wrap(e, "the board answers") : -1;
}

/* Where garbage lies in the way of a parser, it may not lie there again. */
static int
ask_group(struct repl *r, int group, int64_t deadline, struct buf *out,
    struct err *e)
{
	bool full = true;
	int res = -1;

	for (int i = 0; i < GROUP_TRIES && res == -1 && full; i++) {
		full = false;
		res = repl_make_room(r, deadline, e);
		if (res == 0)
			res = ask_facts(r, group, deadline, out, &full, e);
	}
	return res;
}

/*
 * What a program that was interrupted left in the heap is of no use to it any
 * more; an idle board's variables stay.
 */
static int
ask_in_parts(struct repl *r, int64_t deadline, struct buf *out,
    struct err *e)
{
	/* No ESP chip has so little room: the storage is not asked for. */
	if (repl_interrupted(r))
		return ask_group(r, PROBE_ALL & ~STORAGE, deadline, out, e);
	for (int group = NAME; group <= CIRCUIT_ID; group <<= 1)
		if (ask_group(r, group, deadline, out, e) == -1)
			return -1;
	return repl_make_room(r, deadline, e);
}

/* Its files; where asking for them raises, that is why it has none. */
static int
ask_files(struct repl *r, int64_t deadline, struct buf *out, struct err *e)
{
	struct script_arg args[SCRIPT_ARGS];
	const size_t n = probe_files(args);
	struct err why = ERR_INIT;
	bool raised = false, full = false;
	int res;

	res = call_script(r, "files", args, n, deadline, out, &raised,
	    &full, &why);
	if (full && repl_make_room(r, deadline, e) == 0)
		res = call_script(r, "files", args, n, deadline, out,
		    &raised, &full, &why);
	if (res == -1 && raised && !full) {
		parcel_put(out, "info-shut", why.msg, strlen(why.msg));
		parcel_put(out, "record-shut", why.msg, strlen(why.msg));
		return 0;
	}
	if (res == -1)
		*e = why;
	return res;
}

int
probe_ask(struct repl *r, int64_t deadline, struct probe *out, struct err *e)
{
	struct buf fields = BUF_INIT;
	struct err why = ERR_INIT;
	bool full;
	int res = ask_facts(r, PROBE_ALL, deadline, &fields, &full, &why);

	if (res == -1 && full)
		res = ask_in_parts(r, deadline, &fields, &why);
	if (res == 0)
		res = ask_files(r, deadline, &fields, &why);
	if (res == 0)
		res = probe_parse(&fields, out, &why);
	buf_release(&fields);
	if (res == -1)
		*e = why;
	return res;
}

/* As session_begin and session_close do; a board left badly is no answer. */
static int
ask_over(struct link *l, const struct session_opts *how,
    struct board_answer *out, bool *interrupted, struct err *e)
{
	struct session s = SESSION_INIT;
	struct err why = ERR_INIT;
	int res = session_begin(l, how, &s, e);

	*interrupted = s.interrupted;
	if (res == -1)
		return s.entered ? session_blame(e) : -1;
	board_facts(&s.says, out);
	if (session_close(&s, &why) == 0)
		return 0;
	board_answer_release(out);
	*out = (struct board_answer)BOARD_ANSWER_INIT;
	*e = why;
	return session_blame(e);
}

int
board_ask(const struct link_addr *at, const struct board_ask_opts *o,
    struct board_answer *out, struct err *e)
{
	const struct session_opts how = { o->deadline, o->no_interrupt,
		o->may_stop };
	struct link *l = NULL;
	bool interrupted;
	int res;

	if (link_connect(at, NULL, &l, e) == -1)
		return -1;
	res = ask_over(l, &how, out, &interrupted, e);
	if (res == 0 && interrupted)
		out->board.interrupted = 1;
	else if (res == -1 && interrupted)
		out->interrupt = "sent";
	else if (res == -1 && e->code == ERR_BUSY)
		out->interrupt = "withheld";
	if (res == -1 && strstr(e->msg, at->name) == NULL)
		err_wrap(e, "%s", at->name);
	link_close(l);
	return res;
}
