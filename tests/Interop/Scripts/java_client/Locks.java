import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphore;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.locks.Locker;
import org.apache.curator.framework.recipes.locks.Revoker;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.zookeeper.data.Stat;

/** Curator's locks: exclusive stays exclusive, whatever happens to nodes. */
final class Locks {
  private static final int WORKERS = 3;
  private static final int ROUNDS = 8;

  private Locks() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("mutex", s -> exclusive(s, client -> new InterProcessMutex(client, s.path("lock"))));
    all.put("semaphore_mutex", s -> exclusive(s, client -> new InterProcessSemaphoreMutex(client, s.path("lock"))));
    all.put("multi_lock", s -> exclusive(
        s, client -> new InterProcessMultiLock(client, Arrays.asList(s.path("lock-a"), s.path("lock-b")))));
    all.put("write_lock",
        s -> exclusive(s, client -> new InterProcessReadWriteLock(client, s.path("lock")).writeLock()));
    all.put("mutex_is_kept", Locks::mutexIsKept);
    all.put("read_write_lock", Locks::readWriteLock);
    all.put("semaphore", Locks::semaphore);
    all.put("first_semaphore", Locks::firstSemaphore);
  }

  private interface Make {
    InterProcessLock of(CuratorFramework client);
  }

  /** Clients add to a number in turns; the node of one is killed while they do. */
  private static void exclusive(Scenario s, Make lock) throws Exception {
    CuratorFramework client = s.connect();
    client.create().creatingParentsIfNeeded().forPath(s.path("number"), Scenario.bytes(0));
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(ROUNDS);
    List<CuratorFramework> clients = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      clients.add(s.connect());
    }
    List<Future<Void>> ends = new ArrayList<>();
    for (CuratorFramework each : clients) {
      InterProcessLock mine = lock.of(each);
      ends.add(s.run(() -> {
        for (int round = 0; round < ROUNDS; round++) {
          Scenario.check(mine.acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "its turn came");
          Scenario.equal(1, inside.incrementAndGet());
          Scenario.advance(each, s.path("number"));
          inside.decrementAndGet();
          mine.release();
          begun.countDown();
        }
        return null;
      }));
    }
    Scenario.check(begun.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "a third of the rounds");
    s.disturb(clients.get(0));
    for (Future<Void> end : ends) {
      Scenario.get(end);
    }
    client.sync().forPath(s.root);
    Stat stat = new Stat();
    Scenario.equal(WORKERS * ROUNDS, Scenario.numberAt(client, s.path("number"), stat));
    Scenario.equal(WORKERS * ROUNDS, stat.getVersion());
  }

  /** The holder's node is killed: the lock stays with its session until it is given back, even when asked for. */
  private static void mutexIsKept(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    InterProcessMutex mine = new InterProcessMutex(client, s.path("lock"));
    InterProcessMutex theirs = new InterProcessMutex(other, s.path("lock"));
    CountDownLatch asked = new CountDownLatch(1);
    try (Locker held = new Locker(mine, Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      Scenario.check(mine.isAcquiredInThisProcess(), "as long as the block");
    }
    mine.makeRevocable(lock -> asked.countDown());
    mine.acquire();
    mine.acquire();
    Scenario.check(!theirs.acquire(50, TimeUnit.MILLISECONDS), "it is taken");
    Future<Boolean> waiting = s.run(() -> theirs.acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS));
    Scenario.until(() -> mine.getParticipantNodes().size() == 2, "both contend");
    long session = client.getZookeeperClient().getZooKeeper().getSessionId();
    s.disturb(client);
    Collection<String> contenders = mine.getParticipantNodes();
    Scenario.equal(2, contenders.size());
    Scenario.equal(session, client.getZookeeperClient().getZooKeeper().getSessionId());
    Revoker.attemptRevoke(other, contenders.iterator().next());
    Scenario.check(asked.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "asked to give it back");
    mine.release();
    Scenario.check(!waiting.isDone(), "it was taken twice");
    mine.release();
    Scenario.check(Scenario.get(waiting), "the waiter was woken");
  }

  private static void readWriteLock(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    InterProcessReadWriteLock mine = new InterProcessReadWriteLock(client, s.path("lock"));
    InterProcessReadWriteLock theirs = new InterProcessReadWriteLock(other, s.path("lock"));
    mine.readLock().acquire();
    Scenario.check(theirs.readLock().acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "readers share");
    theirs.readLock().release();
    Future<Void> writer = s.run(() -> {
      Scenario.check(theirs.writeLock().acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "the writer's turn");
      return null;
    });
    Scenario.until(() -> client.getChildren().forPath(s.path("lock")).size() == 2, "a writer waits");
    s.disturb(other);
    Scenario.check(!writer.isDone(), "a reader keeps writers out");
    mine.readLock().release();
    Scenario.get(writer);
    Scenario.check(!mine.readLock().acquire(50, TimeUnit.MILLISECONDS), "a writer keeps readers out");
  }

  private static void semaphore(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    SharedCount leases = s.closeAtEnd(new SharedCount(client, s.path("leases"), 2));
    leases.start();
    InterProcessSemaphoreV2 mine = new InterProcessSemaphoreV2(client, s.path("semaphore"), leases);
    InterProcessSemaphoreV2 theirs = new InterProcessSemaphoreV2(other, s.path("semaphore"), 2);
    Lease first = mine.acquire();
    Lease second = theirs.acquire();
    Scenario.check(theirs.acquire(50, TimeUnit.MILLISECONDS) == null, "all are taken");
    Future<Lease> third = s.run(() -> mine.acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS));
    s.disturb(other);
    Scenario.equal(true, mine.getParticipantNodes().size() >= 2);
    Scenario.check(!third.isDone(), "a third got one of two");
    second.close();
    Scenario.check(Scenario.get(third) != null, "the third got what the second gave back");
    mine.returnAll(Arrays.asList(first, third.get()));
    Scenario.until(() -> mine.getParticipantNodes().isEmpty(), "all were given back");
  }

  /** The one that Curator now advises against, and that is still in use. */
  @SuppressWarnings("deprecation")
  private static void firstSemaphore(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    InterProcessSemaphore mine = new InterProcessSemaphore(client, s.path("semaphore"), 2);
    InterProcessSemaphore theirs = new InterProcessSemaphore(other, s.path("semaphore"), 2);
    Lease first = mine.acquire();
    Lease second = theirs.acquire();
    Scenario.check(theirs.acquire(50, TimeUnit.MILLISECONDS) == null, "all are taken");
    Future<Lease> third = s.run(() -> mine.acquire(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS));
    s.disturb(other);
    Scenario.check(!third.isDone(), "a third got one of two");
    // It watches one lease, as a rule the oldest, and learns of the others when that one moves or its time is up.
    second.close();
    first.close();
    Scenario.check(Scenario.get(third) != null, "the third got what was given back");
    mine.returnLease(third.get());
    Scenario.until(() -> client.getChildren().forPath(s.path("semaphore")).isEmpty(), "all were given back");
  }
}
