"""Load generators: built once, run as processes, read by the figures in their last line."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tests" / "tools"


class Failed(Exception):
    """A measurement that gave no figure, and why."""


def build(folder, with_etcd):
    subprocess.run(["cc", "-O2", "-o", folder / "zkload", TOOLS / "zkload.c"], check=True)
    if with_etcd:
        go = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
        subprocess.run(["go", "build", "-o", folder / "etcdload", TOOLS / "etcdload.go"], check=True,
                       env={**os.environ, **go})


def figures(line):
    """op=set ops_per_s=123 as {"op": "set", "ops_per_s": 123.0}."""
    pairs = (word.split("=", 1) for word in line.split() if "=" in word)
    return {key: number(value) for key, value in pairs}


def number(value):
    try:
        return float(value)
    except ValueError:
        return value


class Load:
    """A load generator that runs; ends with the block, whatever happens."""

    def __init__(self, program, *options):
        self.command = [str(program), *map(str, options)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, start_new_session=True)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def end(self):
        """Ends zkload's steady load early; its figures are those of the time until now."""
        self.process.terminate()

    def runs(self):
        return self.process.poll() is None

    def figures(self):
        out, err = self.process.communicate()
        lines = out.strip().splitlines()
        if self.process.returncode != 0 or not lines:
            said = (err.strip().splitlines() or lines or ["no word"])[-1]
            raise Failed(f"{os.path.basename(self.command[0])} ended with {self.process.returncode}: {said}")
        return figures(lines[-1])


def run(program, *options):
    with Load(program, *options) as load:
        return load.figures()
