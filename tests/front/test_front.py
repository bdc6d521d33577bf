"""The phone's plain modules are tested by node itself; this hands its verdict on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.stem)
def test_front(file):
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, cwd=HERE.parents[1])
    assert done.returncode == 0, done.stdout + done.stderr
