"""Processor time and memory of processes, from /proc."""
import os
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def fields(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rsplit(")", 1)[1].split()


def cpu_seconds(pids):
    return sum((int(f[11]) + int(f[12])) / TICKS for f in map(fields, pids))


def rss_bytes(pids):
    return sum(int(fields(pid)[21]) * PAGE for pid in pids)


def age_seconds(pid):
    """Since the process began, right to a hundredth."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields(pid)[19]) / TICKS


class PeakMemory:
    """The most memory that the processes held together while the block ran, looked at every 50 ms."""

    def __init__(self, pids):
        self.pids, self.most = pids, rss_bytes(pids)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _look(self):
        while not self._ended.wait(0.05):
            try:
                self.most = max(self.most, rss_bytes(self.pids))
            except FileNotFoundError:
                return  # A process ended; whoever waits for it says so.
