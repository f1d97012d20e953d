# SPDX-License-Identifier: MIT
"""
definition: what a board says it is, worked out from its files as the build
does: what CMake or make define comes first, then mpconfigboard.h; what neither
says, the port's own file does (mpconfigport.h, Makefile).

Source: MicroPython's ports, their CMakeLists.txt and Makefile, and
py/mpconfig.h (MICROPY_BANNER_MACHINE).
"""

import posixpath
import re

from cmake import CMake
from cpp import Cpp
from make import Make
from source import Problem, Source

NAME, HW_MCU = "MICROPY_HW_BOARD_NAME", "MICROPY_HW_MCU_NAME"
PLATFORMS = {                   # of the Pico's SDK: what they define
    "": ("PICO_RP2040", "PICO_ARM"),
    "rp2040": ("PICO_RP2040", "PICO_ARM"),
    "rp2350": ("PICO_RP2350", "PICO_ARM"),
    "rp2350-arm-s": ("PICO_RP2350", "PICO_ARM"),
    "rp2350-riscv": ("PICO_RP2350", "PICO_RISCV"),
}


def clean(text, most=256):
    """A value as a field of the table can hold it; "" if it is too long."""
    if not isinstance(text, str):
        text = "" if text is None else str(text)
    text = re.sub(r"[\0-\x1f\x7f]", " ", text)
    return text if len(text.encode()) <= most else ""


def take(json, *path):
    """The value at this path of board.json; None."""
    for key in path:
        json = json.get(key) if isinstance(json, dict) else None
    return json


def platform_of(header):
    """PICO_PLATFORM, in a header of the Pico's SDK."""
    m = re.search(r"cmake_set[ \t(]*PICO_PLATFORM[ \t=,]*([^ \t\r\n);]*)",
                  header)
    return m[1] if m else ""


class Definition:
    """One board, or one of its variants ("" for none), in one version."""

    def __init__(self, files, port, board, variant, json):
        self.source = Source(files)
        self.port, self.board, self.variant = port, board, variant
        self.json = json or {}
        self.port_dir = f"ports/{port}"
        self.dir = f"{self.port_dir}/boards/{board}"
        self.cpp = Cpp(self.source, [self.dir, self.port_dir, ""])
        self.cmake = CMake(self.source, self.port_dir)

    def there(self, *paths):
        return [p for p in paths if self.source.files.get(p) is not None]

    def own(self, ending):
        """The board's file and its variant's."""
        mark = "_" if self.variant else ""
        return self.there(
            f"{self.dir}/mpconfigboard.{ending}",
            f"{self.dir}/mpconfigvariant{mark}{self.variant}.{ending}")

    def run_cmake(self):
        self.cmake.vars.update({
            "MICROPY_PORT_DIR": "/" + self.port_dir,
            "MICROPY_BOARD_DIR": "/" + self.dir,
            "MICROPY_BOARD": self.board})
        if self.variant:
            self.cmake.vars.update({"MICROPY_BOARD_VARIANT": self.variant,
                                    "BOARD_VARIANT": self.variant})
        for path in self.own("cmake"):
            self.cmake.file(path)
        for text in self.cmake.items("MICROPY_DEF_BOARD"):
            self.cpp.define(text)

    def run_make(self, header):
        """The board's makefiles; where it has no header, the port's."""
        fixed = {"BOARD": self.board, "BOARD_DIR": f"boards/{self.board}",
                 "TOP": "../.."}
        if self.variant:
            fixed["BOARD_VARIANT"] = self.variant
        make = Make(self.source, self.port_dir, fixed)
        port = self.there(f"{self.port_dir}/Makefile")
        if header or not port or not self.there(
                f"{self.dir}/mpconfigboard.mk"):
            port = []
        for path in port or self.own("mk"):
            make.file(path)
        for text in make.defines("CFLAGS"):
            self.cpp.define(text)

    def platform(self):
        """An rp2 board's chip: CMake's, or the SDK header's, or the JSON's."""
        set_ = self.cmake.vars.get("PICO_PLATFORM", "")
        board = self.cmake.vars.get("PICO_BOARD")
        if not set_ and board:
            set_ = platform_of(
                self.source.files.get(f"{self.dir}/{board}.h") or "")
        return set_ or clean(take(self.json, "mcu"))

    def usb(self, name):
        v = self.cpp.number(name)
        return f"{v:04x}" if v is not None and 0 < v <= 0xffff else ""

    def name(self, macro):
        text = self.cpp.string(macro)
        if text is not None:
            return clean(text)
        if self.source.missing:
            raise Problem(f"{macro} is not a string; {self.source.missing}, "
                          "which may set it, is not in the tree")
        raise Problem(f"{macro} is not a string")

    def evaluate(self, row):
        """Completes the row; a Problem leaves in it what is known."""
        header = f"{self.dir}/mpconfigboard.h"
        port = self.there(f"{self.port_dir}/mpconfigport.h")
        self.run_cmake()
        self.run_make(bool(self.there(header)))
        if self.port == "rp2":
            for macro in PLATFORMS.get(self.platform(), ()):
                self.cpp.define(macro)
        for path in self.there(header):
            self.cpp.file(path)
        row["has_usb"] = bool(self.cpp.number("MICROPY_HW_ENABLE_USB"))
        row["vid"] = self.usb("MICROPY_HW_USB_VID")
        row["pid"] = self.usb("MICROPY_HW_USB_PID")
        if HW_MCU not in self.cpp.macros and port:
            self.cpp.file(port[0])
        row["name"] = self.name(NAME)
        row["hw_mcu"] = self.name(HW_MCU)
        machine = clean(self.cpp.string("MICROPY_BANNER_MACHINE"))
        if machine != f"{row['name']} with {row['hw_mcu']}":
            row["machine"] = machine

    def deploy(self):
        """The files that say how to flash it, from the port's boards/ on."""
        names = take(self.json, "deploy")
        return [posixpath.normpath(posixpath.join(self.board, name))
                for name in names if isinstance(name, str)] \
            if isinstance(names, list) else []

    def describe(self, row):
        """What board.json says."""
        for fact in ("mcu", "product", "vendor", "url"):
            row[fact] = clean(take(self.json, fact))
        row["flash_offset"] = clean(take(self.json, "deploy_options",
                                         "flash_offset"))
        row["json_id"] = clean(take(self.json, "id"))
        row["deploy"] = self.deploy()
        row["released"] = "1" if self.json else "0"
        if self.variant:
            text = take(self.json, "variants", self.variant)
            row["variant_text"] = clean(text)
            row["released"] = "1" if text is not None else "0"
