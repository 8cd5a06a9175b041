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
import org.apache.zookeeper.data.Stat;

/**
 * One side of two that contend for the same znodes; the other is Coord.Client, in the test, whose Contention folder
 * says what both write down and how it is judged.
 */
final class Contention {
  private static final int WORKERS = 3;
  private static final int PERMITS = 2;
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
    all.put("contend_mutex", s -> contend(s, mutex(s), List.of(WRITE)));
    all.put("contend_read_write", s -> contend(s, readWrite(s), List.of(READ, WRITE, READ)));
    all.put("contend_semaphore", s -> contend(s, semaphore(s), List.of(SHARE)));
    all.put("contend_atomic_long", Contention::atomicLong);
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

  /** Takes and gives back, as fast as can be, until both sides have had enough. */
  private static void contend(Scenario s, Taking taking, List<String> kinds) throws Exception {
    List<CuratorFramework> clients = connect(s);
    Scenario.ask("ready");
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      CuratorFramework client = clients.get(i);
      int first = i;
      workers.add(() -> {
        boolean isEnough = false;
        for (int round = first; !isEnough; round++) {
          String kind = kinds.get(round % kinds.size());
          Held held = taking.take(client, kind);
          isEnough = section(s, client, kind);
          held.release();
        }
        return null;
      });
    }
    runAll(s, workers);
  }

  private static boolean section(Scenario s, CuratorFramework client, String kind) throws Exception {
    // Each worker has a session of its own, and in it this contender alone.
    String number = kind.equals(SHARE) ? "0" : numberOf(client, s.path("lock"));
    log(s, client, "enter java " + kind + " " + number);
    Stat before = new Stat();
    Stat after = new Stat();
    Tally tally = Tally.read(client.getData().storingStatIn(before).forPath(s.path("tally")));
    if (kind.equals(SHARE)) {
      while (!tally.add().tryWrite(client, s.path("tally"), before.getVersion())) {
        tally = Tally.read(client.getData().storingStatIn(before).forPath(s.path("tally")));
      }
    } else if (kind.equals(WRITE)) {
      Scenario.check(tally.add().tryWrite(client, s.path("tally"), before.getVersion()), "a writer writes alone");
    } else {
      client.getData().storingStatIn(after).forPath(s.path("tally"));
      Scenario.equal(before.getVersion(), after.getVersion());
    }
    log(s, client, "leave java " + kind + " " + number);
    return tally.isEnough();
  }

  private static String numberOf(CuratorFramework client, String lock) throws Exception {
    List<String> own = client.getZookeeperClient().getZooKeeper().getEphemerals(lock);
    Scenario.equal(1, own.size());
    return own.get(0).substring(own.get(0).length() - 10);
  }

  private static void log(Scenario s, CuratorFramework client, String line) throws Exception {
    client.create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath(s.path("log/e-"), Scenario.bytes(line));
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
    List<String> all = results.stream().map(String::valueOf).toList();
    clients.get(0).create().forPath(s.path("results"), Scenario.bytes(String.join(" ", all)));
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
      clients.add(s.connect());
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
