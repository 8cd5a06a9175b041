import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/** "JAVA COORD HANDOVERS ENOUGH LAST": how often each side held, how often it was the other's turn, and until when. */
final class Tally {
  private final String[] words;

  private Tally(String[] words) {
    this.words = words;
  }

  static Tally read(byte[] data) {
    return new Tally(Scenario.text(data).split(" "));
  }

  Tally add() {
    words[0] = String.valueOf(number(0) + 1);
    words[2] = String.valueOf(number(2) + (words[4].equals("coord") ? 1 : 0));
    words[4] = "java";
    return this;
  }

  boolean tryWrite(CuratorFramework client, String path, int version) throws Exception {
    try {
      client.setData().withVersion(version).forPath(path, Scenario.bytes(String.join(" ", words)));
      return true;
    } catch (KeeperException.BadVersionException error) {
      return false;
    }
  }

  boolean isEnough() {
    return Math.min(Math.min(number(0), number(1)), number(2)) >= number(3);
  }

  private int number(int index) {
    return Integer.parseInt(words[index]);
  }
}
