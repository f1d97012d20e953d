# SPDX-License-Identifier: MIT
# nix-build packaging/nix builds this tree.  On NixOS, its rules for udev:
# services.udev.packages = [ mpf ];
{ pkgs ? import <nixpkgs> { } }:

pkgs.stdenv.mkDerivation {
  pname = "mpf";
  version = "0.1.0";
  src = ../..;

  nativeBuildInputs = [ pkgs.pkg-config ];
  buildInputs = with pkgs; [
    curl
    jansson
    libdeflate
    libserialport
    libusb1
    libxml2
    openssl
    sqlite
    udev
    zlib
  ];

  makeFlags = [ "MPF_INSTALL=no" "PREFIX=$(out)" ];
  enableParallelBuilding = true;
  doInstallCheck = true;
  installCheckPhase = ''
    $out/bin/mpf-sim rp2 -- $out/bin/mpf-detect --json | grep RPI_PICO_W
  '';

  meta = {
    description = "Find, flash and record MicroPython boards";
    license = pkgs.lib.licenses.mit;
    platforms = pkgs.lib.platforms.linux;
    mainProgram = "mpf";
  };
}
