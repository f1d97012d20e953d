# SPDX-License-Identifier: MIT
# Who are you?  A line "KEY HEX" for each fact; "probe" is this and files.py.
# It runs on all since MicroPython 1.9 and on CircuitPython, on a micro:bit of
# 2017 in 6 kB of heap: texts that are evaluated one by one, and bytes that
# are printed one by one, need little.  What raises is a fact that it has not.
def _mpf(x, g):
    for l in x.split('|'):
        k, c = l.split('=', 1)
        try:
            if not k:
                exec(c, g)
                continue
            v = eval(c, g)
        except (AttributeError, ImportError, IndexError, NameError):
            continue
        print(k, end=' ')
        for b in bytes(v, 'utf8') if isinstance(v, str) else v:
            print('%02x' % b, end='')
        print()
try:
    _mpf('=import sys as s|=i=s.implementation|=import os|=u=os.uname()|=import machine as m|=import microcontroller as c,board as b|name=i[0]|version=".".join([str(n) for n in i[1][:3]])+("-"+i[1][3] if i[1][3:] and i[1][3] else "")|machine=getattr(i,"_machine",0)or u[4]|build=i._build|build=b.board_id|mpy=str(i._mpy)|mpy=str(i.mpy)|sysver=s.version|platform=s.platform|release=u[2]|uversion=u[3]|uid=m.unique_id()|uid=c.cpu.uid', {})
finally:
    del _mpf
