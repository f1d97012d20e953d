/* SPDX-License-Identifier: MIT */
#include "base/dirs.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tap.h"
#include "tmp.h"

#define IS_DIR(call, want)	is_dir((call), (want), #call)

static void
is_dir(char *got, const char *want, const char *what)
{
	tap_is_str(got, want, what, __FILE__, __LINE__);
	free(got);
}

static void
forget_all(void)
{
	static const char *const names[] = { "HOME", "MPFLASH_FIRMWARE",
		"MPF_LOCKS", "MPF_SHARE", "XDG_CONFIG_HOME",
		"XDG_DOWNLOAD_DIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	setenv("HOME", "/h", 1);
}

static void
test_firmware(void)
{
	char here[PATH_MAX];

	forget_all();
	IS_DIR(dirs_firmware(NULL), "/h/Downloads/firmware");
	setenv("XDG_DOWNLOAD_DIR", "/dl", 1);
	IS_DIR(dirs_firmware(NULL), "/dl/firmware");
	setenv("XDG_DOWNLOAD_DIR", "relative", 1);	/* is to be ignored */
	IS_DIR(dirs_firmware(NULL), "/h/Downloads/firmware");
	setenv("MPFLASH_FIRMWARE", "~/fw", 1);
	IS_DIR(dirs_firmware(NULL), "/h/fw");
	OK(getcwd(here, sizeof(here)) != NULL);
	IS_DIR(dirs_firmware("."), here);
	snprintf(here + strlen(here), sizeof(here) - strlen(here), "/below");
	IS_DIR(dirs_firmware("below"), here);
	IS_DIR(dirs_firmware("~/mine"), "/h/mine");
	setenv("MPFLASH_FIRMWARE", "", 1);		/* as if unset */
	IS_DIR(dirs_firmware(NULL), "/h/Downloads/firmware");
}

/* The text of user-dirs.dirs, and the folder that follows from it. */
static const struct {
	const char	*text, *dir;
} user_dirs[] = {
	{ "", "/h/Downloads/firmware" },
	{ "XDG_DOWNLOAD_DIR=\"$HOME/Pobrane\"\n", "/h/Pobrane/firmware" },
	{ "# XDG_DOWNLOAD_DIR=\"/no\"\n  XDG_DOWNLOAD_DIR=\"/yes\"\n",
	    "/yes/firmware" },
	{ "\n\nXDG_DESKTOP_DIR=\"/d\"\nXDG_DOWNLOAD_DIR=\"/a \\\"b\\\\c\"",
	    "/a \"b\\c/firmware" },
	{ "XDG_DOWNLOAD_DIR=\"$HOME/\"\n", "/h//firmware" },
	{ "XDG_DOWNLOAD_DIR=\"relative\"\n", "/h/Downloads/firmware" },
	{ "XDG_DOWNLOAD_DIR=\"/never ends\n", "/h/Downloads/firmware" },
	{ "XDG_DOWNLOAD_DIR=\"/never ends\\", "/h/Downloads/firmware" },
	{ "MY_XDG_DOWNLOAD_DIR=\"/no\"\n", "/h/Downloads/firmware" },
};

static void
test_user_dirs(void)
{
	struct err e = ERR_INIT;

	forget_all();
	setenv("XDG_CONFIG_HOME", tmp_path, 1);
	for (size_t i = 0; i < sizeof(user_dirs) / sizeof(user_dirs[0]); i++) {
		OK(file_write("user-dirs.dirs", user_dirs[i].text,
		    strlen(user_dirs[i].text), 0644, &e) == 0);
		IS_DIR(dirs_firmware(NULL), user_dirs[i].dir);
	}
	forget_all();
	setenv("HOME", tmp_path, 1);
	OK(file_mkdirs(".config", 0755, &e) == 0);
	OK(file_write(".config/user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"/q\"\n",
	    22, 0644, &e) == 0);
	IS_DIR(dirs_firmware(NULL), "/q/firmware");
}

static void
test_others(void)
{
	char *s;

	forget_all();
	IS_DIR(dirs_state(), "/h/.local/state/mpf");
	setenv("XDG_STATE_HOME", "/s", 1);
	IS_DIR(dirs_state(), "/s/mpf");

	setenv("MPF_LOCKS", "/l", 1);
	IS_DIR(dirs_locks(), "/l");
	unsetenv("MPF_LOCKS");
	setenv("XDG_RUNTIME_DIR", "/r", 1);
	IS_DIR(dirs_locks(), access("/run/lock", W_OK | X_OK) == 0 ?
	    "/run/lock" : "/r");

	setenv("MPF_SHARE", "/m", 1);
	IS_DIR(dirs_share(), "/m");
	unsetenv("MPF_SHARE");
	s = dirs_share();
	IS_STR(s, MPF_SHAREDIR);	/* no tool in the build folder */
	free(s);
}

/* Without $HOME there is passwd(5), where somebody has a home. */
static void
test_no_home(void)
{
	const struct passwd *pw = getpwuid(getuid());
	char want[4200];

	forget_all();
	unsetenv("HOME");
	snprintf(want, sizeof(want), "%s/.local/state/mpf",
	    pw != NULL ? pw->pw_dir : "/");
	IS_DIR(dirs_state(), want);
}

int
main(void)
{
	tmp_enter();
	test_firmware();
	test_user_dirs();
	test_others();
	test_no_home();
	tmp_leave();
	return tap_done();
}
