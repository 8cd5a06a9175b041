"""Samples as perf script prints them."""
import re
from collections import Counter
from dataclasses import dataclass

HEAD = re.compile(r"^(\S.*?)\s+(\d+)/(\d+)\s*:?\s*$")
FRAME = re.compile(r"^\s+[0-9a-f]+ (.*) \(([^()]*)\)$")
KERNEL = ("[kernel.kallsyms]", "[guest.kernel.kallsyms]")


@dataclass(frozen=True)
class Sample:
    """Where a thread was: its frames from the outermost to the innermost."""
    thread: str
    process: int
    frames: tuple
    in_kernel: bool


def read(file):
    """Counts of equal samples."""
    samples, head, frames, kernel = Counter(), None, [], []
    with open(file, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            frame = FRAME.match(line)
            if frame:
                called = name(frame[1], frame[2])
                # A library without symbols is one frame, however many of its functions call each other.
                if not (frames and called == frames[-1] and called.startswith("[")):
                    frames.append(called)
                    kernel.append(frame[2] in KERNEL)
            elif line.strip() == "" and head:
                samples[Sample(thread(head[1]), int(head[2]), tuple(reversed(frames)), any(kernel[:1]))] += 1
                head, frames, kernel = None, [], []
            else:
                head = HEAD.match(line) or head
    return samples


def thread(comm):
    """Threads of a kind share a name: numbers at the end tell them apart and matter to nobody."""
    return re.sub(r"[-_ #:]?\d+$", "", comm)


def name(symbol, library):
    """A method as Type::Method, without signature, return type and offset."""
    symbol = re.sub(r"\+0x[0-9a-f]+$", "", symbol)
    managed = re.match(r"^(?:.*?\s)?(?:\[[^\]]*\]\s*)?([^\s(]+::[^\s(]+)\(", symbol)
    if managed:
        return re.sub(r"^.*?([\w`+<>]+(?:\.[\w`+<>]+)?::)", r"\1", managed[1])
    return symbol if symbol != "[unknown]" else f"[{library.rsplit('/', 1)[-1] or 'unknown'}]"
