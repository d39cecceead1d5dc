"""The drawings of the exercises: key poses to a moving body, and that to SVG. Pure: no file, no page."""
