using System.Text;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>A decoded request.</summary>
internal sealed record ScriptedRequest(int Xid, OpCode Op, string Path, byte[] Bytes, int Number, bool Watch)
{
    public bool IsWrite =>
        Op is OpCode.Create2 or OpCode.CreateRank or OpCode.Create or OpCode.CreateContainer or OpCode.SetData
        or OpCode.Delete or OpCode.Multi or OpCode.Once or OpCode.CloseSession;

    public long LastZxid { get; private init; }

    /// <summary>Number of a write that takes effect once, and up to which the client has all replies.</summary>
    public (long Number, long Acknowledged) Once { get; private init; }

    /// <summary>A read that asks for the barrier of a sync itself.</summary>
    public bool HasBarrier { get; private init; }

    /// <summary>What a counter without bytes holds, the tag of the write, and what it adds.</summary>
    public (long Initial, ulong Tag, List<CounterAdd> Adds) Counter { get; private init; }

    /// <summary>Of an addition sent again: the session of the first time, and what was seen before it.</summary>
    public (long Session, long SeenZxid) First { get; private init; }

    /// <summary>Of a create that asks for its place: who stands in line, and who is waited for.</summary>
    public (List<string> Marks, List<string> WaitedFor) Rank { get; private init; }

    /// <summary>For faults and chance a create is a create.</summary>
    public OpCode Kind => Op == OpCode.CreateRank ? OpCode.Create2 : Op;

    public List<ScriptedRequest> Parts { get; } = [];

    public List<string>[] Watches { get; } = [[], [], [], [], []];

    public static ScriptedRequest Read(ReadOnlySpan<byte> payload)
    {
        var reader = new JuteReader(payload);
        Assert.True(RequestHeader.TryRead(ref reader, out var header));
        return ReadBody(ref reader, header.Xid, header.Op);
    }

    private static ScriptedRequest ReadBody(ref JuteReader reader, int xid, OpCode op)
    {
        switch (op)
        {
            case OpCode.Create2 or OpCode.Create or OpCode.CreateContainer:
                var created = Text(ref reader);
                var bytes = Buffer(ref reader);
                SkipAcl(ref reader);
                return new ScriptedRequest(xid, op, created, bytes, Int(ref reader), false);
            case OpCode.CreateRank:
                return ReadBody(ref reader, xid, OpCode.Create2) with
                {
                    Op = OpCode.CreateRank, Rank = (Texts(ref reader), Texts(ref reader)),
                };
            case OpCode.SetData:
                return new ScriptedRequest(xid, op, Text(ref reader), Buffer(ref reader), Int(ref reader), false);
            case OpCode.Delete or OpCode.Check or OpCode.CheckChildren:
                return new ScriptedRequest(xid, op, Text(ref reader), [], Int(ref reader), false);
            case OpCode.GetData or OpCode.Exists or OpCode.GetChildren2:
                return new ScriptedRequest(xid, op, Text(ref reader), [], 0, Bool(ref reader));
            case OpCode.Auth:
                Int(ref reader);
                return new ScriptedRequest(xid, op, Text(ref reader), Buffer(ref reader), 0, false);
            case OpCode.Sync or OpCode.CheckAbsent:
                return new ScriptedRequest(xid, op, Text(ref reader), [], 0, false);
            case OpCode.Multi:
                return ReadMulti(ref reader, xid);
            case OpCode.Once:
                return ReadOnce(ref reader, xid);
            case OpCode.BarrierRead:
                return ReadBody(ref reader, xid, (OpCode)Int(ref reader)) with { HasBarrier = true };
            case OpCode.CounterAdd:
                return ReadCounterAdd(ref reader, xid);
            case OpCode.SetWatches or OpCode.SetWatches2:
                return ReadSetWatches(ref reader, xid, op);
            case OpCode.AddWatch or OpCode.RemoveWatches:
                return new ScriptedRequest(xid, op, Text(ref reader), [], Int(ref reader), false);
            default:
                return new ScriptedRequest(xid, op, string.Empty, [], 0, false);
        }
    }

    private static ScriptedRequest ReadMulti(ref JuteReader reader, int xid)
    {
        var parts = new List<ScriptedRequest>();
        while (true)
        {
            var type = (OpCode)Int(ref reader);
            var isEnd = Bool(ref reader);
            Int(ref reader);
            if (isEnd)
                break;
            parts.Add(ReadBody(ref reader, xid, type));
        }

        var path = parts.Count > 0 ? parts[0].Path : string.Empty;
        var multi = new ScriptedRequest(xid, OpCode.Multi, path, [], 0, false);
        multi.Parts.AddRange(parts);
        return multi;
    }

    private static ScriptedRequest ReadOnce(ref JuteReader reader, int xid)
    {
        Assert.True(OnceRequest.TryRead(ref reader, out var once));
        var inner = new JuteReader(once.Request);
        var write = ReadBody(ref inner, xid, (OpCode)Int(ref inner));
        var request = new ScriptedRequest(xid, OpCode.Once, write.Path, [], 0, false)
        {
            Once = (once.Operation, once.Acknowledged), Counter = write.Counter, First = write.First,
        };
        request.Parts.AddRange(write.Parts);
        return request;
    }

    private static List<string> Texts(ref JuteReader reader)
    {
        var texts = new List<string>();
        for (var left = Int(ref reader); left > 0; left--)
            texts.Add(Text(ref reader));
        return texts;
    }

    private static ScriptedRequest ReadCounterAdd(ref JuteReader reader, int xid)
    {
        Assert.True(CounterAddRequest.TryRead(ref reader, out var request));
        var adds = new List<CounterAdd>();
        var encoded = new JuteReader(request.EncodedAdds);
        while (CounterAdd.TryRead(ref encoded, out var add))
            adds.Add(add);
        return new ScriptedRequest(xid, OpCode.CounterAdd, Encoding.UTF8.GetString(request.Path), [], 0, false)
        {
            Counter = (request.Initial, unchecked((ulong)request.Tag), adds),
            First = (request.FirstSession, request.SeenZxid),
        };
    }

    private static ScriptedRequest ReadSetWatches(ref JuteReader reader, int xid, OpCode op)
    {
        Assert.True(reader.TryReadInt64(out var lastZxid));
        var request = new ScriptedRequest(xid, op, string.Empty, [], 0, false) { LastZxid = lastZxid };
        foreach (var list in request.Watches.Take(op == OpCode.SetWatches2 ? 5 : 3))
        {
            Assert.True(reader.TryReadVectorCount(out var count));
            for (var i = 0; i < count; i++)
                list.Add(Text(ref reader));
        }

        return request;
    }

    private static void SkipAcl(ref JuteReader reader)
    {
        Assert.True(reader.TryReadVectorCount(out var count));
        for (var i = 0; i < count; i++)
        {
            Int(ref reader);
            Text(ref reader);
            Text(ref reader);
        }
    }

    private static string Text(ref JuteReader reader) => Encoding.UTF8.GetString(Buffer(ref reader));

    private static byte[] Buffer(ref JuteReader reader)
    {
        Assert.True(reader.TryReadBuffer(out var bytes, out _));
        return bytes.ToArray();
    }

    private static int Int(ref JuteReader reader)
    {
        Assert.True(reader.TryReadInt32(out var value));
        return value;
    }

    private static bool Bool(ref JuteReader reader)
    {
        Assert.True(reader.TryReadBool(out var value));
        return value;
    }
}
