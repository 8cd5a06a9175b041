import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentEphemeralNode;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/** Curator's znodes that stay: ephemerals that come back, TTL znodes that are kept alive, members of a group. */
final class Nodes {
  private Nodes() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("persistent_node", s -> persistentNode(s, client -> new PersistentNode(
        client, CreateMode.EPHEMERAL, false, s.path("node"), Scenario.bytes("1"))));
    all.put("persistent_ephemeral_node", s -> persistentNode(s, client -> ephemeral(client, s.path("node"))));
    all.put("persistent_ttl_node", Nodes::persistentTtlNode);
    all.put("group_member", Nodes::groupMember);
  }

  private interface Make {
    PersistentNode of(CuratorFramework client);
  }

  /** The one that Curator now advises against, and that is still in use. */
  @SuppressWarnings("deprecation")
  private static PersistentNode ephemeral(CuratorFramework client, String path) {
    return new PersistentEphemeralNode(client, PersistentEphemeralNode.Mode.EPHEMERAL, path, Scenario.bytes("1"));
  }

  private static void persistentNode(Scenario s, Make make) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    PersistentNode node = s.closeAtEnd(make.of(client));
    node.start();
    Scenario.check(node.waitForInitialCreate(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "it is there");
    other.sync().forPath(s.root);
    Stat before = other.checkExists().forPath(s.path("node"));
    s.disturb(client);
    node.setData(Scenario.bytes("2"));
    Scenario.equal(before.getCzxid(), other.checkExists().forPath(s.path("node")).getCzxid());
    other.delete().forPath(s.path("node"));
    Scenario.until(() -> {
      Stat again = other.checkExists().forPath(s.path("node"));
      return again != null && again.getCzxid() > before.getCzxid()
          && again.getEphemeralOwner() == before.getEphemeralOwner();
    }, "it came back");
    Scenario.equal("2", Scenario.text(other.getData().forPath(s.path("node"))));
  }

  private static void persistentTtlNode(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    long ttlMs = 500;
    PersistentTtlNode node = new PersistentTtlNode(client, s.path("node"), ttlMs, Scenario.bytes("1"));
    node.start();
    Scenario.check(node.waitForInitialCreate(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "it is there");
    s.disturb(client);
    Thread.sleep(3 * ttlMs);
    other.sync().forPath(s.root);
    Scenario.check(other.checkExists().forPath(s.path("node")) != null, "it is kept alive");
    node.close();
    Scenario.until(() -> other.checkExists().forPath(s.path("node")) == null, "nobody keeps it alive");
  }

  private static void groupMember(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    GroupMember mine = s.closeAtEnd(new GroupMember(client, s.path("group"), "mine", Scenario.bytes("1")));
    GroupMember theirs = new GroupMember(s.connect(), s.path("group"), "theirs", Scenario.bytes("2"));
    mine.start();
    theirs.start();
    Scenario.until(() -> mine.getCurrentMembers().keySet().equals(Set.of("mine", "theirs")), "two members");
    s.disturb(client);
    mine.setThisData(Scenario.bytes("3"));
    Scenario.until(() -> Scenario.text(theirs.getCurrentMembers().get("mine")).equals("3"), "new data");
    Scenario.equal(Set.of("mine", "theirs"), theirs.getCurrentMembers().keySet());
    theirs.close();
    Scenario.until(() -> mine.getCurrentMembers().keySet().equals(Set.of("mine")), "one left");
  }
}
