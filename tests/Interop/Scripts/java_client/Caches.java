import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheBridge;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.cache.NodeCache;
import org.apache.curator.framework.recipes.cache.PathChildrenCache;
import org.apache.curator.framework.recipes.cache.TreeCache;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;

/** Curator's caches: each shows the tree as it is, after its node was killed as well. */
final class Caches {
  private Caches() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("path_children_cache", Caches::pathChildrenCache);
    all.put("node_cache", Caches::nodeCache);
    all.put("tree_cache", Caches::treeCache);
    all.put("curator_cache", Caches::curatorCache);
    all.put("curator_cache_bridge", Caches::curatorCacheBridge);
    all.put("single_node_cache", Caches::singleNodeCache);
    all.put("persistent_watcher", Caches::persistentWatcher);
  }

  /** What a cache has to show, by path below the root. */
  private interface View {
    Map<String, String> now() throws Exception;
  }

  /** The same changes for all caches, some of them while the connection is away. */
  private static void follow(Scenario s, CuratorFramework client, View view) throws Exception {
    CuratorFramework writer = s.connect();
    set(writer, s.path("tree/a"), "1");
    set(writer, s.path("tree/b"), "1");
    Scenario.until(() -> view.now().equals(Map.of("a", "1", "b", "1")), "two children");
    s.disturb(client);
    set(writer, s.path("tree/a"), "2");
    delete(writer, s.path("tree/b"));
    set(writer, s.path("tree/c"), "1");
    Scenario.until(() -> view.now().equals(Map.of("a", "2", "c", "1")), "it catches up");
    set(writer, s.path("tree/c"), "2");
    Scenario.until(() -> view.now().equals(Map.of("a", "2", "c", "2")), "its watches live at another node");
  }

  private static void set(CuratorFramework client, String path, String value) throws Exception {
    client.create().orSetData().creatingParentsIfNeeded().forPath(path, Scenario.bytes(value));
  }

  private static void delete(CuratorFramework client, String path) throws Exception {
    client.delete().quietly().forPath(path);
  }

  private static void pathChildrenCache(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    client.create().creatingParentsIfNeeded().forPath(s.path("tree"));
    PathChildrenCache cache = s.closeAtEnd(new PathChildrenCache(client, s.path("tree"), true));
    cache.start(PathChildrenCache.StartMode.BUILD_INITIAL_CACHE);
    follow(s, client, () -> {
      Map<String, String> shown = new TreeMap<>();
      for (ChildData child : cache.getCurrentData()) {
        shown.put(nameOf(child), Scenario.text(child.getData()));
      }
      return shown;
    });
  }

  private static void nodeCache(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework writer = s.connect();
    NodeCache cache = s.closeAtEnd(new NodeCache(client, s.path("node")));
    cache.start(true);
    Scenario.check(cache.getCurrentData() == null, "there is nothing yet");
    set(writer, s.path("node"), "1");
    Scenario.until(() -> shows(cache, "1"), "created");
    s.disturb(client);
    set(writer, s.path("node"), "2");
    Scenario.until(() -> shows(cache, "2"), "it catches up");
    set(writer, s.path("node"), "3");
    Scenario.until(() -> shows(cache, "3"), "its watch lives at another node");
    delete(writer, s.path("node"));
    Scenario.until(() -> cache.getCurrentData() == null, "deleted");
  }

  private static boolean shows(NodeCache cache, String value) {
    ChildData data = cache.getCurrentData();
    return data != null && Scenario.text(data.getData()).equals(value);
  }

  private static void treeCache(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    client.create().creatingParentsIfNeeded().forPath(s.path("tree"));
    TreeCache cache = s.closeAtEnd(TreeCache.newBuilder(client, s.path("tree")).build());
    cache.start();
    follow(s, client, () -> {
      Map<String, String> shown = new TreeMap<>();
      Map<String, ChildData> children = cache.getCurrentChildren(s.path("tree"));
      if (children != null) {
        children.forEach((name, child) -> shown.put(name, Scenario.text(child.getData())));
      }
      return shown;
    });
    CuratorFramework writer = s.connect();
    set(writer, s.path("tree/deep/deeper"), "1");
    Scenario.until(() -> cache.getCurrentData(s.path("tree/deep/deeper")) != null, "all levels");
  }

  /** On persistent recursive watches (zookeeper-protocol 6), which live through the death of a node as well. */
  private static void curatorCache(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorCache cache = s.closeAtEnd(CuratorCache.build(client, s.path("tree")));
    Map<String, String> heard = new ConcurrentHashMap<>();
    cache.listenable().addListener(CuratorCacheListener.builder()
        .forCreates(node -> heard.put(nameOf(node), Scenario.text(node.getData())))
        .forChanges((old, node) -> heard.put(nameOf(node), Scenario.text(node.getData())))
        .forDeletes(node -> heard.remove(nameOf(node))).build());
    cache.start();
    follow(s, client, () -> below(heard));
    Map<String, String> shown = new TreeMap<>();
    cache.stream().forEach(node -> shown.put(nameOf(node), Scenario.text(node.getData())));
    Scenario.equal(Map.of("a", "2", "c", "2"), below(shown));
  }

  private static Map<String, String> below(Map<String, String> all) {
    Map<String, String> shown = new TreeMap<>(all);
    shown.remove("tree");
    return shown;
  }

  private static void curatorCacheBridge(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorCacheBridge cache = s.closeAtEnd(CuratorCache.bridgeBuilder(client, s.path("tree")).build());
    cache.start();
    follow(s, client, () -> {
      Map<String, String> shown = new TreeMap<>();
      cache.stream().forEach(node -> shown.put(nameOf(node), Scenario.text(node.getData())));
      return below(shown);
    });
  }

  private static void singleNodeCache(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorCache cache = CuratorCache.builder(client, s.path("tree"))
        .withOptions(CuratorCache.Options.SINGLE_NODE_CACHE).build();
    s.closeAtEnd(cache).start();
    CuratorFramework writer = s.connect();
    set(writer, s.path("tree/child"), "1");
    s.disturb(client);
    set(writer, s.path("tree"), "2");
    Scenario.until(() -> cache.get(s.path("tree")).map(node -> Scenario.text(node.getData()).equals("2"))
        .orElse(false), "it catches up");
    Scenario.equal(1, cache.size());
  }

  private static void persistentWatcher(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework writer = s.connect();
    BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    set(writer, s.path("tree/a"), "1");
    PersistentWatcher watcher = s.closeAtEnd(new PersistentWatcher(client, s.path("tree"), true));
    watcher.getListenable().addListener(event -> {
      if (event.getType() != EventType.None) {
        events.add(event);
      }
    });
    watcher.start();
    // It is set in the background: the first event shows that it is there.
    Scenario.until(() -> {
      set(writer, s.path("tree/a"), "2");
      return !events.isEmpty();
    }, "the watch");
    s.disturb(client);
    Scenario.until(() -> {
      events.clear();
      set(writer, s.path("tree/a"), "3");
      return expect(events, EventType.NodeDataChanged, s.path("tree/a"));
    }, "the watch at another node");
    Scenario.flush(client.getZookeeperClient().getZooKeeper());
    events.clear();
    for (int turn = 0; turn < 2; turn++) {
      writer.create().forPath(s.path("tree/a/b"));
      writer.delete().forPath(s.path("tree/a/b"));
      Scenario.check(expect(events, EventType.NodeCreated, s.path("tree/a/b"))
          && expect(events, EventType.NodeDeleted, s.path("tree/a/b")), "it fires again and again");
    }
  }

  private static boolean expect(BlockingQueue<WatchedEvent> events, EventType type, String path) throws Exception {
    WatchedEvent event = events.poll(2, TimeUnit.SECONDS);
    return event != null && event.getType() == type && event.getPath().equals(path);
  }

  private static String nameOf(ChildData node) {
    return node.getPath().substring(node.getPath().lastIndexOf('/') + 1);
  }
}
