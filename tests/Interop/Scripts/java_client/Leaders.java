import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;

/** Curator's elections: one leader at a time. */
final class Leaders {
  private static final int CANDIDATES = 3;

  private Leaders() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("leader_latch", Leaders::latch);
    all.put("leader_selector", Leaders::selector);
  }

  /** Told that only a lost session matters, a leader stays one while its node is killed. */
  private static void latch(Scenario s) throws Exception {
    List<CuratorFramework> clients = new ArrayList<>();
    List<LeaderLatch> latches = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      clients.add(s.start(
          s.builder().connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy()).build()));
      latches.add(new LeaderLatch(clients.get(i), s.path("latch"), "candidate " + i));
      latches.get(i).start();
    }
    Scenario.until(() -> leader(latches) >= 0, "a leader");
    LeaderLatch first = latches.get(leader(latches));
    Scenario.until(() -> first.getParticipants().size() == CANDIDATES, "all take part");
    s.disturb(clients.get(latches.indexOf(first)));
    Scenario.equal(CANDIDATES, first.getParticipants().size());
    Scenario.equal(latches.indexOf(first), leader(latches));
    Scenario.equal(first.getId(), latches.get(0).getLeader().getId());
    first.close();
    latches.remove(first);
    Scenario.until(() -> leader(latches) >= 0, "the next leader");
    for (LeaderLatch latch : latches) {
      latch.close();
    }
  }

  private static int leader(List<LeaderLatch> latches) {
    int found = -1;
    for (int i = 0; i < latches.size(); i++) {
      if (latches.get(i).hasLeadership()) {
        Scenario.check(found < 0, "two lead");
        found = i;
      }
    }
    return found;
  }

  /** By default a leader resigns when its connection is lost, before another can be elected. */
  private static void selector(Scenario s) throws Exception {
    AtomicInteger leading = new AtomicInteger();
    AtomicInteger terms = new AtomicInteger();
    Semaphore mayResign = new Semaphore(0);
    List<CuratorFramework> clients = new ArrayList<>();
    List<LeaderSelector> selectors = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      clients.add(s.connect());
      selectors.add(s.closeAtEnd(new LeaderSelector(clients.get(i), s.path("selector"),
          new LeaderSelectorListenerAdapter() {
            @Override
            public void takeLeadership(CuratorFramework client) throws Exception {
              Scenario.equal(1, leading.incrementAndGet());
              terms.incrementAndGet();
              try {
                mayResign.tryAcquire(2 * Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
              } finally {
                leading.decrementAndGet();
              }
            }
          })));
      selectors.get(i).setId("candidate " + i);
      selectors.get(i).autoRequeue();
      selectors.get(i).start();
    }
    Scenario.until(() -> leading.get() == 1 && selectors.get(0).getParticipants().size() == CANDIDATES, "a leader");
    int first = 0;
    while (!selectors.get(first).hasLeadership()) {
      first++;
    }
    int before = terms.get();
    s.disturb(clients.get(first));
    mayResign.release();
    Scenario.until(() -> terms.get() > before && leading.get() == 1, "the next leader");
    Scenario.until(() -> selectors.get(0).getParticipants().size() == CANDIDATES, "all take part again");
    mayResign.release();
    int then = terms.get();
    Scenario.until(() -> terms.get() > then || terms.get() >= before + 2, "one more");
  }
}
