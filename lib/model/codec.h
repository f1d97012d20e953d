/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_CODEC_H
#define MPF_MODEL_CODEC_H

#include "base/err.h"
#include "model/model.h"
#include "stream/stream.h"

/*
 * codec: records to nouns and back.
 *
 * The getters fail with ERR_INPUT, naming the key, on a value of the wrong
 * type, and on a text that does not keep to its rule (model/rule.h).  An
 * absent key is fine everywhere, but device_get and image_get insist on what
 * no record has a noun without (device.id and .mode; image.path and .format).
 * board.info and board.record are left NULL by board_get: read them with
 * record_opt_str(rec, "board.record.firmware.version", ...).
 *
 * The putters write the keys that are present and leave the others, in the
 * schema's order; with record_clear(rec, "board") before, a noun is replaced
 * and keeps its place.  board.info and .record are put as JSON, and left out
 * when their text is invalid.
 */
int	device_get(const struct record *rec, struct device *out, struct err *e);
int	chip_get(const struct record *rec, struct chip *out, struct err *e);
int	board_get(const struct record *rec, struct board *out, struct err *e);
int	firmware_get(const struct record *rec, struct firmware *out,
	    struct err *e);
int	image_get(const struct record *rec, struct image *out, struct err *e);
int	result_get(const struct record *rec, struct result *out,
	    struct err *e);

void	device_put(struct record *rec, const struct device *d);
void	chip_put(struct record *rec, const struct chip *c);
void	board_put(struct record *rec, const struct board *b);
void	firmware_put(struct record *rec, const struct firmware *f);
void	image_put(struct record *rec, const struct image *i);
void	result_put(struct record *rec, const struct result *r);

/* Is firmware.action "skip"?  Such a record passes fetch and flash. */
bool	firmware_skipped(const struct record *rec);

#endif
