namespace Coord.Node.Clients;

/// <summary>
/// What <c>/zookeeper/coord/features</c> says: the extensions of ZooKeeper's protocol that this node has. Clients use
/// none that is not named here.
/// </summary>
internal static class AnnouncedFeatures
{
    // A ping, write, sync or handshake is answered only behind a leader that has recorded the contact and that a quorum
    // then confirmed (design.md section 10): the reply proves that the session lives.
    private const string SessionProof = "session-proof";

    // Writes may carry a number, and take effect once however often they are sent (raft-design I10).
    private const string Dedupe = "dedupe";

    // How many children a znode counts as ever created can be raised, so that the sequential names of a tree that is
    // moved here go on.
    private const string ChildCounter = "child-counter";

    // An ephemeral znode of its name keeps the leader from sweeping, while a tree is moved here.
    private const string SweepHold = "sweep-hold";

    // Adds to a number that a znode holds take one request, and no version that others could change meanwhile.
    private const string CounterAdd = "counter-add";

    // A sequential create tells the place among the siblings, so that a lock takes one request.
    private const string CreateRank = "create-rank";

    // A read can ask for the barrier of a sync itself.
    private const string ReadBarrier = "read-barrier";

    // A multi can require that a znode is absent, and that no child of one has come or gone.
    private const string CheckAbsent = "check-absent";
    private const string CheckChildren = "check-children";

    // Watches that stay can be set again with what they missed, while the node still knows it.
    private const string WatchFrom = "watch-from";

    /// <summary>The names, one a line.</summary>
    public static ReadOnlyMemory<byte> Text { get; } =
        System.Text.Encoding.ASCII.GetBytes(
            $"{SessionProof}\n{Dedupe}\n{ChildCounter}\n{SweepHold}\n{CounterAdd}\n{ReadBarrier}\n"
            + $"{CheckAbsent}\n{CheckChildren}\n{CreateRank}\n{WatchFrom}\n");
}
