import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.RetryLoop;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.atomic.PromotedToLock;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * One side of two that contend for the same znodes; the other is Coord.Client, in the test, whose Contention folder
 * says what both write down and how it is judged.
 */
final class Contention {
  static final int WORKERS = 3;

  private static final int PERMITS = 2;
  private static final int SESSION_TIMEOUT_MS = 40_000;
  private static final String READ = "read";
  private static final String WRITE = "write";
  private static final String SHARE = "share";

  private Contention() {}

  private interface Held {
    void release() throws Exception;
  }

  private interface Taking {
    Held take(CuratorFramework client, String kind) throws Exception;
  }

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("contend_mutex", s -> contend(s, forMutex(s)));
    all.put("contend_read_write", s -> contend(s, forReadWrite(s)));
    all.put("contend_semaphore", s -> contend(s, forSemaphore(s)));
    all.put("contend_atomic_long", Contention::atomicLong);
    all.put("contend_through_outages", Contention::throughOutages);
    all.put("turns_mutex", s -> turns(s, mutex(s)));
    all.put("turns_read_write", s -> turns(s, readWrite(s)));
    all.put("turns_semaphore", s -> turns(s, semaphore(s)));
  }

  private static Taking mutex(Scenario s) {
    return (client, kind) -> take(new InterProcessMutex(client, s.path("lock")));
  }

  private static Taking readWrite(Scenario s) {
    return (client, kind) -> {
      InterProcessReadWriteLock both = new InterProcessReadWriteLock(client, s.path("lock"));
      return take(kind.equals(READ) ? both.readLock() : both.writeLock());
    };
  }

  private static Taking semaphore(Scenario s) {
    return (client, kind) -> {
      Lease lease = new InterProcessSemaphoreV2(client, s.path("lock"), PERMITS)
          .acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
      Scenario.check(lease != null, "a permit came");
      return lease::close;
    };
  }

  private static Held take(InterProcessLock lock) throws Exception {
    Scenario.check(lock.acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "its turn came");
    return lock::release;
  }

  private static List<Callable<Void>> forMutex(Scenario s) throws Exception {
    return contenders(s, mutex(s), List.of(WRITE));
  }

  private static List<Callable<Void>> forReadWrite(Scenario s) throws Exception {
    return contenders(s, readWrite(s), List.of(READ, WRITE, READ));
  }

  private static List<Callable<Void>> forSemaphore(Scenario s) throws Exception {
    return contenders(s, semaphore(s), List.of(SHARE));
  }

  private static void contend(Scenario s, List<Callable<Void>> workers) throws Exception {
    Scenario.ask("ready");
    runAll(s, workers);
  }

  /** Workers that take and give back, as fast as can be, until both sides have had enough. */
  private static List<Callable<Void>> contenders(Scenario s, Taking taking, List<String> kinds) throws Exception {
    List<CuratorFramework> clients = connect(s);
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      CuratorFramework client = clients.get(i);
      int worker = i;
      workers.add(() -> {
        boolean isEnough = false;
        for (int round = worker; !isEnough; round++) {
          String kind = kinds.get(round % kinds.size());
          Held held = taking.take(client, kind);
          isEnough = section(s, client, worker, kind);
          held.release();
        }
        return null;
      });
    }
    return workers;
  }

  private static boolean section(Scenario s, CuratorFramework client, int worker, String kind) throws Exception {
    // Each worker has a session of its own, and in it this contender alone.
    String number = kind.equals(SHARE) ? "0" : numberOf(client, s.path("lock"));
    log(s, client, "enter java " + kind + " " + number);
    boolean isEnough = kind.equals(READ)
        ? look(client, s.path("tally")) : Tally.count(client, s.path("tally"), worker, kind.equals(SHARE));
    log(s, client, "leave java " + kind + " " + number);
    return isEnough;
  }

  private static boolean look(CuratorFramework client, String tally) throws Exception {
    Stat before = new Stat();
    Stat after = new Stat();
    Tally.read(client, tally, before);
    boolean isEnough = Tally.read(client, tally, after).isEnough();
    Scenario.equal(before.getVersion(), after.getVersion());
    return isEnough;
  }

  private static String numberOf(CuratorFramework client, String lock) throws Exception {
    List<String> own = RetryLoop.callWithRetry(
        client.getZookeeperClient(), () -> client.getZookeeperClient().getZooKeeper().getEphemerals(lock));
    Scenario.equal(1, own.size());
    return own.get(0).substring(own.get(0).length() - 10);
  }

  private static void log(Scenario s, CuratorFramework client, String line) throws Exception {
    // Protected: a line whose reply is lost is there once.
    client.create().withProtection().withMode(CreateMode.PERSISTENT_SEQUENTIAL)
        .forPath(s.path("log/e-"), Scenario.bytes(line));
  }

  /** Everything at once, while the other side has nodes killed and says by itself when it is enough. */
  private static void throughOutages(Scenario s) throws Exception {
    Scenario numbers = s.part("atomic_long");
    Set<Long> results = ConcurrentHashMap.newKeySet();
    AtomicInteger unknown = new AtomicInteger();
    List<Callable<Void>> workers = new ArrayList<>(forMutex(s.part("mutex")));
    workers.addAll(forReadWrite(s.part("read_write")));
    workers.addAll(forSemaphore(s.part("semaphore")));
    workers.addAll(adders(numbers, results, unknown));
    contend(s, workers);
    CuratorFramework client = numbers.connect();
    client.create().forPath(numbers.path("unknown"), Scenario.bytes(unknown));
    tell(numbers, client, results);
  }

  /** Workers that add one at a time. Of an addition whose reply is lost Curator does not know whether it was made. */
  private static List<Callable<Void>> adders(Scenario s, Set<Long> results, AtomicInteger unknown) throws Exception {
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      // What the client repeats by itself meets the version that its first copy made, and is added once more.
      CuratorFramework client = s.start(
          s.builder().sessionTimeoutMs(SESSION_TIMEOUT_MS).retryPolicy(new RetryNTimes(0, 0)).build());
      DistributedAtomicLong number = new DistributedAtomicLong(client, s.path("number"), new RetryNTimes(100, 1));
      workers.add(() -> {
        for (boolean isEnough = false; !isEnough;) {
          try {
            AtomicValue<Long> added = number.increment();
            Scenario.check(!added.succeeded() || results.add(added.postValue()), "a result of its own");
            isEnough = client.checkExists().forPath(s.path("enough")) != null;
          } catch (KeeperException.ConnectionLossException error) {
            unknown.incrementAndGet();
          }
        }
        return null;
      });
    }
    return workers;
  }

  /**
   * Adds one at a time, and ends both sides when the other one came in between often enough. Its own additions that are
   * under way look like the other side's until they are known: a few more runs make up for them.
   */
  private static void atomicLong(Scenario s) throws Exception {
    List<CuratorFramework> clients = connect(s);
    int enough = Integer.parseInt(Scenario.hear("ready"));
    Set<Long> results = ConcurrentHashMap.newKeySet();
    List<Callable<Void>> workers = new ArrayList<>();
    for (CuratorFramework client : clients) {
      RetryNTimes retry = new RetryNTimes(100, 1);
      DistributedAtomicLong number = new DistributedAtomicLong(client, s.path("number"), retry,
          PromotedToLock.builder().lockPath(s.path("promoted")).retryPolicy(retry).build());
      workers.add(() -> {
        while (client.checkExists().forPath(s.path("enough")) == null) {
          AtomicValue<Long> added = number.increment();
          Scenario.check(!added.succeeded() || results.add(added.postValue()), "a result of its own");
          if (results.stream().filter(result -> !results.contains(result - 1)).count() >= enough + 2 * WORKERS) {
            client.create().orSetData().forPath(s.path("enough"));
          }
        }
        return null;
      });
    }
    runAll(s, workers);
    tell(s, clients.get(0), results);
  }

  private static void tell(Scenario s, CuratorFramework client, Set<Long> results) throws Exception {
    List<String> all = results.stream().map(String::valueOf).toList();
    client.create().forPath(s.path("results"), Scenario.bytes(String.join(" ", all)));
  }

  /** Takes and gives back when it is told to: "take NUMBER KIND", "give NUMBER", "end". */
  private static void turns(Scenario s, Taking taking) throws Exception {
    CuratorFramework client = s.connect();
    Map<String, CountDownLatch> given = new HashMap<>();
    List<Future<Void>> ends = new ArrayList<>();
    for (String[] words = Scenario.hear("ready").split(" "); !words[0].equals("end");
        words = Scenario.hear("next").split(" ")) {
      String number = words[1];
      if (words[0].equals("give")) {
        given.get(number).countDown();
        continue;
      }
      String kind = words[2];
      CountDownLatch gives = new CountDownLatch(1);
      given.put(number, gives);
      ends.add(s.run(() -> {
        Held held = taking.take(client, kind);
        log(s, client, "enter java " + kind + " " + number);
        System.out.println("granted " + number);
        Scenario.check(gives.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "told to give back");
        log(s, client, "leave java " + kind + " " + number);
        held.release();
        return null;
      }));
    }
    for (Future<Void> end : ends) {
      Scenario.get(end);
    }
  }

  private static List<CuratorFramework> connect(Scenario s) throws Exception {
    List<CuratorFramework> clients = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      // Longer than a busy machine pauses.
      clients.add(s.start(s.builder().sessionTimeoutMs(SESSION_TIMEOUT_MS).build()));
    }
    return clients;
  }

  private static void runAll(Scenario s, List<Callable<Void>> workers) throws Exception {
    List<Future<Void>> ends = new ArrayList<>();
    for (Callable<Void> worker : workers) {
      ends.add(s.run(worker));
    }
    for (Future<Void> end : ends) {
      Scenario.get(end);
    }
  }
}
