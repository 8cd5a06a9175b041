namespace Coord.Differential.Dialects;

/// <summary>
/// Where ZooKeeper 3.8, which Debian has, differs from 3.9, which Coord follows, or Coord differs on purpose. Each is
/// applied to exactly its case, and counted: one that no run meets any more is to be taken out.
/// </summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Case">What is taken to be equal.</param>
/// <param name="Right">Who is right, and where that is written.</param>
internal sealed record KnownDifference(string Name, string Case, string Right)
{
    private long _times;

    public static KnownDifference EventZxid { get; } = new(
        "event zxid", "3.8 sends events with zxid -1, 3.9 with that of the transaction",
        "Coord, as 3.9: zookeeper-protocol 1.5");

    public static KnownDifference CheckAlone { get; } = new(
        "check alone", "3.8 never answers a check outside of a multi; not sent there",
        "Coord, as 3.9.3: zookeeper-protocol 2.1");

    public static KnownDifference Internal { get; } = new(
        "internal operations", "ZooKeeper executes createSession and deleteContainer of clients; not sent there",
        "Coord, on purpose: zookeeper-protocol 2.1");

    public static KnownDifference Sasl { get; } = new(
        "sasl", "where SASL is not set up, ZooKeeper answers without a token, Coord -115; not sent there",
        "Coord, on purpose: zookeeper-protocol 8.7");

    public static KnownDifference CheckWatches { get; } = new(
        "checkWatches", "3.8 finds watches of other sessions; a removeWatches behind it tells what there was",
        "Coord, as 3.9: zookeeper-protocol 6.7");

    public static KnownDifference ExistsWithoutRead { get; } = new(
        "exists without READ", "3.8 shows the Stat to those who may not read; a getData behind it tells the error",
        "Coord, as 3.9.2: zookeeper-protocol 2.3");

    public static KnownDifference Create2InMulti { get; } = new(
        "create2 in a multi", "3.8 answers it as create, without Stat; Coord's Stat is left out there",
        "Coord, as 3.9: zookeeper-protocol 2.4");

    public static KnownDifference PersistentTypes { get; } = new(
        "watch types 4 and 5", "3.8 refuses them; it is asked for type 3, the session having no other watches there",
        "Coord, as 3.9: zookeeper-protocol 6.7");

    public static KnownDifference BodyOfRefusedMulti { get; } = new(
        "body of a refused multi", "ZooKeeper sends what it has of the results behind the error",
        "Coord: an error has no body, zookeeper-protocol 1.5");

    public static KnownDifference Null { get; } = new(
        "null path or id", "in writes, ZooKeeper mostly runs into a null pointer and answers -5, Coord -8 or -114",
        "Coord, on purpose: a null is a bad argument, zookeeper-protocol 5.1 and 8.3");

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        EventZxid, CheckAlone, Internal, Sasl, CheckWatches,
        ExistsWithoutRead, Create2InMulti, PersistentTypes, BodyOfRefusedMulti, Null,
    ];

    /// <summary>How often it was met.</summary>
    public long Times => Interlocked.Read(ref _times);

    public void Count() => Interlocked.Increment(ref _times);
}
