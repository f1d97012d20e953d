# SPDX-License-Identifier: MIT
import os
os.remove(str(a[0], 'utf8'))
