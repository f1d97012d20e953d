/* SPDX-License-Identifier: MIT */
#include "base/dirs.h"

#include <limits.h>
#include <pwd.h>
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
#define PASSWD_MAX	16384u		/* bytes of a line of passwd(5) */

const char *
dirs_env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

/* The caller frees it. */
static char *
home(void)
{
	char *buf, *dir;
	struct passwd pw, *found = NULL;

	if (dirs_env("HOME") != NULL)
		return mem_str(dirs_env("HOME"));
	buf = mem_alloc(PASSWD_MAX);
	if (getpwuid_r(getuid(), &pw, buf, PASSWD_MAX, &found) != 0 ||
	    found == NULL || pw.pw_dir[0] != '/')
		dir = mem_str("/");
	else
		dir = mem_str(pw.pw_dir);
	free(buf);
	return dir;
}

static char *
below_home(const char *name)
{
	char *h = home(), *path = mem_printf("%s/%s", h, name);

	free(h);
	return path;
}

char *
dirs_home(const char *name)
{
	return below_home(name);
}

/* XDG folders must be absolute; others are to be ignored. */
static char *
xdg(const char *name, const char *fallback)
{
	const char *v = dirs_env(name);

	if (v != NULL && v[0] == '/')
		return mem_str(v);
	return below_home(fallback);
}

/* What stands between double quotes at p, as a shell reads it; or NULL. */
static char *
unquote(const char *p)
{
	struct buf out = BUF_INIT;

	for (; *p != '"' && *p != '\n' && *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		buf_addc(&out, *p);
	}
	if (*p == '"')
		return buf_steal(&out);
	buf_release(&out);
	return NULL;
}

/* The download folder in the text of user-dirs.dirs, or NULL. */
static char *
user_dir(const char *text)
{
	static const char key[] = "XDG_DOWNLOAD_DIR=\"";
	const char *p;
	char *value, *dir = NULL;

	for (p = text; p != NULL; p = strchr(p, '\n')) {
		p += strspn(p, " \t\n");
		if (strncmp(p, key, strlen(key)) == 0)
			break;
	}
	value = p == NULL ? NULL : unquote(p + strlen(key));
	if (value == NULL)
		return NULL;
	if (strncmp(value, "$HOME/", 6) == 0)
		dir = below_home(value + 6);
	else if (value[0] == '/')
		dir = mem_str(value);
	free(value);
	return dir;
}

static char *
downloads(void)
{
	struct buf text = BUF_MAX(USER_DIRS_MAX);
	struct err e = ERR_INIT;
	char *config, *path, *dir = NULL;

	if (dirs_env("XDG_DOWNLOAD_DIR") != NULL)
		return xdg("XDG_DOWNLOAD_DIR", "Downloads");
	config = xdg("XDG_CONFIG_HOME", ".config");
	path = mem_printf("%s/user-dirs.dirs", config);
	if (file_read(path, &text, &e) == 0)
		dir = user_dir(text.data);
	buf_release(&text);
	free(path);
	free(config);
	return dir != NULL ? dir : below_home("Downloads");
}

/* Records go elsewhere, and what is in them has to be right there, too. */
static char *
absolute(const char *dir)
{
	char here[PATH_MAX];

	if (dir[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return mem_str(dir);
	return strcmp(dir, ".") == 0 ? mem_str(here) :
	    mem_printf("%s/%s", here, dir);
}

char *
dirs_firmware(const char *given)
{
	const char *dir = given != NULL ? given : dirs_env("MPFLASH_FIRMWARE");
	char *base, *path;

	if (dir != NULL && strncmp(dir, "~/", 2) == 0)
		return below_home(dir + 2);
	if (dir != NULL)
		return absolute(dir);
	base = downloads();
	path = mem_printf("%s/firmware", base);
	free(base);
	return path;
}

char *
dirs_system(void)
{
	const char *dir = dirs_env("MPF_SYSTEM_FIRMWARE");

	return dir != NULL ? absolute(dir) : NULL;
}

char *
dirs_config(void)
{
	char *dir = xdg("XDG_CONFIG_HOME", ".config");
	char *path = mem_printf("%s/mpf", dir);

	free(dir);
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
	const char *given = dirs_env("MPF_LOCKS");

	if (given != NULL)
		return mem_str(given);
	if (access("/run/lock", W_OK | X_OK) == 0)
		return mem_str("/run/lock");
	given = dirs_env("XDG_RUNTIME_DIR");
	return mem_str(given != NULL ? given : "/tmp");
}

/* The last N names of the path are cut off; the last one, or NULL. */
static const char *
cut_names(char *path, int n)
{
	char *slash = NULL;
	const char *last = NULL;

	for (; n > 0; n--) {
		slash = strrchr(path, '/');
		if (slash == NULL)
			return NULL;
		*slash = '\0';
		last = last == NULL ? slash + 1 : last;
	}
	return last;
}

/*
 * share/ of the tree that this program was built in, as TREE/build/KIND/NAME,
 * or NULL.  Its own source shows that it is that tree.
 */
static char *
share_of_tree(const char *exe)
{
	char *tree = mem_str(exe), *source, *dir = NULL;
	const char *name = cut_names(tree, 3);

	if (name != NULL) {
		source = mem_printf("%s/tools/%s.c", tree, name);
		if (access(source, F_OK) == 0)
			dir = mem_printf("%s/share", tree);
		free(source);
	}
	free(tree);
	return dir;
}

/*
 * PREFIX/share/mpf of a program that is PREFIX/bin/NAME, or NULL: what was
 * installed may have been moved.  A table shows that it is that folder.
 */
static char *
share_of_prefix(const char *exe)
{
	char *prefix = mem_str(exe), *table, *dir = NULL;

	if (cut_names(prefix, 2) != NULL) {
		dir = mem_printf("%s/share/mpf", prefix);
		table = mem_printf("%s/boards.tsv", dir);
		if (access(table, F_OK) != 0) {
			free(dir);
			dir = NULL;
		}
		free(table);
	}
	free(prefix);
	return dir;
}

static char *
share_beside_us(void)
{
	char exe[PATH_MAX], *dir;
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	dir = share_of_tree(exe);
	return dir != NULL ? dir : share_of_prefix(exe);
}

char *
dirs_share(void)
{
	const char *given = dirs_env("MPF_SHARE");
	char *beside = given != NULL ? mem_str(given) : share_beside_us();

	return beside != NULL ? beside : mem_str(MPF_SHAREDIR);
}
