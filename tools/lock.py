"""Write constraints.txt: the exact version of everything that .venv holds, but for this project itself."""

import subprocess
import sys
from pathlib import Path

HEAD = """\
# Exact versions for `make`, tested together. Made by `make lock` from .venv; change pyproject.toml first, then this.
# Versions carry no build label (torch 2.13.0, not 2.13.0+cpu), so that each platform takes its own build.
"""
TOOLS = {"pip", "setuptools", "wheel"}


def main() -> None:
    """Freeze, drop local labels and editable installs, write."""
    freeze = [sys.executable, "-m", "pip", "list", "--format=freeze", "--exclude-editable"]
    lines = subprocess.run(freeze, capture_output=True, text=True, check=True).stdout.split()
    pins = sorted({line.partition("+")[0].lower().replace("_", "-") for line in lines})
    kept = [pin for pin in pins if pin.partition("==")[0] not in TOOLS]
    Path("constraints.txt").write_text(HEAD + "\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
