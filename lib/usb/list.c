/* SPDX-License-Identifier: MIT */
#include "usb/descriptors.h"

#include <stdio.h>

#include "base/mem.h"

#define PORTS		8		/* libusb says 7 is the most there is */

void
device_path(libusb_device *d, char out[USB_PATH])
{
	const unsigned bus = libusb_get_bus_number(d);
	uint8_t port[PORTS];
	const int n = libusb_get_port_numbers(d, port, PORTS);
	size_t len;

	len = (size_t)snprintf(out, USB_PATH, n > 0 ? "%u" : "usb%u", bus);
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, USB_PATH - len, "%c%u",
		    i == 0 ? '-' : '.', port[i]);
}

static void
set_endpoint(struct usb_endpoint *out,
    const struct libusb_endpoint_descriptor *d)
{
	out->address = d->bEndpointAddress;
	out->transfer = (enum usb_transfer)(d->bmAttributes & 3);
	out->max_packet = d->wMaxPacketSize & 0x7ff;
}

static void
add_setting(const struct libusb_interface_descriptor *d,
    struct usb_info *out)
{
	struct usb_setting *s;

	out->settings = mem_grow(out->settings, out->n_settings + 1,
	    sizeof(*s));
	s = &out->settings[out->n_settings++];
	*s = (struct usb_setting){
		.interface = d->bInterfaceNumber,
		.alternate = d->bAlternateSetting,
		.class = d->bInterfaceClass,
		.subclass = d->bInterfaceSubClass,
		.protocol = d->bInterfaceProtocol,
		.string = d->iInterface,
		.endpoints = mem_alloc((d->bNumEndpoints + 1u) *
		    sizeof(*s->endpoints)),
		.n_endpoints = d->bNumEndpoints,
		.n_extra = (size_t)d->extra_length,
	};
	if (d->extra_length > 0)
		s->extra = mem_copy(d->extra, (size_t)d->extra_length);
	for (size_t i = 0; i < s->n_endpoints; i++)
		set_endpoint(&s->endpoints[i], &d->endpoint[i]);
}

void
device_info(libusb_device *d, struct usb_info *out)
{
	struct libusb_config_descriptor *config = NULL;
	struct libusb_device_descriptor head;

	*out = (struct usb_info){ .n_settings = 0 };
	device_path(d, out->path);
	if (libusb_get_device_descriptor(d, &head) == 0) {
		out->vid = head.idVendor;
		out->pid = head.idProduct;
		out->release = head.bcdDevice;
		out->manufacturer = head.iManufacturer;
		out->product = head.iProduct;
		out->serial = head.iSerialNumber;
	}
	if (libusb_get_active_config_descriptor(d, &config) != 0)
		return;			/* it is not configured */
	out->n_extra = (size_t)config->extra_length;
	if (config->extra_length > 0)
		out->extra = mem_copy(config->extra, out->n_extra);
	for (int i = 0; i < config->bNumInterfaces; i++)
		for (int k = 0; k < config->interface[i].num_altsetting; k++)
			add_setting(&config->interface[i].altsetting[k], out);
	libusb_free_config_descriptor(config);
}
