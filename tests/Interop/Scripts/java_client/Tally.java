import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * "HANDOVERS ENOUGH LAST" and how often each worker counted, Java's first: how often it was the other's turn, and until
 * when. A worker finds its own count there, and with it whether a write was done whose reply was lost.
 */
final class Tally {
  private static final int COUNTS = 3;

  private final String[] words;

  private Tally(String[] words) {
    this.words = words;
  }

  static Tally read(CuratorFramework client, String path, Stat stat) throws Exception {
    return new Tally(Scenario.text(client.getData().storingStatIn(stat).forPath(path)).split(" "));
  }

  /** Counts a worker once, and returns whether both sides have had enough. */
  static boolean count(CuratorFramework client, String path, int worker, boolean isShared) throws Exception {
    Stat stat = new Stat();
    Tally tally = read(client, path, stat);
    int counted = tally.number(COUNTS + worker) + 1;
    while (tally.number(COUNTS + worker) < counted) {
      int version = stat.getVersion();
      tally.add(worker);
      if (tally.tryWrite(client, path, version)) {
        break;
      }
      tally = read(client, path, stat);
      Scenario.check(isShared || stat.getVersion() == version || tally.number(COUNTS + worker) == counted,
          "a writer writes alone");
    }
    return tally.isEnough();
  }

  boolean isEnough() {
    return Math.min(Math.min(sum(COUNTS), sum(COUNTS + Contention.WORKERS)), number(0)) >= number(1);
  }

  private void add(int worker) {
    words[0] = String.valueOf(number(0) + (words[2].equals("coord") ? 1 : 0));
    words[2] = "java";
    words[COUNTS + worker] = String.valueOf(number(COUNTS + worker) + 1);
  }

  /** False: it was not written, or that is not known. */
  private boolean tryWrite(CuratorFramework client, String path, int version) throws Exception {
    try {
      client.setData().withVersion(version).forPath(path, Scenario.bytes(String.join(" ", words)));
      return true;
    } catch (KeeperException.BadVersionException | KeeperException.ConnectionLossException error) {
      return false;
    }
  }

  private int sum(int first) {
    int sum = 0;
    for (int worker = 0; worker < Contention.WORKERS; worker++) {
      sum += number(first + worker);
    }
    return sum;
  }

  private int number(int index) {
    return Integer.parseInt(words[index]);
  }
}
