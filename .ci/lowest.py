"""Print the lowest version that pyproject.toml names of each package formcheck asks for here, as pip constraints.

Arguments: extras whose packages count too. Run with the Python that will have them.
"""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
asked = [*project["dependencies"], *(r for e in sys.argv[1:] for r in project["optional-dependencies"][e])]
for r in map(Requirement, asked):
    if r.marker is None or r.marker.evaluate():
        for low in (s.version for s in r.specifier if s.operator == ">="):
            print(f"{r.name}=={low}")
