# SPDX-License-Identifier: MIT
__import__('os').remove(ARG1)
print('ok')
