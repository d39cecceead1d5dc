"""python -m hipaudit."""

from .cli import app

app()
