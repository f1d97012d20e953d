/* SPDX-License-Identifier: MIT */
#include "board/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "scsi/fat.h"
#include "scsi/scsi.h"

#define INFO_MAX	65536u		/* bytes of INFO_UF2.TXT */
#define SHORT_NAME	"INFO_UF2TXT"
#define CLASS_DFU	0xfe

static bool
read_mounted(const struct bus *b, const struct bus_place *p, struct buf *out)
{
	char *name, *path;
	struct err ignored = ERR_INIT;
	bool read;

	if (p->volume == NULL)
		return false;
	name = mem_printf("%s/INFO_UF2.TXT", p->volume);
	path = bus_path(b, name);
	read = file_read(path, out, &ignored) == 0;
	free(path);
	free(name);
	return read;
}

static int
read_node(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR], struct err *e)
{
	const int *fd = ctx;
	ssize_t n;

	do
		n = pread(*fd, p, FAT_SECTOR, (off_t)lba * FAT_SECTOR);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)FAT_SECTOR ? 0 : err_set(e, ERR_IO, "sector %u: "
	    "not there", lba);
}

/* Root, and the group disk, may read the block device itself. */
static bool
read_block_device(const struct bus *b, const struct bus_place *p,
    struct buf *out)
{
	struct err ignored = ERR_INIT;
	struct fat_disk disk = { .read = read_node };
	char *path;
	struct stat st;
	bool read = false;
	int fd;

	if (p->disk == NULL)
		return false;
	path = bus_path(b, p->disk);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	disk.ctx = &fd;
	/* The disks of a recorded tree are files. */
	if (fd != -1 && fstat(fd, &st) == 0 && (S_ISBLK(st.st_mode) ||
	    (S_ISREG(st.st_mode) && !bus_is_system(b))))
		read = fat_read(&disk, SHORT_NAME, out, &ignored) == 0;
	if (fd != -1)
		close(fd);
	free(path);
	return read;
}

struct taken {
	struct scsi	*scsi;
	int64_t		 deadline;
};

static int
read_taken(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR], struct err *e)
{
	const struct taken *t = ctx;

	return scsi_read(t->scsi, lba, p, 1, t->deadline, e);
}

static bool
read_scsi(const struct bus *b, const struct bus_place *p, int64_t deadline,
    struct buf *out)
{
	struct taken t = { .deadline = deadline };
	const struct fat_disk disk = { read_taken, &t };
	struct err ignored = ERR_INIT;
	struct usb *u = NULL;
	bool read = false;

	if (!bus_is_system(b) ||
	    usb_open_path(p->usb.path, 0, &u, &ignored) == -1)
		return false;
	if (scsi_open(u, deadline, &t.scsi, &ignored) == 0)
		read = fat_read(&disk, SHORT_NAME, out, &ignored) == 0;
	scsi_close(t.scsi);
	usb_close(u);
	return read;
}

bool
loader_info(const struct bus *b, const struct bus_place *p, bool take,
    int64_t deadline, struct info_uf2 *out)
{
	struct buf text = BUF_MAX(INFO_MAX);
	struct err ignored = ERR_INIT;
	bool read = read_mounted(b, p, &text);

	/* What is mounted is the user's: nobody reads past him. */
	if (!read && p->volume == NULL)
		read = read_block_device(b, p, &text) ||
		    (take && read_scsi(b, p, deadline, &text));
	read = read && info_uf2_parse(text.data, text.len, out, &ignored) == 0;
	buf_release(&text);
	return read;
}

bool
loader_unknown_drive(const struct bus_place *p)
{
	return p->mass_storage && p->disk != NULL && p->volume == NULL &&
	    p->disk_bytes != 0 && p->disk_bytes <= BUS_DRIVE_MAX;
}

const char *
loader_memory(const struct bus_place *p)
{
	for (size_t i = 0; i < p->n_interfaces; i++)
		if (p->interfaces[i].class == CLASS_DFU &&
		    p->interfaces[i].name != NULL &&
		    p->interfaces[i].name[0] == '@')
			return p->interfaces[i].name;
	return NULL;
}
