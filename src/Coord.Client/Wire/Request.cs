using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// One request on its way: encoded by the outbox, answered by the connection's thread, awaited by an operation.
/// </summary>
internal abstract class Request
{
    /// <summary>Number on the wire, given anew each time it is encoded.</summary>
    internal int Xid { get; set; }

    /// <summary>A moment not later than the handing over to the socket.</summary>
    internal Moment SentAt { get; set; }

    /// <summary>Whether its bytes may have reached a server on some connection.</summary>
    internal bool WasSent { get; set; }

    /// <summary>Epoch of the session it was last sent in.</summary>
    internal long SentEpoch { get; set; }

    /// <summary>
    /// Goes ahead of requests not sent yet and is not held back by the in-flight limit: looks and heartbeats.
    /// </summary>
    internal bool IsUrgent { get; init; }

    /// <summary>Epoch of the only session it may be sent in; 0 for any.</summary>
    internal long BoundEpoch { get; init; }

    /// <summary>When it ends unanswered, in monotonic ticks.</summary>
    internal long ExpiresAt { get; init; } = long.MaxValue;

    internal abstract OpCode Op { get; }

    internal abstract ReplyKind Kind { get; }

    /// <summary>Reads are sent again on the next connection; what changes something is not.</summary>
    internal bool IsRepeatable => Kind != ReplyKind.Write;

    internal abstract bool HasEnded { get; }

    internal abstract void WriteBody(ref JuteWriter writer);

    /// <summary>Takes the server's answer. Called by the connection's thread; runs no user code.</summary>
    internal abstract void OnReply(long zxid, ErrorCode error, ReadOnlySpan<byte> body);

    /// <summary>Ends it without an answer.</summary>
    /// <returns>False when it had ended already.</returns>
    internal abstract bool End(RequestEnd end);

    internal void EndBy(RequestEnd unsent, RequestEnd sent) => End(WasSent ? sent : unsent);
}
