/* SPDX-License-Identifier: MIT */
#include "base/dirs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#ifndef MPF_SHAREDIR
#define MPF_SHAREDIR	"/usr/local/share/mpf"
#endif

#define USER_DIRS_MAX	65536u		/* bytes of user-dirs.dirs */

/* The variable's value, or NULL if it is unset or empty. */
static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

static const char *
home(void)
{
	const char *h = env("HOME");

	return h != NULL ? h : "/";
}

/* XDG folders must be absolute; others are to be ignored. */
static char *
xdg(const char *name, const char *fallback)
{
	const char *v = env(name);

	if (v != NULL && v[0] == '/')
		return mem_str(v);
	return mem_printf("%s/%s", home(), fallback);
}

/* The download folder in the text of user-dirs.dirs, or NULL. */
static char *
user_dir(const char *text)
{
	static const char key[] = "XDG_DOWNLOAD_DIR=\"";
	const char *p = strstr(text, key), *end;

	if (p == NULL || (p != text && p[-1] != '\n'))
		return NULL;
	p += strlen(key);
	end = strchr(p, '"');
	if (end == NULL)
		return NULL;
	if (strncmp(p, "$HOME/", 6) == 0)
		return mem_printf("%s/%.*s", home(), (int)(end - p - 6), p + 6);
	return p[0] == '/' ? mem_printf("%.*s", (int)(end - p), p) : NULL;
}

static char *
downloads(void)
{
	struct buf text = BUF_MAX(USER_DIRS_MAX);
	struct err e = ERR_INIT;
	char *config, *path, *dir = NULL;

	if (env("XDG_DOWNLOAD_DIR") != NULL)
		return xdg("XDG_DOWNLOAD_DIR", "Downloads");
	config = xdg("XDG_CONFIG_HOME", ".config");
	path = mem_printf("%s/user-dirs.dirs", config);
	if (file_read(path, &text, &e) == 0)
		dir = user_dir(text.data);
	buf_release(&text);
	free(path);
	free(config);
	return dir != NULL ? dir : mem_printf("%s/Downloads", home());
}

char *
dirs_firmware(const char *given)
{
	const char *dir = given != NULL ? given : env("MPFLASH_FIRMWARE");
	char *base, *path;

	if (dir != NULL && strncmp(dir, "~/", 2) == 0)
		return mem_printf("%s/%s", home(), dir + 2);
	if (dir != NULL)
		return mem_str(dir);
	base = downloads();
	path = mem_printf("%s/firmware", base);
	free(base);
	return path;
}

char *
dirs_state(void)
{
	char *base = xdg("XDG_STATE_HOME", ".local/state");
	char *path = mem_printf("%s/mpf", base);

	free(base);
	return path;
}

char *
dirs_locks(void)
{
	const char *given = env("MPF_LOCKS");

	if (given != NULL)
		return mem_str(given);
	if (access("/run/lock", W_OK | X_OK) == 0)
		return mem_str("/run/lock");
	given = env("XDG_RUNTIME_DIR");
	return mem_str(given != NULL ? given : "/tmp");
}

char *
dirs_share(void)
{
	const char *given = env("MPF_SHARE");

	return mem_str(given != NULL ? given : MPF_SHAREDIR);
}
