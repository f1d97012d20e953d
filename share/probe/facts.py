# SPDX-License-Identifier: MIT
# Who are you?  Each a[i] is "KEY=EXPRESSION", or "=STATEMENT" to run first.
# Texts that are evaluated one by one need little: it runs on all since
# MicroPython 1.9 and on CircuitPython, on a micro:bit of 2017 in 7 kB of heap.
# What raises, whatever it is, is a fact that this board has not.
g = {}
for l in a:
    k, t = str(l, 'utf8').split('=', 1)
    try:
        v = k and eval(t, g)
        if not k:
            exec(t, g)
        elif not isinstance(v, str):
            v = b'' + v
    except MemoryError:
        raise
    except Exception:
        continue
    if k:
        w(k, v)
