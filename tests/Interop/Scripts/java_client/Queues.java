import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.BlockingQueueConsumer;
import org.apache.curator.framework.recipes.queue.DistributedDelayQueue;
import org.apache.curator.framework.recipes.queue.DistributedIdQueue;
import org.apache.curator.framework.recipes.queue.DistributedPriorityQueue;
import org.apache.curator.framework.recipes.queue.DistributedQueue;
import org.apache.curator.framework.recipes.queue.QueueBuilder;
import org.apache.curator.framework.recipes.queue.QueueConsumer;
import org.apache.curator.framework.recipes.queue.QueueSerializer;
import org.apache.curator.framework.recipes.queue.QueueSharder;
import org.apache.curator.framework.recipes.queue.QueueSharderPolicies;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.utils.ZKPaths;

/** Curator's queues: nothing is lost, and under a lock nothing is handed out twice. */
final class Queues {
  private static final int ITEMS = 12;

  private Queues() {}

  static void addTo(Map<String, Scenario.Play> all) {
    all.put("queue", Queues::queue);
    all.put("blocking_queue", Queues::blockingQueue);
    all.put("id_queue", Queues::idQueue);
    all.put("priority_queue", Queues::priorityQueue);
    all.put("delay_queue", Queues::delayQueue);
    all.put("simple_queue", Queues::simpleQueue);
    all.put("queue_sharder", Queues::queueSharder);
  }

  private static final class Text implements QueueSerializer<String> {
    @Override
    public byte[] serialize(String item) {
      return Scenario.bytes(item);
    }

    @Override
    public String deserialize(byte[] item) {
      return Scenario.text(item);
    }
  }

  private static final class Received implements QueueConsumer<String> {
    final BlockingQueue<String> items = new LinkedBlockingQueue<>();

    @Override
    public void consumeMessage(String item) {
      items.add(item);
    }

    @Override
    public void stateChanged(CuratorFramework client, ConnectionState state) {
      // Nothing to do: the queue itself goes on when it is connected again.
    }

    List<String> take(int count) throws Exception {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) {
        String item = items.poll(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
        Scenario.check(item != null, "only " + taken);
        taken.add(item);
      }
      return taken;
    }
  }

  private static QueueBuilder<String> builder(Scenario s, CuratorFramework client, QueueConsumer<String> to) {
    return QueueBuilder.builder(client, to, new Text(), s.path("queue")).lockPath(s.path("queue-locks"));
  }

