import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** ZooKeeper's Java client itself, with what neither Curator's recipes nor zkCli ask for. */
final class JavaClient {
  private JavaClient() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("java_multi", JavaClient::multi);
    all.put("java_watches", JavaClient::watches);
    all.put("java_queries", JavaClient::queries);
    all.put("java_read_only", JavaClient::readOnly);
  }

  private static final class Events implements Watcher {
    final BlockingQueue<WatchedEvent> all = new LinkedBlockingQueue<>();

    @Override
    public void process(WatchedEvent event) {
      if (event.getType() != EventType.None) {
        all.add(event);
      }
    }

    void expect(EventType type, String path) throws Exception {
      WatchedEvent event = all.poll(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
      Scenario.check(event != null, "no event " + type + " " + path);
      Scenario.equal(type + " " + path, event.getType() + " " + event.getPath());
    }
  }

  private static ZooKeeper client(Scenario s) throws Exception {
    return s.connect().getZookeeperClient().getZooKeeper();
  }

  private static String create(ZooKeeper zk, String path) throws Exception {
    return zk.create(path, Scenario.bytes(0), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private static void multi(Scenario s) throws Exception {
    ZooKeeper zk = client(s);
    create(zk, s.root);
    List<OpResult> done = zk.multi(List.of(
        Op.create(s.path("a"), Scenario.bytes(1), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
        Op.create(s.path("a/c"), null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
        Op.create(s.path("a/t"), null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, 60_000),
        Op.setData(s.path("a"), Scenario.bytes(2), 0), Op.check(s.path("a"), 1)));
    Scenario.equal(5, done.size());
    List<OpResult> read = zk.multi(List.of(
        Op.getData(s.path("a")), Op.getChildren(s.path("a")), Op.getData(s.path("missing"))));
    Scenario.equal("2", Scenario.text(((OpResult.GetDataResult) read.get(0)).getData()));
    Scenario.equal(2, ((OpResult.GetChildrenResult) read.get(1)).getChildren().size());
    Scenario.equal(Code.NONODE.intValue(), ((OpResult.ErrorResult) read.get(2)).getErr());
    try {
      zk.multi(List.of(Op.delete(s.path("a/c"), -1), Op.delete(s.path("a"), -1), Op.check(s.root, -1)));
      throw new AssertionError("applied in part");
    } catch (KeeperException.NotEmptyException error) {
      int[] codes = error.getResults().stream().mapToInt(r -> ((OpResult.ErrorResult) r).getErr()).toArray();
      Scenario.equal(List.of(0, Code.NOTEMPTY.intValue(), Code.RUNTIMEINCONSISTENCY.intValue()),
          List.of(codes[0], codes[1], codes[2]));
    }
  }

  /** One client's watches of every kind on every place, replayed at another node (zookeeper-protocol 6). */
  private static void watches(Scenario s) throws Exception {
    CuratorFramework curator = s.connect();
    CuratorFramework writer = s.connect();
    ZooKeeper zk = curator.getZookeeperClient().getZooKeeper();
    create(zk, s.root);
    for (String name : List.of("data", "gone", "parent", "tree")) {
      create(zk, s.path(name));
    }
    Events data = new Events();
    Events gone = new Events();
    Events made = new Events();
    Events children = new Events();
    Events persistent = new Events();
    Events tree = new Events();
    zk.getData(s.path("data"), data, new Stat());
    zk.exists(s.path("gone"), gone);
    zk.exists(s.path("made"), made);
    zk.getChildren(s.path("parent"), children);
    zk.addWatch(s.path("data"), persistent, AddWatchMode.PERSISTENT);
    zk.addWatch(s.path("tree"), tree, AddWatchMode.PERSISTENT_RECURSIVE);
    s.disturb(curator);
    writer.setData().forPath(s.path("data"), Scenario.bytes(1));
    writer.delete().quietly().forPath(s.path("gone"));
    writer.create().orSetData().forPath(s.path("made"));
    writer.create().orSetData().forPath(s.path("parent/child"));
    data.expect(EventType.NodeDataChanged, s.path("data"));
    gone.expect(EventType.NodeDeleted, s.path("gone"));
    made.expect(EventType.NodeCreated, s.path("made"));
    children.expect(EventType.NodeChildrenChanged, s.path("parent"));
    // What stays is set again, too, but nobody tells it what it missed: it begins anew from here.
    curator.checkExists().forPath(s.root);
    Scenario.flush(zk);
    persistent.all.clear();
    writer.setData().forPath(s.path("data"), Scenario.bytes(2));
    writer.create().forPath(s.path("tree/child"));
    writer.setData().forPath(s.path("tree/child"), Scenario.bytes(2));
    persistent.expect(EventType.NodeDataChanged, s.path("data"));
    tree.expect(EventType.NodeCreated, s.path("tree/child"));
    tree.expect(EventType.NodeDataChanged, s.path("tree/child"));
    zk.removeWatches(s.path("tree"), tree, Watcher.WatcherType.Any, false);
    zk.removeAllWatches(s.path("data"), Watcher.WatcherType.Any, false);
    Scenario.flush(zk);  // The watchers are told of their removal, too.
    tree.all.clear();
    persistent.all.clear();
    writer.setData().forPath(s.path("data"), Scenario.bytes(3));
    writer.delete().forPath(s.path("tree/child"));
    Scenario.flush(zk);
    Scenario.equal("[] [] []", data.all + " " + tree.all + " " + persistent.all);
  }

  private static void queries(Scenario s) throws Exception {
    ZooKeeper zk = client(s);
    create(zk, s.root);
    for (String name : List.of("a", "b")) {
      zk.create(s.path(name), null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }
    Scenario.equal(List.of(s.path("a"), s.path("b")), zk.getEphemerals(s.root).stream().sorted().toList());
    Scenario.equal(2, zk.getAllChildrenNumber(s.root));
    zk.addAuthInfo("digest", Scenario.bytes("somebody:secret"));
    Scenario.check(zk.whoAmI().stream().anyMatch(id -> id.getUser().equals("somebody")), "whoAmI");
    Scenario.throwsCode(Code.NONODE, () -> zk.getAllChildrenNumber(s.path("missing")));
  }

  /** Without a quorum the last node answers reads of who said that it can do with that (zookeeper-protocol 7). */
  private static void readOnly(Scenario s) throws Exception {
    CuratorFramework writer = s.connect();
    create(writer.getZookeeperClient().getZooKeeper(), s.root);
    writer.sync().forPath(s.root);
    int left = Scenario.portOf(writer.getZookeeperClient().getZooKeeper());
    List<String> others = List.of(s.hosts().split(",")).stream().map(host -> host.split(":")[1])
        .filter(port -> Integer.parseInt(port) != left).toList();
    for (String port : others) {
      Scenario.ask("kill " + port);
    }
    Events changes = new Events();
    ZooKeeper reader = s.closeAtEnd(new ZooKeeper(s.hosts(), 10_000, event -> { }, true));
    Scenario.until(() -> reader.getState() == ZooKeeper.States.CONNECTEDREADONLY, "connected for reading");
    Scenario.equal("0", Scenario.text(reader.getData(s.root, changes, new Stat())));
    Scenario.throwsCode(Code.NOTREADONLY, () -> reader.setData(s.root, Scenario.bytes(1), -1));
    Scenario.throwsCode(Code.NOTREADONLY, () -> create(reader, s.path("lost")));
    for (String port : others) {
      Scenario.ask("restart " + port);
    }
    Scenario.until(() -> reader.getState() == ZooKeeper.States.CONNECTED, "a quorum again");
    writer.setData().forPath(s.root, Scenario.bytes(2));
    changes.expect(EventType.NodeDataChanged, s.root);
    Scenario.equal("2", Scenario.text(reader.getData(s.root, false, new Stat())));
    Scenario.equal(List.of(), reader.getChildren(s.root, false));
    Scenario.check(create(reader, s.path("kept")).equals(s.path("kept")), "and writes");
  }
}
