"""A plain client of the ZooKeeper protocol, and steps that are measured while another one reads and writes.

Every step prints how long it took, and the slowest of the gets and sets that a client of its own sends meanwhile, one
of each every 2 ms.
"""
import multiprocessing
import socket
import struct
import time

CREATE, DELETE, EXISTS, GET, SET, CHILDREN, EVENT = 1, 2, 3, 4, 5, 8, -1
ANY_VERSION = struct.pack(">i", -1)


def text(value):
    return struct.pack(">i", len(value)) + value


def request(xid, op, *parts):
    body = struct.pack(">ii", xid, op) + b"".join(parts)
    return struct.pack(">i", len(body)) + body


def create(xid, path, flags=0, data=b""):
    return request(xid, CREATE, text(path), text(data), struct.pack(">ii", 1, 31), text(b"world"), text(b"anyone"),
                   struct.pack(">i", flags))


class Connection:
    def __init__(self, address, session=(0, bytes(16)), timeout_ms=40_000):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        body = struct.pack(">iqiq", 0, 0, timeout_ms, session[0]) + text(session[1]) + b"\0"
        self.socket.sendall(struct.pack(">i", len(body)) + body)

    def greeted(self):
        answer = self.next_frame()
        self.session = (struct.unpack_from(">q", answer, 8)[0], answer[20:36])
        return self

    def next_frame(self):
        while len(self.buffer) < 4 or len(self.buffer) < 4 + struct.unpack_from(">i", self.buffer)[0]:
            self.fill()
        return self.frames_at_hand(1)[0]

    def fill(self):
        received = self.socket.recv(1 << 20)
        if not received:
            raise ConnectionError("the node closed the connection")
        self.buffer += received

    def frames_at_hand(self, most=None):
        frames, offset = [], 0
        while len(self.buffer) - offset >= 4 and len(frames) != most:
            length = struct.unpack_from(">i", self.buffer, offset)[0]
            if len(self.buffer) - offset < 4 + length:
                break
            frames.append(self.buffer[offset + 4:offset + 4 + length])
            offset += 4 + length
        self.buffer = self.buffer[offset:]
        return frames

    def ask_all(self, requests, in_flight=500):
        """Sends the requests, so many in flight, and takes one reply for each; gives the errors."""
        errors, sent = {}, 0
        while sum(errors.values()) < len(requests):
            room = in_flight - (sent - sum(errors.values()))
            if room > 0 and sent < len(requests):
                self.socket.sendall(b"".join(requests[sent:sent + room]))
                sent += len(requests[sent:sent + room])
            self.fill()
            for frame in self.frames_at_hand():
                xid, _, error = struct.unpack_from(">iqi", frame)
                if xid != EVENT:
                    errors[error] = errors.get(error, 0) + 1
        return errors


def probe(address, pipe):
    """Sends a get and a set every 2 ms, and tells how long the slowest took since it was last asked."""
    connection, slowest = Connection(address).greeted(), {GET: 0, SET: 0}
    connection.ask_all([create(1, b"/probed")])
    orders = {
        GET: request(1, GET, text(b"/probed"), b"\0"),
        SET: request(1, SET, text(b"/probed"), text(b"x"), ANY_VERSION),
    }
    while True:
        if pipe.poll():
            pipe.recv()
            pipe.send(slowest)
            slowest = {GET: 0, SET: 0}
        for operation, order in orders.items():
            began = time.perf_counter()
            connection.socket.sendall(order)
            connection.next_frame()
            slowest[operation] = max(slowest[operation], time.perf_counter() - began)
        time.sleep(0.002)


class Measured:
    """A step: its time, the slowest get meanwhile, and the node's processor time and memory."""
    pipe = pid = None

    @classmethod
    def begin(cls, address, pid):
        """Starts the client that reads and writes, at the node with this process."""
        cls.pid = pid
        cls.pipe, other = multiprocessing.Pipe()
        multiprocessing.Process(target=probe, args=(address, other), daemon=True).start()

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.ask()
        self.cpu, self.memory = self.cost()
        self.began = time.perf_counter()

    def __exit__(self, *_):
        seconds = time.perf_counter() - self.began
        slowest = self.ask()
        cpu, memory = self.cost()
        print(f"{self.name}: {seconds * 1000:.1f} ms, node's CPU {(cpu - self.cpu) * 1000:.0f} ms, "
              f"slowest get {slowest[GET] * 1000:.1f} ms, slowest set {slowest[SET] * 1000:.1f} ms, "
              f"memory {memory - self.memory:+.1f} MB", flush=True)

    def ask(self):
        self.pipe.send("slowest?")
        return self.pipe.recv()

    def cost(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            ticks = stat.read().rsplit(")", 1)[1].split()
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            pages = statm.read().split()
        return (int(ticks[11]) + int(ticks[12])) / 100, int(pages[1]) * 4096 / 1e6
