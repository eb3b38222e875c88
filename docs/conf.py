"""How Sphinx builds these pages: ``sphinx-build -W docs OUT``. Nothing in them is loaded from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import formcheck

sys.path.insert(0, str(Path(__file__).resolve().parent))
from notebook_pages import write_pages

write_pages()

project = "formcheck"
author = "the formcheck authors"
project_copyright = author
version = release = formcheck.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "accuracy-table.md"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"formcheck {release}"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f5fa8", "color-brand-content": "#1f5fa8"},
    "dark_css_variables": {"color-brand-primary": "#7db4f0", "color-brand-content": "#7db4f0"},
}
