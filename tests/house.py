"""The real thing, as a person starts it: the command, the server, its queue."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = Path(sys.executable).with_name("walkapp")


def environment(instance: Path, **more: str) -> dict[str, str]:
    """An environment with this instance alone: nothing set on the machine leaks in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WALKAPP_")}
    return {**clean, "WALKAPP_INSTANCE_PATH": str(instance), **more}


def run(instance: Path, *words: str, ok: bool = True, **more: str) -> str:
    """Run one `walkapp` command to its end; return what it printed."""
    done = subprocess.run(
        [COMMAND, *words], env=environment(instance, **more), capture_output=True, text=True, timeout=120
    )
    if ok and done.returncode:
        raise AssertionError(f"walkapp {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout if ok else f"{done.stdout}\n{done.stderr}"


@dataclass
class Server:
    """`walkapp serve` on a free port."""

    instance: Path
    more: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self) -> "Server":
        """Start, and wait until it says where it listens."""
        with (self.instance / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(self.port)],
                env=environment(self.instance, **self.more),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), (self.instance / "serve.log").read_text()
        self.address = line.split()[-1]
        self.port = int(self.address.rsplit(":", 1)[1])
        return self

    def kill(self) -> None:
        """SIGKILL the parent alone: everything must go with it."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        time.sleep(0.1)

    def stop(self) -> int:
        """SIGTERM, as an operator does; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stdout.close()
        return code
