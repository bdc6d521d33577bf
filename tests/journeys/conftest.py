"""What the journeys share: one instance with the demo municipality, made once."""

from pathlib import Path

import pytest

from tests.house import run


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the demo municipality: read it, or copy it."""
    folder = tmp_path_factory.mktemp("demo")
    run(folder, "demo")
    return folder