  /** An item whose consumer was disturbed is handed out again (at least once), but none is left out. */
  private static void queue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    CuratorFramework other = s.connect();
    Received received = new Received();
    DistributedQueue<String> producer = s.closeAtEnd(builder(s, other, null).buildQueue());
    DistributedQueue<String> consumer = s.closeAtEnd(builder(s, client, received).buildQueue());
    producer.start();
    consumer.start();
    TreeSet<String> put = new TreeSet<>();
    for (int i = 0; i < ITEMS; i++) {
      if (i == ITEMS / 2) {
        Scenario.check(producer.flushPuts(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS), "all are there");
        Scenario.equal(put, new TreeSet<>(received.take(put.size())));
        s.disturb(client);
      }
      put.add("item " + i);
      producer.put("item " + i);
    }
    TreeSet<String> got = new TreeSet<>();
    while (got.size() < ITEMS - ITEMS / 2) {
      got.addAll(received.take(1));
    }
    put.removeAll(got);
    Scenario.equal(ITEMS / 2, put.size());
    Scenario.until(() -> other.getChildren().forPath(s.path("queue")).isEmpty(), "all were taken away");
  }

  private static void idQueue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    DistributedIdQueue<String> producer = s.closeAtEnd(builder(s, client, null).buildIdQueue());
    producer.start();
    producer.put("first", "id-1");
    producer.put("second", "id-2");
    Scenario.until(() -> client.getChildren().forPath(s.path("queue")).size() == 2, "both are there");
    s.disturb(client);
    Scenario.equal(1, producer.remove("id-1"));
    Received received = new Received();
    DistributedIdQueue<String> consumer = s.closeAtEnd(builder(s, s.connect(), received).buildIdQueue());
    consumer.start();
    Scenario.equal(List.of("second"), received.take(1));
  }

  private static void priorityQueue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    DistributedPriorityQueue<String> producer =
        s.closeAtEnd(QueueBuilder.builder(client, null, new Text(), s.path("queue")).buildPriorityQueue(0));
    producer.start();
    producer.put("low", 9);
    producer.put("high", 1);
    producer.put("middle", 5);
    Scenario.until(() -> client.getChildren().forPath(s.path("queue")).size() == 3, "all are there");
    s.disturb(client);
    Received received = new Received();
    DistributedPriorityQueue<String> consumer = s.closeAtEnd(
        QueueBuilder.builder(s.connect(), received, new Text(), s.path("queue")).buildPriorityQueue(0));
    consumer.start();
    Scenario.equal(List.of("high", "middle", "low"), received.take(3));
  }

  private static void delayQueue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    Received received = new Received();
    DistributedDelayQueue<String> queue = s.closeAtEnd(
        QueueBuilder.builder(client, received, new Text(), s.path("queue")).buildDelayQueue());
    queue.start();
    long begun = System.currentTimeMillis();
    queue.put("later", begun + 700);
    queue.put("sooner", begun + 300);
    s.disturb(client);
    Scenario.equal(List.of("sooner", "later"), received.take(2));
    Scenario.check(System.currentTimeMillis() - begun >= 700, "not before its time");
  }

  /** What one queue would hold too much of goes to two, and comes out of both. */
  private static void queueSharder(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    QueueSharder<String, DistributedQueue<String>> producer = s.closeAtEnd(sharder(s, client, null));
    producer.start();
    TreeSet<String> put = new TreeSet<>();
    for (int i = 0; i < ITEMS; i++) {
      put.add("item " + i);
      producer.getQueue().put("item " + i);
    }
    s.disturb(client);
    Scenario.until(() -> producer.getShardQty() == 2, "a second queue");
    Received received = new Received();
    QueueSharder<String, DistributedQueue<String>> consumer = s.closeAtEnd(sharder(s, s.connect(), received));
    consumer.start();
    TreeSet<String> got = new TreeSet<>();
    while (!got.equals(put)) {
      got.addAll(received.take(1));
    }
  }

  private static QueueSharder<String, DistributedQueue<String>> sharder(
      Scenario s, CuratorFramework client, QueueConsumer<String> to) {
    QueueSharderPolicies policies =
        QueueSharderPolicies.builder().newQueueThreshold(ITEMS / 2).maxQueues(2).thresholdCheckMs(50).build();
    // Whatever is among the queues is a queue to a sharder, so their locks are elsewhere.
    return new QueueSharder<>(client,
        (c, path) -> QueueBuilder.builder(c, to, new Text(), path)
            .lockPath(ZKPaths.makePath(s.path("locks"), ZKPaths.getNodeFromPath(path))).buildQueue(),
        s.path("queues"), s.path("leader"), policies);
  }

  private static void simpleQueue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    SimpleDistributedQueue queue = new SimpleDistributedQueue(client, s.path("queue"));
    for (int i = 0; i < ITEMS; i++) {
      Scenario.check(queue.offer(Scenario.bytes(i)), "offered");
    }
    s.disturb(client);
    Scenario.equal("0", Scenario.text(queue.peek()));
    for (int i = 0; i < ITEMS; i++) {
      Scenario.equal("" + i, Scenario.text(queue.poll(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS)));
    }
    Scenario.check(queue.poll() == null, "it is empty");
  }

  /** Items wait in the consumer until somebody takes them. */
  private static void blockingQueue(Scenario s) throws Exception {
    CuratorFramework client = s.connect();
    BlockingQueueConsumer<String> received = new BlockingQueueConsumer<>((c, state) -> { });
    DistributedQueue<String> producer = s.closeAtEnd(builder(s, s.connect(), null).buildQueue());
    DistributedQueue<String> consumer = s.closeAtEnd(builder(s, client, received).buildQueue());
    producer.start();
    consumer.start();
    producer.put("first");
    Scenario.equal("first", received.take(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS));
    s.disturb(client);
    producer.put("second");
    String next;
    do {
      // An item whose consumer was disturbed is handed out again.
      next = received.take(Scenario.PATIENCE_SECONDS, TimeUnit.SECONDS);
    } while ("first".equals(next));
    Scenario.equal("second", next);
  }
}
