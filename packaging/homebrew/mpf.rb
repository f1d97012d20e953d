# SPDX-License-Identifier: MIT
# The address and the sum are those of whoever distributes mpf: "make dist".
class Mpf < Formula
  desc "Find, flash and record MicroPython boards"
  homepage "https://mpf.invalid/"
  url "https://mpf.invalid/mpf-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "curl"
  depends_on "jansson"
  depends_on "libdeflate"
  depends_on "libserialport"
  depends_on "libusb"
  depends_on "libxml2"
  # Boards are found in sysfs, and their coming is told by udev.
  depends_on :linux
  depends_on "openssl@3"
  depends_on "sqlite"
  depends_on "systemd"
  depends_on "zlib-ng-compat"

  def install
    system "make", "install", "MPF_INSTALL=no", "PREFIX=#{prefix}"
  end

  test do
    output = shell_output("#{bin}/mpf-sim rp2 -- #{bin}/mpf-detect --json")
    assert_match "\"board_id\":\"RPI_PICO_W\"", output
  end
end
