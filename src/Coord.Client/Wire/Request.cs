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

    /// <summary>Whether an earlier connection has taken its bytes: a later one that did not takes nothing
    /// back.</summary>
    internal bool WasSentBefore { get; set; }

    /// <summary>How often it was sent again after its reply was lost.</summary>
    internal int TimesSentAgain { get; set; }

    /// <summary>When and to whom it was sent; null: nobody wants to know.</summary>
    internal AttemptLog? Attempts { get; set; }

    /// <summary>Epoch of the session it was last sent in.</summary>
    internal long SentEpoch { get; set; }

    /// <summary>
    /// Goes ahead of requests not sent yet and is not held back by the in-flight limit: looks and heartbeats.
    /// </summary>
    internal bool IsUrgent { get; init; }

    /// <summary>
    /// A read that asks for the barrier of a sync itself: only for servers that announce <c>read-barrier</c>.
    /// </summary>
    internal bool HasBarrier { get; set; }

    /// <summary>Epoch of the only session it may be sent in; 0 for any.</summary>
    internal long BoundEpoch { get; init; }

    /// <summary>When it ends unanswered, in monotonic ticks.</summary>
    internal long ExpiresAt { get; init; } = long.MaxValue;

    /// <summary>When it ends unanswered although it was sent, if that is later.</summary>
    internal long SentExpiresAt { get; init; }

    internal long EndsAt => WasSent ? Math.Max(ExpiresAt, SentExpiresAt) : ExpiresAt;

    internal abstract OpCode Op { get; }

    internal abstract ReplyKind Kind { get; }

    /// <summary>
    /// Reads are sent again on the next connection; what changes something is not, unless the server knows it again.
    /// </summary>
    internal virtual bool IsRepeatable => Kind != ReplyKind.Write;

    /// <summary>Whether it waits for the next session when its own is lost.</summary>
    internal virtual bool OutlivesSession => IsRepeatable;

    /// <summary>Whether a server with these extensions can be sent this.</summary>
    internal virtual bool IsKnownTo(ServerFeatures features) => !HasBarrier || features.HasReadBarrier;

    internal abstract bool HasEnded { get; }

    internal abstract void WriteBody(ref JuteWriter writer);

    /// <summary>Takes the server's answer. Called by the connection's thread; runs no user code.</summary>
    internal abstract void OnReply(long zxid, ErrorCode error, ReadOnlySpan<byte> body);

    /// <summary>Ends it without an answer.</summary>
    /// <returns>False when it had ended already.</returns>
    internal abstract bool End(RequestEnd end);

    internal void EndBy(RequestEnd unsent, RequestEnd sent) => End(WasSent ? sent : unsent);
}
