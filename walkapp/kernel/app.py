"""The application, for processes that are started by name: the factory is upstairs and hands itself down."""

import importlib
from typing import Any


def make() -> Any:
    """Make the application by the factory's name; the kernel knows no feature and imports none."""
    return importlib.import_module("walkapp.factory").create_app()
