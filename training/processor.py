"""What this processor calculates best with."""

from __future__ import annotations

import torch

NUMBERS = torch.bfloat16 if torch.backends.cpu.get_cpu_capability().startswith("AVX512") else torch.float32
"""A processor without AVX-512 is several times slower with bf16 than with float32."""
