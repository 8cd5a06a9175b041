import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;

/** Curator's framework below the recipes: transactions, TTL and container znodes, watches, ACLs, the ensemble. */
final class Requests {
  private Requests() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("transactions", Requests::transactions);
    all.put("ttl_and_containers", Requests::ttlAndContainers);
    all.put("creating", Requests::creating);
    all.put("watches", Requests::watches);
    all.put("acl", Requests::acl);
    all.put("ensemble", Requests::ensemble);
  }

  private static void transactions(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    client.create().creatingParentsIfNeeded().forPath(s.path("a"), Scenario.bytes(0));
    s.disturb(client);
    List<CuratorTransactionResult> results = client.transaction().forOperations(
        client.transactionOp().check().withVersion(0).forPath(s.path("a")),
        client.transactionOp().create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath(s.path("s-")),
        client.transactionOp().create().withMode(CreateMode.EPHEMERAL).forPath(s.path("e"), Scenario.bytes(1)),
        client.transactionOp().setData().withVersion(0).forPath(s.path("a"), Scenario.bytes(1)));
    String sequential = results.get(1).getResultPath();
    Scenario.check(sequential.matches(s.path("s-") + "\\d{10}"), sequential);
    Scenario.equal(1, results.get(3).getResultStat().getVersion());
    Scenario.throwsCode(Code.NOTEMPTY, () -> client.transaction().forOperations(
        client.transactionOp().delete().forPath(s.path("e")),
        client.transactionOp().delete().forPath(s.root)));
    Stat stat = new Stat();
    client.getData().storingStatIn(stat).forPath(s.path("e"));
    Scenario.equal(results.get(3).getResultStat().getMzxid(), stat.getCzxid());
  }

  private static void ttlAndContainers(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    client.createContainers(s.path("container"));
    client.create().forPath(s.path("container/child"));
    client.create().withTtl(300).withMode(CreateMode.PERSISTENT_WITH_TTL).forPath(s.path("ttl"), Scenario.bytes(1));
    String numbered =
        client.create().withTtl(300).withMode(CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL).forPath(s.path("ttl-"));
    Scenario.equal(s.path("ttl-0000000002"), numbered);
    client.create().withTtl(3_600_000).withMode(CreateMode.PERSISTENT_WITH_TTL).forPath(s.path("kept"));
    client.delete().forPath(s.path("container/child"));
    s.disturb(client);
    Scenario.until(() -> Set.of("kept").equals(Set.copyOf(client.getChildren().forPath(s.root))),
        "an empty container and TTL znodes that nobody changes are swept");
  }

  private static void creating(Scenario s) throws Exception {
    CuratorFramework client = s.start(s.builder().namespace(s.root.substring(1)).build());
    Stat stat = new Stat();
    Scenario.equal("/a/b", client.create().storingStatIn(stat).creatingParentsIfNeeded().forPath("/a/b"));
    Scenario.equal(stat, client.checkExists().forPath("/a/b"));
    s.disturb(client);
    String mine = client.create().withProtection().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath("/a/p-");
    Scenario.check(mine.matches("/a/_c_[-0-9a-f]{36}-p-\\d{10}"), mine);
    client.create().compressed().forPath("/zip", Scenario.bytes("squeeze"));
    Scenario.equal("squeeze", Scenario.text(client.getData().decompressed().forPath("/zip")));
    client.create().idempotent().forPath("/same", Scenario.bytes("1"));
    client.create().idempotent().forPath("/same", Scenario.bytes("1"));
    client.setData().idempotent().withVersion(0).forPath("/same", Scenario.bytes("2"));
    client.setData().idempotent().withVersion(0).forPath("/same", Scenario.bytes("2"));
    client.delete().guaranteed().deletingChildrenIfNeeded().forPath("/a");
    client.delete().idempotent().forPath("/a");
    BlockingQueue<CuratorEvent> done = new LinkedBlockingQueue<>();
    client.getChildren().inBackground((c, event) -> done.add(event)).forPath("/");
    CuratorEvent event = done.poll(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
    Scenario.equal(Set.of("zip", "same"), Set.copyOf(event.getChildren()));
  }

  private static void watches(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework writer = s.connect();
    BlockingQueue<WatchedEvent> once = new LinkedBlockingQueue<>();
    BlockingQueue<WatchedEvent> always = new LinkedBlockingQueue<>();
    client.create().creatingParentsIfNeeded().forPath(s.path("a"));
    client.getData().usingWatcher((org.apache.zookeeper.Watcher) once::add).forPath(s.path("a"));
    client.watchers().add().withMode(AddWatchMode.PERSISTENT).usingWatcher(
        (org.apache.zookeeper.Watcher) always::add).forPath(s.path("a"));
    s.disturb(client);
    writer.setData().forPath(s.path("a"), Scenario.bytes(1));
    expect(once, EventType.NodeDataChanged);
    // What stays is set again, too, but nobody tells it what it missed: it begins anew from here.
    client.checkExists().forPath(s.root);
    Scenario.flush(client.getZookeeperClient().getZooKeeper());
    always.clear();
    writer.setData().forPath(s.path("a"), Scenario.bytes(2));
    expect(always, EventType.NodeDataChanged);
    client.watchers().removeAll().forPath(s.path("a"));
    writer.setData().forPath(s.path("a"), Scenario.bytes(3));
    Scenario.flush(client.getZookeeperClient().getZooKeeper());
    Scenario.check(always.stream().noneMatch(event -> event.getType() == EventType.NodeDataChanged), "removed");
    Scenario.check(once.stream().noneMatch(event -> event.getType() == EventType.NodeDataChanged), "used up");
    Scenario.throwsCode(Code.NOWATCHER, () -> client.watchers().removeAll().forPath(s.path("a")));
  }

  private static void expect(BlockingQueue<WatchedEvent> events, EventType type) throws Exception {
    WatchedEvent event;
    do {
      event = events.poll(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
      Scenario.check(event != null, "no event " + type);
    } while (event.getType() == EventType.None);
    Scenario.equal(type, event.getType());
  }

  private static void acl(Scenario s) throws Exception {
    CuratorFramework owner = s.start(s.builder().authorization("digest", Scenario.bytes("owner:secret")).build());
    CuratorFramework client = s.connect();
    owner.create().creatingParentsIfNeeded().withACL(ZooDefs.Ids.CREATOR_ALL_ACL).forPath(s.path("private"));
    s.disturb(owner);
    owner.setData().forPath(s.path("private"), Scenario.bytes("mine"));
    client.sync().forPath(s.path("private"));
    Scenario.throwsCode(Code.NOAUTH, () -> client.getData().forPath(s.path("private")));
    Scenario.equal("owner", owner.getACL().forPath(s.path("private")).get(0).getId().getId().split(":")[0]);
    Scenario.throwsCode(Code.BADVERSION,
        () -> owner.setACL().withVersion(3).withACL(ZooDefs.Ids.READ_ACL_UNSAFE).forPath(s.path("private")));
    owner.setACL().withVersion(0).withACL(ZooDefs.Ids.READ_ACL_UNSAFE).forPath(s.path("private"));
    client.sync().forPath(s.path("private"));
    Scenario.equal("mine", Scenario.text(client.getData().forPath(s.path("private"))));
    Scenario.throwsCode(Code.NOAUTH, () -> owner.setData().forPath(s.path("private"), Scenario.bytes("x")));
  }

  /** One address is enough: the rest comes from /zookeeper/config (zookeeper-protocol 11). */
  private static void ensemble(Scenario s) throws Exception {
    FixedEnsembleProvider provider = new FixedEnsembleProvider(s.hosts().split(",")[0], true);
    CuratorFramework client = s.start(s.builder().ensembleProvider(provider).build());
    String config = Scenario.text(client.getConfig().forEnsemble());
    Scenario.check(config.contains("server.1=") && config.contains("version="), config);
    Set<String> all = Set.of(s.hosts().split(","));
    Scenario.until(() -> Set.of(provider.getConnectionString().split(",")).equals(all), "all addresses");
    s.disturb(client);
    client.create().creatingParentsIfNeeded().forPath(s.path("at-another-node"));
    Scenario.equal(3, client.getCurrentConfig().getVotingMembers().size());
  }
}
