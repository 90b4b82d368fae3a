"""Jinja2 templates and the styles and scripts of the site."""
