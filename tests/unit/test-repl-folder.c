/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include "../tests/unit/repl_said.h"
#include "../tests/unit/tap.h"
#include "base/clock.h"

/* What a conversation is about; its function is called in the session. */
struct talk {
	struct conv	 conv;
	struct buf	 out;		/* what was heard */
	int		 stop_at;	/* the entry that ends a list; 0 */
	struct err	 e;
	int		 res;
};

static int64_t
in_30s(void)
{
	return clock_ms() + 30000;
}

static void
play(struct talk *t, void (*ask)(struct talk *t, struct repl *r))
{
	struct link *l = NULL;
	struct repl *r = NULL;
	struct err why = ERR_INIT;

	buf_adds(&t->conv.text, said_closing);
	OK(link_replay(t->conv.text.data, &l, &why) == 0);
	OK(repl_enter(l, NULL, in_30s(), &r, &why) == 0);
	ask(t, r);
	OK(repl_leave(r, in_30s(), &why) == 0);
	OK(link_replay_done(l));
	link_close(l);
	buf_release(&t->conv.text);
	clock_fake(1000);
}

static int
note_entry(void *ctx, const char *path, int64_t size_bytes, struct err *e)
{
	struct talk *t = ctx;

	if (t->stop_at > 0 && --t->stop_at == 0)
		return err_set(e, ERR_SPACE, "stopped");
	buf_addf(&t->out, "%s=%lld ", path, (long long)size_bytes);
	return 0;
}

static void
ask_list(struct talk *t, struct repl *r)
{
	t->res = repl_list(r, "/flash", NULL, in_30s(), note_entry, t, &t->e);
}

/* fields: "KEY:VALUE|..." as list.py would answer. */
static void
try_list(struct talk *t, const char *fields, const char *raised)
{
	struct buf answer = BUF_INIT;

	*t = (struct talk){ .conv = { .text = BUF_INIT }, .out = BUF_INIT,
		.e = ERR_INIT, .stop_at = t->stop_at };
	conv_begin(&t->conv, "rp2");
	while (*fields != '\0') {
		const size_t k = strcspn(fields, ":");
		const size_t v = strcspn(fields + k + 1, "|");
		char key[16];

		snprintf(key, sizeof(key), "%.*s", (int)k, fields);
		parcel_put(&answer, key, fields + k + 1, v);
		fields += k + 1 + v;
		fields += *fields == '|';
	}
	conv_step(&t->conv, &answer, raised, "list", "/flash", NULL);
	buf_release(&answer);
	play(t, ask_list);
}

static void
test_list(void)
{
	static const char *const odd[] = {
		"what:/a", "file:/a", "file:12", "file:12/a", "file:-1 /a",
		"file:12 a", "file: /a", "folder:a", "folder:",
		"file:99999999999999999999 /a",
	};
	struct talk t = { .stop_at = 0 };

	try_list(&t, "folder:/lib|file:12 /lib/a b|file:0 /none", NULL);
	OK(t.res == 0);
	IS_STR(t.out.data, "/lib=-1 /lib/a b=12 /none=0 ");
	buf_release(&t.out);
	try_list(&t, "", NULL);
	OK(t.res == 0 && t.out.len == 0);
	try_list(&t, "", "OSError(2,)");
	OK(t.res == -1 && t.e.code == ERR_NOT_FOUND);
	IS_STR(t.e.msg, "/flash: no such file on the board");
	t.stop_at = 2;
	try_list(&t, "file:1 /a|file:2 /b|file:3 /c", NULL);
	OK(t.res == -1 && t.e.code == ERR_SPACE);
	IS_STR(t.out.data, "/a=1 ");
	buf_release(&t.out);
	t.stop_at = 0;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		try_list(&t, odd[i], NULL);
		OK(t.res == -1 && t.e.code == ERR_PROTOCOL);
		OK(t.out.len == 0);
	}
}

