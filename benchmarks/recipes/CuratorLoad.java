import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.retry.RetryNTimes;

/**
 * Apache Curator, called as benchmarks/RecipeLoad calls Coord's client. Each client has a session and a thread of its
 * own. Says "ready", begins when it is told "go", and ends with one line of figures.
 *
 * <p>Words: HOSTS OPERATION PATH CLIENTS WARM_SECONDS MEASURED_SECONDS; the operation is lock, handoff or counter.
 */
public final class CuratorLoad {
  private static final int PART_BITS = 4;

  private final AtomicLongArray latencies = new AtomicLongArray(64 << PART_BITS);
  private final AtomicLongArray failed = new AtomicLongArray(1);
  private volatile String failure = "none";
  private long from;
  private long until;

  private CuratorLoad() {}

  public static void main(String[] words) throws Exception {
    new CuratorLoad().run(words[0], words[1], words[2], Integer.parseInt(words[3]), Long.parseLong(words[4]),
        Long.parseLong(words[5]));
  }

  private void run(String hosts, String operation, String path, int clients, long warm, long measured)
      throws Exception {
    List<CuratorFramework> connected = new ArrayList<>();
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      CuratorFramework client = CuratorFrameworkFactory.newClient(hosts, new ExponentialBackoffRetry(1000, 3));
      client.start();
      client.blockUntilConnected();
      connected.add(client);
      calls.add(call(client, operation, "lock".equals(operation) ? path + "-" + ProcessHandle.current().pid() + "-" + i
          : path));
    }
    System.out.println("ready");
    if (!"go".equals(new Scanner(System.in).nextLine())) {
      System.exit(1);
    }
    from = System.nanoTime() + TimeUnit.SECONDS.toNanos(warm);
    until = from + TimeUnit.SECONDS.toNanos(measured);
    repeat(calls);
    tell(measured);
    for (CuratorFramework client : connected) {
      client.close();
    }
    // Whoever still stands in line waits for nobody any more.
    System.exit(0);
  }

  private static Callable<Boolean> call(CuratorFramework client, String operation, String path) throws Exception {
    if ("counter".equals(operation)) {
      DistributedAtomicLong counter = new DistributedAtomicLong(client, path, new RetryNTimes(10, 10));
      counter.initialize(0L);
      return () -> counter.increment().succeeded();
    }
    InterProcessMutex mutex = new InterProcessMutex(client, path);
    return () -> {
      mutex.acquire();
      mutex.release();
      return true;
    };
  }

  /** Returns when the measured time is over; a call that waits then goes on waiting. */
  private void repeat(List<Callable<Boolean>> calls) throws InterruptedException {
    CountDownLatch ends = new CountDownLatch(calls.size());
    for (Callable<Boolean> call : calls) {
      Thread thread = new Thread(() -> {
        repeat(call);
        ends.countDown();
      });
      thread.setDaemon(true);
      thread.start();
    }
    ends.await(until - System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.NANOSECONDS);
  }

  /** A call that ends with an exception has failed; the next one is made all the same. */
  private void repeat(Callable<Boolean> call) {
    for (long began = System.nanoTime(); began < until; ) {
      boolean isDone = false;
      try {
        isDone = call.call();
      } catch (Exception e) {
        failure = e.getClass().getSimpleName();
      }
      long ended = System.nanoTime();
      if (ended >= from && ended < until) {
        if (isDone) {
          latencies.incrementAndGet(bucketOf(ended - began));
        } else {
          failed.incrementAndGet(0);
        }
      }
      began = ended;
    }
  }

  private void tell(long measured) {
    long done = 0;
    for (int i = 0; i < latencies.length(); i++) {
      done += latencies.get(i);
    }
    System.out.printf("done=%d secs=%d failed=%d p50_ms=%.4f p99_ms=%.4f failure=%s%n", done, measured,
        failed.get(0), percentileMs(0.5, done), percentileMs(0.99, done), failure);
  }

  private double percentileMs(double share, long done) {
    long seen = 0;
    for (int i = 0; i < latencies.length(); i++) {
      seen += latencies.get(i);
      if (seen >= Math.max(1, Math.ceil(share * done))) {
        int shift = Math.max(0, (i >> PART_BITS) - 1);
        return ((long) (i - (shift << PART_BITS)) << shift) / 1e6;
      }
    }
    return 0;
  }

  private static int bucketOf(long nanoseconds) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(nanoseconds | 1) - PART_BITS);
    return (shift << PART_BITS) + (int) (nanoseconds >> shift);
  }
}
