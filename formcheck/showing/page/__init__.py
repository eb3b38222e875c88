"""The report as one page that opens anywhere: a single HTML file without network, beside the annotated video.

Curves are drawn by uPlot 1.6.32 (MIT, ``templates/uplot``): 50 kB of script that draws 100 000 points at once, where
plotly.js takes 1 MB and an SVG from matplotlib neither reflows on a phone nor follows the video.
"""

from .render import render_page, write_page

__all__ = ["render_page", "write_page"]
