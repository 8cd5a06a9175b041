namespace Coord.Differential.Captured;

/// <summary>
/// An exchange that Debian's ZooKeeper 3.8 answers otherwise than Coord does, with everything that differs in it.
/// </summary>
/// <param name="Conversation">Its conversation's name.</param>
/// <param name="Exchange">Its own name.</param>
/// <param name="Right">Who is right, and where that is written.</param>
/// <param name="Differences">All of them, in their order.</param>
internal sealed record KnownAnswer(string Conversation, string Exchange, string Right, params string[] Differences)
{
    private const string Stat =
        "{0}czxid {0}mzxid {0}ctime {0}mtime {0}version {0}cversion {0}aversion {0}ephemeralOwner {0}dataLength"
        + " {0}numChildren {0}pzxid";

    public static IReadOnlyList<KnownAnswer> All { get; } =
    [
        new(
            "reads", "Exists: without READ", "Coord, as 3.9.2: zookeeper-protocol 2.3",
            "err 0 there, -102 here", $"{StatOf("")} there, not here"),
        new(
            "multis", "Multi: what create2 answers", "Coord, as 3.9: zookeeper-protocol 2.4",
            "0 type 1 there, 15 here", $"{StatOf("0 ")} here, not there"),
        new(
            "config", "GetData: of the config", "either, 0 without a quorum and -1 with one: zookeeper-protocol 4.4",
            "version 0 there, -1 here"),
        new(
            "config", "GetAcl: of the config", "either, 0 without a quorum and -1 with one: zookeeper-protocol 4.4",
            "version 0 there, -1 here"),
        new(
            "refused", "DeleteContainer: by a client", "Coord, on purpose: zookeeper-protocol 2.1",
            "zxid some there, -1 here", "err -8 there, -6 here"),
        new(
            "refused", "Sasl: where it is not set up", "Coord, on purpose: zookeeper-protocol 8.7",
            "err 0 there, -115 here", "token there, not here"),
    ];

    /// <summary>What is to be found, line by line.</summary>
    public static IEnumerable<string> LinesOf(string conversation) => All
        .Where(known => known.Conversation == conversation)
        .SelectMany(known => known.Differences.Select(difference => $"{known.Exchange}: {difference}"));

    private static string StatOf(string prefix) => Stat.Replace("{0}", prefix, StringComparison.Ordinal);
}
