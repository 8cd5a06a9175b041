using System.Buffers;
using System.Globalization;

namespace Coord.Protocol.Tests;

/// <summary>
/// A conversation of a real client with a real server, as it was recorded (Captures/*.txt). What a reply answers is
/// found by the number of its request, connection by connection.
/// </summary>
internal static class Capture
{
    private const int EventXid = -1;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Captures");

    /// <summary>Conversations of real clients.</summary>
    public static IReadOnlyList<string> OfClients { get; } = ["kazoo", "java", "c"];

    /// <summary>
    /// Conversations that tests/Differential has with a server, one for each subject; <c>refused</c> is full of what
    /// cannot be read.
    /// </summary>
    public static IReadOnlyList<string> OfScripts { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "zookeeper"), "*.txt")
            .Select(file => $"zookeeper/{Path.GetFileNameWithoutExtension(file)}").Order(StringComparer.Ordinal)];

    /// <summary>Names of all captures whose every frame is one that reads.</summary>
    public static TheoryData<string> Names =>
        [.. OfClients, .. OfScripts.Where(name => name != "zookeeper/refused")];

    /// <summary>All frames of all captures, with the name of the file.</summary>
    public static IReadOnlyList<(string Name, CapturedFrame Frame)> All { get; } =
        Names.SelectMany(row => Read(row.Data).Select(frame => (row.Data, frame))).ToArray();

    public static IReadOnlyList<CapturedFrame> Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        var asked = new Dictionary<(int Connection, int Xid), OpCode>();
        var greeted = new HashSet<(int Connection, bool IsRequest)>();
        var frames = new List<CapturedFrame>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#'))
                continue;
            var parts = lines[i].Split(' ');
            var connection = int.Parse(parts[0], CultureInfo.InvariantCulture);
            var isRequest = parts[1] == ">";
            var bytes = Hex.Bytes(parts[2]);
            OpCode? op = greeted.Add((connection, isRequest)) ? null : OpOf(bytes, connection, isRequest, asked);
            frames.Add(new CapturedFrame(i + 1, isRequest, op, bytes));
        }

        return frames;
    }

    /// <summary>What a request of a capture asks for, with the parts of a multi; nothing for a handshake.</summary>
    public static IEnumerable<OpCode> OpsOf(CapturedFrame frame)
    {
        if (frame is not { IsRequest: true, Op: { } op })
            return [];
        var ops = new List<OpCode> { op };
        var reader = new JuteReader(frame.Payload);
        if (op is not (OpCode.Multi or OpCode.MultiRead) || !RequestHeader.TryRead(ref reader, out _))
            return ops;
        var writer = new JuteWriter(new ArrayBufferWriter<byte>());
        while (MultiHeader.TryRead(ref reader, out var part) && !part.IsLast
            && RequestEcho.TryEcho(part.Type, ref reader, ref writer))
            ops.Add(part.Type);
        return ops;
    }

    private static OpCode OpOf(
        byte[] frame, int connection, bool isRequest, Dictionary<(int Connection, int Xid), OpCode> asked)
    {
        var reader = new JuteReader(frame.AsSpan(FrameReader.PrefixLength));
        if (isRequest)
        {
            Assert.True(RequestHeader.TryRead(ref reader, out var request));
            asked[(connection, request.Xid)] = request.Op;
            return request.Op;
        }

        Assert.True(ReplyHeader.TryRead(ref reader, out var reply));
        return reply.Xid == EventXid ? OpCode.Notification : asked[(connection, reply.Xid)];
    }
}
