using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Coord.Node.Admin;

/// <summary>
/// ZooKeeper's four-letter words: four bytes in place of a frame's length, answered with text, then the connection is
/// closed (zookeeper-protocol 10.1).
/// </summary>
internal static class FourLetterWords
{
    private const string NotServing = "This ZooKeeper instance is not currently serving requests\n";

    private static readonly FrozenSet<uint> Known = FrozenSet.Create(
        Word("conf"u8), Word("cons"u8), Word("crst"u8), Word("dirs"u8), Word("dump"u8), Word("envi"u8),
        Word("gtmk"u8), Word("hash"u8), Word("isro"u8), Word("lsnp"u8), Word("mntr"u8), Word("orst"u8),
        Word("ruok"u8), Word("srst"u8), Word("srvr"u8), Word("stat"u8), Word("stmk"u8), Word("wchc"u8),
        Word("wchp"u8), Word("wchs"u8));

    /// <summary>
    /// Whether the first four bytes of a connection, read as a big-endian number, are one of ZooKeeper's words. As a
    /// length they would be over a gigabyte, so no frame begins like that.
    /// </summary>
    public static bool IsWord(uint firstFour) => Known.Contains(firstFour);

    /// <summary>The text to answer with.</summary>
    /// <param name="word">A word for which <see cref="IsWord"/> holds.</param>
    /// <param name="status">What the node last published.</param>
    /// <param name="connections">What <c>stat</c> lists.</param>
    public static byte[] Answer(uint word, NodeStatus status, IReadOnlyList<ConnectionStatus>? connections = null) =>
        Encoding.UTF8.GetBytes(Text(Name(word), status, connections ?? []));

    private static string Text(string word, NodeStatus status, IReadOnlyList<ConnectionStatus> connections)
    {
        var serves = status.NotReadyBecause is null;
        return word switch
        {
            "ruok" => "imok",
            "isro" => serves ? "rw" : "null",
            "srvr" or "stat" or "mntr" when !serves => NotServing,
            "srvr" => Server(status, null),
            "stat" => Server(status, connections),
            "mntr" => MonitorText.Write(status),
            _ => $"{word} is not executed because it is not in the whitelist.\n",
        };
    }

    private static string Server(NodeStatus status, IReadOnlyList<ConnectionStatus>? connections)
    {
        var text = new StringBuilder($"Zookeeper version: {CoordVersion.FullWithDate}\n");
        if (connections is not null)
        {
            text.Append("Clients:\n");
            foreach (var client in connections)
            {
                text.Append(CultureInfo.InvariantCulture, $" /{client.Remote}[1](queued={client.Queued},")
                    .Append(CultureInfo.InvariantCulture, $"recved={client.Received},sent={client.Sent})\n");
            }

            text.Append('\n');
        }

        text.Append($"Latency min/avg/max: {Milliseconds(status.LatencyMinMicros)}/")
            .Append($"{Average(status)}/{Milliseconds(status.LatencyMaxMicros)}\n")
            .Append($"Received: {status.PacketsReceived}\n")
            .Append($"Sent: {status.PacketsSent}\n")
            .Append($"Connections: {status.Connections}\n")
            .Append($"Outstanding: {status.OutstandingRequests}\n")
            .Append($"Zxid: 0x{status.AppliedIndex:x}\n")
            .Append($"Mode: {Mode(status)}\n")
            .Append($"Node count: {status.ZnodeCount}\n");
        if (status.Role == NodeRole.Leader)
        {
            text.Append($"Proposal sizes last/min/max: {status.LastProposalBytes}/")
                .Append($"{status.MinProposalBytes}/{status.MaxProposalBytes}\n");
        }

        return text.ToString();
    }

    /// <summary>The role in ZooKeeper's words; a cluster of one node is standalone.</summary>
    public static string Mode(NodeStatus status) => status.Role switch
    {
        NodeRole.Leader when status.Peers.Count == 0 => "standalone",
        NodeRole.Leader => "leader",
        _ => "follower",
    };

    /// <summary>Whole milliseconds, as ZooKeeper counts latency.</summary>
    public static long Milliseconds(long micros) => micros / 1000;

    /// <summary>The average latency in milliseconds with up to four places.</summary>
    public static string Average(NodeStatus status) =>
        (status.LatencyAverageMicros / 1000).ToString("0.####", CultureInfo.InvariantCulture);

    private static uint Word(ReadOnlySpan<byte> name) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(name);

    private static string Name(uint word) => string.Create(
        4, word, (name, value) =>
        {
            for (var i = 0; i < name.Length; i++)
                name[i] = (char)(byte)(value >> (24 - (8 * i)));
        });
}
