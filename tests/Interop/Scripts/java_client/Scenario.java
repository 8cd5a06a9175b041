import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Plays scenarios for Curator and for the Java client below it. The command line gives the hosts, each line of standard
 * input one scenario to play, "NAME ROOT [killed]", and the answer is "ok" or "failed", after what happened. In
 * between, "kill PORT" asks the test to kill the node with that client port; its answer is one line.
 */
final class Scenario implements AutoCloseable {
  static final int PATIENCE_SECONDS = 90;

  private static final BufferedReader IN = new BufferedReader(new InputStreamReader(System.in));
  private static final Pattern REMOTE = Pattern.compile("remoteserver:\\S*?:(\\d+)");
  private static final Map<String, Play> ALL = new HashMap<>();

  final String root;

  private final String hosts;
  private final boolean killed;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  });

  interface Play {
    void in(Scenario scenario) throws Exception;
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  private Scenario(String hosts, String root, boolean killed) {
    this.hosts = hosts;
    this.root = root;
    this.killed = killed;
  }

  public static void main(String[] arguments) throws Exception {
    Locks.addTo(ALL);
    Numbers.addTo(ALL);
    Leaders.addTo(ALL);
    Caches.addTo(ALL);
    Nodes.addTo(ALL);
    Meetings.addTo(ALL);
    Queues.addTo(ALL);
    Requests.addTo(ALL);
    JavaClient.addTo(ALL);
    Contention.addTo(ALL);
    for (String line = IN.readLine(); line != null; line = IN.readLine()) {
      String[] words = line.split(" ");
      try (Scenario scenario = new Scenario(arguments[0], words[1], words.length > 2)) {
        ALL.get(words[0]).in(scenario);
        System.out.println("ok");
      } catch (Throwable error) {
        error.printStackTrace(System.out);
        System.out.println("failed");
      }
    }
  }

  String hosts() {
    return hosts;
  }

  String path(String name) {
    return root + "/" + name;
  }

  /** A part of this scenario, with a root of its own, that ends with it. */
  Scenario part(String name) {
    return closeAtEnd(new Scenario(hosts, path(name), killed));
  }

  CuratorFramework connect() throws Exception {
    return start(builder().build());
  }

  CuratorFrameworkFactory.Builder builder() {
    return CuratorFrameworkFactory.builder().connectString(hosts).sessionTimeoutMs(10_000).connectionTimeoutMs(10_000)
        .retryPolicy(new ExponentialBackoffRetry(50, 10, 1000));
  }

  CuratorFramework start(CuratorFramework client) throws Exception {
    client.start();
    check(client.blockUntilConnected(20, TimeUnit.SECONDS), "connected");
    closeAtEnd(client);
    return client;
  }

  <T extends AutoCloseable> T closeAtEnd(T resource) {
    opened.add(resource);
    return resource;
  }

  <T> Future<T> run(Callable<T> work) {
    return threads.submit(work);
  }

  static <T> T get(Future<T> result) throws Exception {
    return result.get(2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Kills the node that a client talks to, where the scenario is played for that. */
  void disturb(CuratorFramework client) throws Exception {
    if (killed) {
      ask("kill " + portOf(client.getZookeeperClient().getZooKeeper()));
    }
  }

  static void ask(String line) throws Exception {
    hear(line);
  }

  /** Asks, and returns the answer. */
  static String hear(String line) throws Exception {
    System.out.println(line);
    return IN.readLine();
  }

  static int portOf(ZooKeeper client) {
    Matcher found = REMOTE.matcher(client.toString());
    check(found.find(), client + " is connected");
    return Integer.parseInt(found.group(1));
  }

  static void until(Condition condition, String what) throws Exception {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS); !condition.holds();) {
      check(System.nanoTime() < end, "within " + PATIENCE_SECONDS + " s: " + what);
      Thread.sleep(10);
    }
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("not true: " + what);
    }
  }

  static void equal(Object expected, Object found) {
    check(expected.equals(found), "expected " + expected + ", found " + found);
  }

  static void throwsCode(KeeperException.Code code, Callable<?> call) throws Exception {
    try {
      call.call();
    } catch (KeeperException error) {
      equal(code, error.code());
      return;
    }
    throw new AssertionError("expected " + code);
  }

  /** Waits until the watchers have been told of everything that the client heard, and that its node had applied. */
  static void flush(ZooKeeper client) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    client.sync("/", (code, path, context) -> done.countDown(), null);
    check(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "synced");
  }

  static byte[] bytes(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Nothing for null: caches show a znode before they have read its data. */
  static String text(byte[] data) {
    return data == null ? "" : new String(data, StandardCharsets.UTF_8);
  }

  static int numberAt(CuratorFramework client, String path, Stat stat) throws Exception {
    return Integer.parseInt(text(client.getData().storingStatIn(stat).forPath(path)));
  }

  /** Adds one. Only who holds a lock may: then a lost reply can be told from a lost request. */
  static void advance(CuratorFramework client, String path) throws Exception {
    Stat before = new Stat();
    Stat after = new Stat();
    int number = numberAt(client, path, before);
    while (numberAt(client, path, after) == number) {
      try {
        client.setData().withVersion(before.getVersion()).forPath(path, bytes(number + 1));
      } catch (KeeperException.BadVersionException | KeeperException.ConnectionLossException error) {
        // Applied or not: the next look tells.
      }
    }
    check(number + 1 == numberAt(client, path, after) && after.getVersion() == before.getVersion() + 1,
        "nobody else wrote");
  }

  @Override
  public void close() throws Exception {
    threads.shutdownNow();
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }
}
