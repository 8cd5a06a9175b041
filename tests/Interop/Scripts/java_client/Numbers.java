import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.CachedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.CachedAtomicLong;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicValue;
import org.apache.curator.framework.recipes.atomic.PromotedToLock;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.shared.SharedValue;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.data.Stat;

/** Curator's counters and shared values. */
final class Numbers {
  private static final int WORKERS = 2;
  private static final int ROUNDS = 20;
  private static final RetryNTimes RETRY = new RetryNTimes(100, 5);

  private Numbers() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("atomic_long", Numbers::atomicLong);
    all.put("atomic_values", Numbers::atomicValues);
    all.put("shared_count", Numbers::sharedCount);
    all.put("shared_value", Numbers::sharedValue);
  }

  /** Curator repeats an addition whose reply was lost: each lost connection may add one more, the server adds none. */
  private static void atomicLong(Scenario s) throws Exception {
    AtomicInteger losses = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(ROUNDS);
    List<CuratorFramework> clients = new ArrayList<>();
    List<Future<Integer>> ends = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      CuratorFramework client = s.connect();
      clients.add(client);
      client.getConnectionStateListenable().addListener((c, state) -> {
        if (state == ConnectionState.SUSPENDED) {
          losses.incrementAndGet();
        }
      });
      PromotedToLock lock = PromotedToLock.builder().lockPath(s.path("lock")).retryPolicy(RETRY).build();
      DistributedAtomicLong number = new DistributedAtomicLong(client, s.path("number"), RETRY, lock);
      ends.add(s.run(() -> {
        int done = 0;
        for (int round = 0; round < ROUNDS; round++) {
          done += number.increment().succeeded() ? 1 : 0;
          begun.countDown();
        }
        return done;
      }));
    }
    Scenario.check(begun.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "half of the rounds");
    s.disturb(clients.get(0));
    int done = 0;
    for (Future<Integer> end : ends) {
      done += Scenario.get(end);
    }
    clients.get(1).sync().forPath(s.root);
    long value = new DistributedAtomicLong(clients.get(1), s.path("number"), RETRY).get().postValue();
    Stat stat = clients.get(1).checkExists().forPath(s.path("number"));
    Scenario.equal(value, stat.getVersion() + 1L);
    Scenario.check(done <= value && value <= done + losses.get(), done + " of " + value + ", losses " + losses);
    Scenario.check(done >= WORKERS * ROUNDS - losses.get(), done + " succeeded, losses " + losses);
  }

  private static void atomicValues(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    CachedAtomicLong numbers =
        new CachedAtomicLong(new DistributedAtomicLong(client, s.path("cached"), RETRY), 10);
    CachedAtomicLong theirs = new CachedAtomicLong(new DistributedAtomicLong(other, s.path("cached"), RETRY), 10);
    Scenario.equal(List.of(1L, 2L, 11L),
        List.of(numbers.next().postValue(), numbers.next().postValue(), theirs.next().postValue()));
    DistributedAtomicInteger integer = new DistributedAtomicInteger(client, s.path("integer"), RETRY);
    Scenario.check(integer.initialize(5), "it was not there");
    DistributedAtomicInteger same = new DistributedAtomicInteger(other, s.path("integer"), RETRY);
    Scenario.check(!same.initialize(7), "it is there");
    s.disturb(client);
    AtomicValue<Integer> lower = integer.subtract(2);
    Scenario.equal(List.of(true, 5, 3), List.of(lower.succeeded(), lower.preValue(), lower.postValue()));
    other.sync().forPath(s.root);
    Scenario.check(!same.compareAndSet(5, 6).succeeded() && same.compareAndSet(3, 4).succeeded(), "compared");
    CachedAtomicInteger block =
        new CachedAtomicInteger(new DistributedAtomicInteger(client, s.path("block"), RETRY), 10);
    Scenario.equal(List.of(1, 2), List.of(block.next().postValue(), block.next().postValue()));
    Scenario.equal(10, new DistributedAtomicInteger(client, s.path("block"), RETRY).get().postValue());
    DistributedAtomicValue value = new DistributedAtomicValue(client, s.path("value"), RETRY);
    Scenario.check(value.trySet(Scenario.bytes("v")).succeeded(), "set");
    Scenario.equal("v", Scenario.text(value.get().postValue()));
  }

  private static void sharedCount(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    SharedCount mine = s.closeAtEnd(new SharedCount(client, s.path("count"), 1));
    SharedCount theirs = s.closeAtEnd(new SharedCount(s.connect(), s.path("count"), 1));
    mine.start();
    theirs.start();
    mine.setCount(2);
    Scenario.until(() -> theirs.getCount() == 2, "the other hears of it");
    Scenario.check(theirs.trySetCount(theirs.getVersionedValue(), 3), "nobody was faster");
    s.disturb(client);
    Scenario.until(() -> mine.getCount() == 3, "it catches up");
    theirs.setCount(4);
    Scenario.until(() -> mine.getCount() == 4, "its watch lives at another node");
  }

  private static void sharedValue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    SharedValue mine = s.closeAtEnd(new SharedValue(client, s.path("value"), Scenario.bytes("seed")));
    SharedValue theirs = s.closeAtEnd(new SharedValue(s.connect(), s.path("value"), Scenario.bytes("seed")));
    mine.start();
    theirs.start();
    s.disturb(client);
    theirs.setValue(Scenario.bytes("new"));
    Scenario.until(() -> Scenario.text(mine.getValue()).equals("new"), "it catches up");
    Scenario.check(mine.trySetValue(mine.getVersionedValue(), Scenario.bytes("newer")), "nobody was faster");
    Scenario.until(() -> Scenario.text(theirs.getValue()).equals("newer"), "the other hears of it");
  }
}
