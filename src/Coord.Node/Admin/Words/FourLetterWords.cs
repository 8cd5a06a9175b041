using System.Collections.Frozen;
using System.Text;

namespace Coord.Node.Admin.Words;

/// <summary>
/// ZooKeeper's four-letter words: four bytes in place of a frame's length, answered with text, then the connection is
/// closed (zookeeper-protocol 10.1).
/// </summary>
/// <param name="facts">What is told.</param>
/// <param name="allowed">Which words are answered.</param>
internal sealed class FourLetterWords(NodeFacts facts, WordList allowed)
{
    // The trace mask of ZooKeeper's debug log. Nothing is traced here, and nothing else is claimed.
    private const string TraceMask = "0";

    private static readonly FrozenDictionary<uint, string> Known = All.ToFrozenDictionary(
        name => (uint)((name[0] << 24) | (name[1] << 16) | (name[2] << 8) | name[3]));

    /// <summary>Every word that there is.</summary>
    public static IReadOnlyList<string> All =>
    [
        "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr", "ruok", "srst", "srvr", "stat",
        "stmk", "wchc", "wchp", "wchs",
    ];

    /// <summary>
    /// Whether the first four bytes of a connection, read as a big-endian number, are one of ZooKeeper's words. As a
    /// length they would be over a gigabyte, so no frame begins like that.
    /// </summary>
    public static bool IsWord(uint firstFour) => Known.ContainsKey(firstFour);

    /// <summary>The text to answer with.</summary>
    /// <param name="word">A word for which <see cref="IsWord"/> holds.</param>
    /// <param name="asking">The connection that asks.</param>
    /// <param name="cancellation">Ends the wait for the replica, which only lists of sessions and watches need.</param>
    public async Task<byte[]> AnswerAsync(uint word, object? asking, CancellationToken cancellation)
    {
        var name = Known[word];
        if (!allowed.Has(name))
            return Encode($"{name} is not executed because it is not in the whitelist.\n");
        var status = facts.Status();
        var isServing = status.NotReadyBecause is null || status.IsReadOnly;
        if (name is "ruok" or "envi" or "isro" or "gtmk" or "stmk")
            return Encode(Always(name, status));
        if (!isServing || facts.Reports() is not { } reports)
            return Encode(NodeFacts.NotServing + "\n");
        return Encode(name switch
        {
            "dump" => SessionText.Write(
                await reports.SessionsAsync(cancellation), facts.Connections.List(asking), status, facts.Settings),
            "wchc" => WatchText.BySession(await reports.WatchesAsync(cancellation)),
            "wchp" => WatchText.ByPath(await reports.WatchesAsync(cancellation)),
            _ => Serving(name, status, asking),
        });
    }

    private static string Always(string name, NodeStatus status) => name switch
    {
        "ruok" => "imok",
        "isro" => status.IsReadOnly ? "ro" : status.NotReadyBecause is null ? "rw" : "null",
        "envi" => EnvironmentReport.Text(),
        _ => TraceMask,
    };

    private string Serving(string name, NodeStatus status, object? asking)
    {
        switch (name)
        {
            case "srvr":
                return ServerText.Write(facts, status, null);
            case "stat":
                return ServerText.Write(facts, status, facts.Connections.List(asking));
            case "cons":
                return ConnectionText.Full(facts.Connections.List(asking));
            case "conf":
                return ConfigurationReport.Text(facts.Settings, status);
            case "mntr":
                return MonitorText.Write(facts);
            case "wchs":
                return $"{status.WatcherCount} connections watching {status.WatchedPathCount} paths\n"
                    + $"Total watches:{status.WatchCount}\n";
            case "dirs":
                var sizes = DirectorySizes.Of(facts.Settings.DataDirectory);
                return $"datadir_size: {sizes.Snapshots}\nlogdir_size: {sizes.Log}\n";
            case "hash":
                return string.Concat(
                    facts.Metrics.Replica.Digests.Latest.Select(digest => $"{digest.Index:x}: {digest.Digest:x}\n"));
            case "srst":
                facts.Metrics.Reset();
                return "Server stats reset.\n";
            default:
                facts.Connections.ResetCounters();
                return "Connection stats reset.\n";
        }
    }

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);
}
