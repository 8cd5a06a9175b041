using System.Diagnostics;
using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>
/// What <c>cons</c> and <c>stat</c> tell of a connection: written by the replica loop with a few plain stores per
/// request, read by any thread. Each field is right by itself; a reading may mix two requests.
/// </summary>
internal sealed class ConnectionCounters
{
    private long received;
    private long sent;
    private long answered;
    private long sumMicros;
    private long leastMicros = long.MaxValue;
    private long greatestMicros;
    private long lastMicros;
    private long lastTimestamp;
    private long lastZxid = -1;
    private int lastXid = -1;
    private int lastOp = (int)OpCode.Error;
    private bool isResetWanted;

    /// <summary>When the connection was taken in, in Unix milliseconds.</summary>
    public long EstablishedMs { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public void Received()
    {
        ClearIfWanted();
        Volatile.Write(ref received, received + 1);
    }

    public void Sent()
    {
        ClearIfWanted();
        Volatile.Write(ref sent, sent + 1);
    }

    /// <summary>The session began, or was taken up again.</summary>
    public void Attached(long zxid)
    {
        Volatile.Write(ref lastOp, (int)OpCode.CreateSession);
        Volatile.Write(ref lastZxid, zxid);
    }

    /// <summary>A request was answered.</summary>
    public void Answered(in PendingRequest request, long zxid, long timestamp, long micros)
    {
        if (request.Op != OpCode.Auth)
            Volatile.Write(ref lastOp, (int)request.Op);
        Volatile.Write(ref lastZxid, zxid);
        Volatile.Write(ref lastTimestamp, timestamp);
        Volatile.Write(ref lastMicros, micros);
        Volatile.Write(ref sumMicros, sumMicros + micros);
        if (request.Xid >= 0)
            Volatile.Write(ref lastXid, request.Xid);
        if (micros < leastMicros)
            Volatile.Write(ref leastMicros, micros);
        if (micros > greatestMicros)
            Volatile.Write(ref greatestMicros, micros);
        Volatile.Write(ref answered, answered + 1); // Last: whoever sees it sees a least latency, too.
    }

    /// <summary>Any thread may ask for it; the loop does it with the next packet.</summary>
    public void Reset() => Volatile.Write(ref isResetWanted, true);

    /// <summary>What is told of the connection.</summary>
    public ConnectionFigures Read()
    {
        if (Volatile.Read(ref isResetWanted))
            return new ConnectionFigures { EstablishedMs = EstablishedMs };
        var count = Volatile.Read(ref answered);
        var last = Volatile.Read(ref lastTimestamp);
        return new ConnectionFigures
        {
            EstablishedMs = EstablishedMs,
            Received = Volatile.Read(ref received),
            Sent = Volatile.Read(ref sent),
            LastOp = (OpCode)Volatile.Read(ref lastOp),
            LastXid = Volatile.Read(ref lastXid),
            LastZxid = Volatile.Read(ref lastZxid),
            LastResponseMs = Milliseconds(last),
            IdleMs = Milliseconds(Stopwatch.GetTimestamp() - last),
            LastLatencyMs = Volatile.Read(ref lastMicros) / 1000,
            MinLatencyMs = count == 0 ? 0 : Volatile.Read(ref leastMicros) / 1000,
            AverageLatencyMs = count == 0 ? 0 : Volatile.Read(ref sumMicros) / count / 1000,
            MaxLatencyMs = Volatile.Read(ref greatestMicros) / 1000,
        };
    }

    private static long Milliseconds(long timestamp) =>
        (long)Stopwatch.GetElapsedTime(0, timestamp).TotalMilliseconds;

    private void ClearIfWanted()
    {
        if (!Volatile.Read(ref isResetWanted))
            return;
        received = sent = answered = sumMicros = greatestMicros = lastMicros = lastTimestamp = 0;
        leastMicros = long.MaxValue;
        lastZxid = lastXid = -1;
        lastOp = (int)OpCode.Error;
        Volatile.Write(ref isResetWanted, false);
    }
}
