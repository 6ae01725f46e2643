"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# Read when faiss or torch is imported: their threads wait for each other where tests share two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A property is checked for what it says, never for how long a busy machine took.
settings.register_profile("qa", deadline=None)
settings.load_profile("qa")
