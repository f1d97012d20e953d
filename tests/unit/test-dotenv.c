/* SPDX-License-Identifier: MIT */
#include "front/dotenv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "tap.h"
#include "tmp.h"

static void
add_pair(const char *name, const char *value, void *ctx)
{
	buf_addf(ctx, "%s=[%s];", name, value);
}

static void
parses(const char *text, const char *want)
{
	struct buf got = BUF_INIT;

	dotenv_parse(text, strlen(text), add_pair, &got);
	IS_STR(got.data, want);
	buf_release(&got);
}

static void
test_lines(void)
{
	setenv("DIR", "/d", 1);
	unsetenv("NOTHING");
	parses("", "");
	parses("A=1", "A=[1];");
	parses("# x\n\nA = 1 \r\n  export B=2\n", "A=[1];B=[2];");
	parses("A=a b # c\nB=a#b\nC=#c", "A=[a b];B=[a#b];C=[#c];");
	parses("A='a # b'\nB=\"a\\n\\\"b\" # c\n", "A=[a # b];B=[a\n\"b];");
	parses("A=${DIR}/x${NOTHING}\nB='${DIR}'\nC=\"${DIR}\"\nD=${DIR\n"
	    "E=$DIR",
	    "A=[/d/x];B=[${DIR}];C=[/d];D=[${DIR];E=[$DIR];");
	parses("A=\nB=\"\"\n", "A=[];B=[];");
	/* What is no line of a variable is passed over. */
	parses("1A=1\n=2\nA\nA-B=1\nexported=1\nB=\"open\nC='open\nD=4",
	    "exported=[1];D=[4];");
}

static void
write_env(const char *path, const char *text, mode_t mode)
{
	struct err e = ERR_INIT;

	OK(file_write(path, text, strlen(text), mode, &e) == 0);
	OK(chmod(path, mode) == 0);
}

static void
test_file(void)
{
	struct err e = ERR_INIT;
	char *path;

	OK(mkdir("below", 0755) == 0 && chdir("below") == 0);
	write_env("../.env", "MPFLASH_FIRMWARE=~/fw\nMPFLASH_IGNORE=a b\n"
	    "PATH=/evil\nMPF_SHARE=/evil\n", 0644);
	setenv("HOME", "/h", 1);
	setenv("MPFLASH_IGNORE", "mine", 1);
	unsetenv("MPFLASH_FIRMWARE");
	unsetenv("MPF_SHARE");
	OK(dotenv_load(&path, &e) == 0);
	OK(path != NULL && strstr(path, "/.env") != NULL);
	IS_STR(getenv("MPFLASH_FIRMWARE"), "/h/fw");
	IS_STR(getenv("MPFLASH_IGNORE"), "mine");	/* set is set */
	OK(getenv("MPF_SHARE") == NULL);
	OK(strcmp(getenv("PATH"), "/evil") != 0);
	free(path);
	/* The nearest counts, and no file that others can write. */
	write_env(".env", "MPFLASH_QUIET=1\n", 0646);
	unsetenv("MPFLASH_QUIET");
	OK(dotenv_load(&path, &e) == -1 && e.code == ERR_PERMISSION);
	OK(getenv("MPFLASH_QUIET") == NULL);
	free(path);
	/* A virtual environment, or a fifo, is no such file. */
	OK(unlink(".env") == 0 && mkdir(".env", 0755) == 0);
	OK(dotenv_load(&path, &e) == 0);
	OK(path != NULL && strstr(path, "/below/.env") == NULL);
	free(path);
	OK(chdir("..") == 0);
}

int
main(void)
{
	test_lines();
	tmp_enter();
	test_file();
	tmp_leave();
	return tap_done();
}
