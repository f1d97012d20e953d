/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_ESP_WORLD_H
#define MPF_FAULTS_ESP_WORLD_H

#include "esp_image.h"
#include "esp_wire.h"
#include "flash/flash.h"

/*
 * esp_world: a simulated ESP board on a cable, and mpf-flash's work on it, in
 * this process.
 */

#define ESP_WORLD_WORK_MS 120000	/* the deadline of all work */
#define ESP_WORLD_WAIT_MS 5000		/* for the board afterwards */
#define ESP_WORLDS	5u

/* What is in the flash before. */
enum content { OTHER, BLANK, HALF, NEARLY, SAME, CONTENTS };

struct esp_kind {
	const char	*chip;
	bool		 stub;
	unsigned	 revision;	/* 0: 1.0 */
	enum sim_esp_usb usb;
	bool		 deaf;		/* its firmware hears no DTR, no RTS */
	bool		 strange;	/* its bridge has ids of nobody */
	bool		 io0_low, no_quad;	/* see struct sim_esp_opts */
	struct esp_image old, now;
	struct spoiler	 calm[CONTENTS];	/* bytes without a fault */
	unsigned long	 requests;
	struct flash_images *images;
};

extern struct esp_kind esp_kinds[ESP_WORLDS];
extern struct esp_wire esp_cable;

void	esp_world_open(void);
void	esp_world_close(void);
/* Images and a stub for a kind that is not one of esp_kinds. */
void	esp_kind_make(struct esp_kind *k, size_t number);
void	esp_kind_release(struct esp_kind *k);
/* What a person does who is told; NULL: nobody is there. */
void	esp_world_person(void (*say)(void *ctx, const char *msg));
/* Another board, with one fault of its own, and none on its cable yet. */
void	esp_world_plug(struct esp_kind *k, enum content c,
	    enum sim_esp_fault fault, unsigned long at);
/*
 * Another board of that kind, with old firmware, is there when a cable that was
 * cut is back.
 */
void	esp_world_twin(void);
bool	esp_world_twin_is_whole(void);
/* The same chip, plugged in again, with what is in its flash; no faults. */
void	esp_world_plug_again(void);
/* The work of mpf-flash on it; the user's options are the caller's to add. */
struct flash_job esp_world_job(void);
int	esp_world_run(const struct flash_job *job, struct flash_outcome *out,
	    struct err *e);
int	esp_world_flash(struct flash_outcome *out, struct err *e);
/* Does a firmware run?  Has it the image's first bytes, or all of them? */
bool	esp_world_runs(void);
bool	esp_world_starts_new(void);
bool	esp_world_holds_new(void);

#endif
