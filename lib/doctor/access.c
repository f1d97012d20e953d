/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "doctor/doctor.h"

#define RULES		"60-mpf.rules"
#define SEAT		73		/* what acts on uaccess: 73-seat-late */

/* The number of a group in etc/group; false: there is no such group. */
static bool
group_number(const struct doctor *d, const char *name, gid_t *out)
{
	char *text = doctor_file(d, "/etc/group"), *line, *rest = text;
	const size_t n = strlen(name);
	bool found = false;

	while (!found && (line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, name, n) != 0 || line[n] != ':')
			continue;
		line = strchr(line + n + 1, ':');
		found = line != NULL;
		if (found)
			*out = (gid_t)strtoul(line + 1, NULL, 10);
	}
	free(text);
	return found;
}

static bool
is_member(gid_t group)
{
	gid_t all[256];
	const int n = getgroups(256, all);

	for (int i = 0; i < n; i++)
		if (all[i] == group)
			return true;
	return getegid() == group;
}

void
doctor_groups(struct doctor *d)
{
	/* Debian's, and Arch's. */
	static const char *const names[] = { "dialout", "uucp", NULL };
	char *hint;
	gid_t group;
	size_t i = 0;

	if (geteuid() == 0) {
		doctor_say(d, "groups", FINDING_OK, NULL, NULL,
		    "root may use all ports");
		return;
	}
	while (names[i] != NULL && !group_number(d, names[i], &group))
		i++;
	if (names[i] == NULL) {
		doctor_say(d, "groups", FINDING_NOTE, NULL, NULL, "there is "
		    "no group dialout, and no group uucp");
	} else if (is_member(group)) {
		doctor_say(d, "groups", FINDING_OK, NULL, NULL,
		    "you are in the group %s of serial ports", names[i]);
	} else {
		hint = mem_printf("sudo usermod -aG %s \"$USER\", and log in "
		    "again", names[i]);
		doctor_say(d, "groups", FINDING_BAD, "join_group", hint,
		    "you are not in the group %s of serial ports", names[i]);
		free(hint);
	}
}

/* The number in front of a name: its place in udev's order. */
static bool
is_early(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strtol(slash != NULL ? slash + 1 : path, NULL, 10) < SEAT;
}

/* The first folder of udev's, in its order, where a file has that name. */
static char *
find_rules(const struct doctor *d, const char *name)
{
	static const char *const folders[] = { "/etc", "/run",
		"/usr/local/lib", "/usr/lib", "/lib", NULL };
	char *path;

	for (size_t i = 0; folders[i] != NULL; i++) {
		path = mem_printf("%s/udev/rules.d/%s", folders[i], name);
		if (doctor_has(d, path))
			return path;
		free(path);
	}
	return NULL;
}

static bool
is_our_rule(const struct doctor *d, const char *path)
{
	char *there = doctor_file(d, path);
	char *ours = d->rules == NULL ? NULL : doctor_text(d->rules);
	const bool same = ours == NULL || (there != NULL &&
	    strcmp(there, ours) == 0);

	free(there);
	free(ours);
	return same;
}

void
doctor_udev(struct doctor *d)
{
	static const char install[] = "sudo make install, then sudo udevadm "
	    "control --reload && sudo udevadm trigger";
	char *path = find_rules(d, RULES);

	if (!doctor_has(d, "/run/udev/control"))
		doctor_say(d, "udev", FINDING_NOTE, NULL, "in a container, "
		    "pass the devices on to it",
		    "udev does not run: new devices may not appear in /dev");
	if (path == NULL)
		doctor_say(d, "udev", FINDING_BAD, "install_udev_rule",
		    install, "%s is not installed: bootloaders may be refused "
		    "to you", RULES);
	else if (!is_early(path))
		doctor_say(d, "udev", FINDING_BAD, "install_udev_rule",
		    install, "%s comes too late", path);
	else if (!is_our_rule(d, path))
		doctor_say(d, "udev", FINDING_NOTE, "install_udev_rule",
		    install, "%s is of another version of mpf", path);
	else
		doctor_say(d, "udev", FINDING_OK, NULL, NULL,
		    "%s is installed", path);
	free(path);
}

bool
doctor_runs(const struct doctor *d, const char *name)
{
	char *proc = bus_path(d->bus, "/proc"), *path, *comm;
	DIR *dir = opendir(proc);
	struct dirent *entry;
	bool found = false;

	free(proc);
	while (!found && dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[strspn(entry->d_name, "0123456789")] !=
		    '\0')
			continue;
		path = mem_printf("/proc/%s/comm", entry->d_name);
		comm = doctor_file(d, path);
		if (comm != NULL) {
			comm[strcspn(comm, "\n")] = '\0';
			found = strcmp(comm, name) == 0;
		}
		free(comm);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

void
doctor_modem_manager(struct doctor *d)
{
	char *rules = find_rules(d, RULES);

	if (!doctor_runs(d, "ModemManager"))
		doctor_say(d, "modemmanager", FINDING_OK, NULL, NULL,
		    "ModemManager does not run");
	else if (rules != NULL)
		doctor_say(d, "modemmanager", FINDING_OK, NULL, NULL,
		    "ModemManager runs, and %s keeps it away from boards",
		    rules);
	else
		doctor_say(d, "modemmanager", FINDING_BAD,
		    "install_udev_rule", "install mpf's udev rules, or "
		    "sudo systemctl disable --now ModemManager",
		    "ModemManager runs, and talks to new boards");
	free(rules);
}

void
doctor_brltty(struct doctor *d)
{
	static const char *const names[] = { "85-brltty.rules",
		"90-brltty-device.rules", "90-brltty-usb-generic.rules", NULL };
	char *path = NULL;

	for (size_t i = 0; names[i] != NULL && path == NULL; i++)
		path = find_rules(d, names[i]);
	if (doctor_runs(d, "brltty"))
		doctor_say(d, "brltty", FINDING_BAD, "remove_brltty",
		    "if you use no braille display: sudo apt remove brltty",
		    "brltty runs, and takes boards with bridges such as CH340 "
		    "and CP210x");
	else if (path != NULL)
		doctor_say(d, "brltty", FINDING_NOTE, "remove_brltty",
		    "if you use no braille display: sudo apt remove brltty",
		    "%s may give bridges such as CH340 and CP210x to brltty",
		    path);
	else
		doctor_say(d, "brltty", FINDING_OK, NULL, NULL,
		    "brltty is not installed");
	free(path);
}
