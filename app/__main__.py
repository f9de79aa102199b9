"""``python -m app`` is ``crosstalk``."""

from app.cli import main

main()
