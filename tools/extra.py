"""Print the requirements of the extras named on the command line, one a line, as pyproject.toml states them."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
for extra in sys.argv[1:]:
    print("\n".join(requirement.replace(" ", "") for requirement in project["optional-dependencies"][extra]))
