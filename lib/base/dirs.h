/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_DIRS_H
#define MPF_BASE_DIRS_H

/*
 * dirs: where things are kept.  Names only: nothing is made or looked at,
 * but for what is said here.  The caller frees what these return.
 *
 * The home folder is $HOME, else what passwd(5) says.
 *
 * Source: XDG Base Directory Specification 0.8; xdg-user-dirs for the
 * download folder.
 */

/* The variable's value; NULL: it is unset or empty.  Not to be freed. */
const char	*dirs_env(const char *name);
/*
 * The firmware folder: given (--dir) if not NULL, else $MPFLASH_FIRMWARE,
 * else firmware/ in the download folder ($XDG_DOWNLOAD_DIR, else the line in
 * user-dirs.dirs, else ~/Downloads).  A leading ~/ is the home folder;
 * what comes back is absolute.
 */
char	*dirs_firmware(const char *given);
/*
 * The system store, which is looked into for what the firmware folder lacks:
 * $MPF_SYSTEM_FIRMWARE, made absolute; NULL where it is not set.
 */
char	*dirs_system(void);
char	*dirs_state(void);	/* $XDG_STATE_HOME/mpf or ~/.local/state/mpf */
char	*dirs_home(const char *name);	/* ~/NAME */
char	*dirs_config(void);	/* $XDG_CONFIG_HOME/mpf or ~/.config/mpf */
/*
 * Where locks lie, the same for all users: $MPF_LOCKS, else /run/lock if it
 * can be written to, else $XDG_RUNTIME_DIR, else /tmp.
 */
char	*dirs_locks(void);
/*
 * The data files: $MPF_SHARE; else, where the program lies in the build folder
 * of its source tree, share/ there; for PREFIX/bin/NAME, PREFIX/share/mpf if it
 * is there; else the folder that make install chose.
 */
char	*dirs_share(void);
/* What to do where a file is missing there. */
#define DIRS_SHARE_HINT	"install mpf's data files, or set MPF_SHARE to their " \
			"folder"

#endif
