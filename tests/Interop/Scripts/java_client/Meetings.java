import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;

/** Curator's barriers. */
final class Meetings {
  private static final int CLIENTS = 3;

  private Meetings() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("barrier", Meetings::barrier);
    all.put("double_barrier", Meetings::doubleBarrier);
  }

  private static void barrier(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework waiter = s.connect();
    DistributedBarrier barrier = new DistributedBarrier(client, s.path("barrier"));
    DistributedBarrier seen = new DistributedBarrier(waiter, s.path("barrier"));
    barrier.setBarrier();
    waiter.sync().forPath(s.root);
    Scenario.check(!seen.waitOnBarrier(50, TimeUnit.MILLISECONDS), "it stands");
    Future<Boolean> passed = s.run(() -> seen.waitOnBarrier(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS));
    s.disturb(waiter);
    Scenario.check(!passed.isDone(), "it stands still");
    barrier.removeBarrier();
    Scenario.check(Scenario.get(passed), "it is gone");
  }

  private static void doubleBarrier(Scenario s) throws Exception {
    CountDownLatch mayCome = new CountDownLatch(1);
    CountDownLatch mayLeave = new CountDownLatch(1);
    AtomicInteger entered = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    List<CuratorFramework> clients = new ArrayList<>();
    List<Future<Void>> ends = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      CuratorFramework client = s.connect();
      clients.add(client);
      boolean isLast = i == CLIENTS - 1;
      ends.add(s.run(() -> {
        DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(client, s.path("barrier"), CLIENTS);
        Scenario.check(!isLast || mayCome.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "may come");
        Scenario.check(barrier.enter(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "all are there");
        entered.incrementAndGet();
        Scenario.check(mayLeave.await(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "may leave");
        Scenario.check(barrier.leave(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "all leave");
        left.incrementAndGet();
        return null;
      }));
    }
    CuratorFramework last = clients.get(CLIENTS - 1);
    Scenario.until(() -> last.checkExists().forPath(s.path("barrier")) != null
        && last.getChildren().forPath(s.path("barrier")).size() == CLIENTS - 1, "two wait");
    Scenario.equal(0, entered.get());
    mayCome.countDown();
    Scenario.until(() -> entered.get() == CLIENTS, "all entered");
    // Not while they wait to enter: Curator's barrier takes the loss of a connection for its turn.
    s.disturb(clients.get(0));
    Scenario.equal(0, left.get());
    mayLeave.countDown();
    for (Future<Void> end : ends) {
      Scenario.get(end);
    }
  }
}