static void
ask_hash(struct talk *t, struct repl *r)
{
	char hex[DIGEST_HEX] = "";

	t->res = repl_hash_file(r, "/a", in_30s(), hex, &t->e);
	buf_adds(&t->out, hex);
}

static void
test_hash(void)
{
	struct talk t;
	struct buf answer = BUF_INIT;

	for (size_t n = 31; n <= 33; n++) {
		t = (struct talk){ .conv = { .text = BUF_INIT },
			.out = BUF_INIT, .e = ERR_INIT };
		conv_begin(&t.conv, "rp2");
		buf_clear(&answer);
		parcel_put(&answer, "sha256",
		    "0123456789abcdef0123456789abcdef0", n);
		conv_step(&t.conv, &answer, NULL, "hash", "/a", NULL);
		play(&t, ask_hash);
		OK(t.res == (n == 32 ? 1 : -1));
		OK((t.out.len == 64) == (n == 32));
		buf_release(&t.out);
	}
	t = (struct talk){ .conv = { .text = BUF_INIT }, .e = ERR_INIT };
	conv_begin(&t.conv, "rp2");
	conv_done(&t.conv, NULL, "hash", "/a", NULL);
	play(&t, ask_hash);
	OK(t.res == 0);			/* it cannot tell */
	buf_release(&answer);
	buf_release(&t.out);
}

static void
ask_free(struct talk *t, struct repl *r)
{
	int64_t room = -1;

	t->res = repl_free_bytes(r, "", in_30s(), &room, &t->e);
	buf_addf(&t->out, "%lld", (long long)room);
}

static void
test_free(void)
{
	static const struct {
		const char	*key, *text, *room;	/* room NULL: odd */
	} cases[] = {
		{ "free", "4096", "4096" }, { "free", "0", "0" },
		{ "free", "", NULL }, { "free", "12x", NULL },
		{ "free", "-1", NULL }, { "fee", "12", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk t = { .conv = { .text = BUF_INIT },
			.out = BUF_INIT, .e = ERR_INIT };
		struct buf answer = BUF_INIT;

		conv_begin(&t.conv, "rp2");
		parcel_put(&answer, cases[i].key, cases[i].text,
		    strlen(cases[i].text));
		conv_step(&t.conv, &answer, NULL, "space", "", NULL);
		play(&t, ask_free);
		OK((t.res == 0) == (cases[i].room != NULL));
		if (cases[i].room != NULL)
			IS_STR(t.out.data, cases[i].room);
		else
			OK(t.e.code == ERR_PROTOCOL);
		buf_release(&answer);
		buf_release(&t.out);
	}
}

/* 20,000 bytes in pieces of 8192, and one that the file lost meanwhile. */
static void
ask_pieces(struct talk *t, struct repl *r)
{
	t->res = repl_read_pieces(r, "/a", 20000, in_30s(), &t->out, &t->e);
}

static void
test_pieces(void)
{
	static const char *const from[] = { "0", "8192", "16384" };
	static const char *const size[] = { "8192", "8192", "3616" };
	static const size_t sent[] = { 8192, 8192, 3000 };
	static char bytes[8192];
	struct talk t = { .conv = { .text = BUF_INIT }, .out = BUF_INIT,
		.e = ERR_INIT };

	memset(bytes, 'x', sizeof(bytes));
	conv_begin(&t.conv, "rp2");
	for (size_t i = 0; i < 3; i++) {
		const struct script_arg args[] = { script_text("/a"),
			script_text(from[i]), script_text(size[i]) };
		struct buf answer = BUF_INIT;

		parcel_put(&answer, "data", bytes, sent[i]);
		conv_answer(&t.conv, conv_send(&t.conv, "read", args, 3),
		    &answer, NULL);
		buf_release(&answer);
	}
	play(&t, ask_pieces);
	OK(t.res == 0 && t.out.len == 8192 + 8192 + 3000);
	buf_release(&t.out);
}

int
main(void)
{
	clock_fake(1000);
	test_list();
	test_hash();
	test_free();
	test_pieces();
	return tap_done();
}
