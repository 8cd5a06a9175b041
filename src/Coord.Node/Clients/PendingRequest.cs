using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>What a request at the head of its session's queue waits for.</summary>
internal enum PendingKind : byte
{
    /// <summary>Nothing: it runs as soon as it is the head.</summary>
    Read,

    /// <summary>Its entry being applied here.</summary>
    Write,

    /// <summary>A proof round that began after it arrived (ping, sync, and a read with a barrier).</summary>
    Proof,

    /// <summary>The leader's answer to a reconfig, and what it did being applied here.</summary>
    Reconfig,

    /// <summary>Its share of as many turns as its watches take (setWatches).</summary>
    Restore,

    /// <summary>Nothing: its answer is already known and only waits for its turn.</summary>
    Answered,

    /// <summary>Nothing: it could not be decoded, and is told so with the zxid that a read would have.</summary>
    Malformed,

    /// <summary>Nothing, and nothing is sent: the connection ends in its turn.</summary>
    Unanswered,
}

/// <summary>A request in its session's queue, from arrival to reply.</summary>
internal struct PendingRequest
{
    public PendingKind Kind;
    public OpCode Op;
    public ErrorCode Error;
    public int Xid;

    /// <summary>Write: its origin sequence, 0 while it is held back. Proof: the round it waits for.
    /// Reconfig: its number at this node; Restore: 1; 0 until it is the head of its queue.</summary>
    public long Ticket;

    /// <summary>
    /// A read that does not run before a proof round: a ping or sync was ahead of it in the queue when it arrived, or
    /// it waits for one itself.
    /// </summary>
    public bool IsBehindProof;

    /// <summary>A read that waits for a proof round itself; its own opcode stands behind that of the barrier.</summary>
    public bool HasBarrier;

    /// <summary>Answered: the zxid of its header, where it has no reply of its own.</summary>
    public long Zxid;

    /// <summary>Answered: the whole reply frame of a write that was applied before its turn came; else null.</summary>
    public byte[]? Reply;

    /// <summary>What its connection had shown when it came: later auth is for later requests.</summary>
    public byte[] Identities;

    /// <summary>The request from its opcode on; one array serves all requests of one socket read.</summary>
    public ReadOnlyMemory<byte> Body;

    /// <summary>When it was taken in, for the latency that <c>srvr</c> shows.</summary>
    public long ArrivedTimestamp;

    /// <summary>What stands behind the opcodes.</summary>
    public readonly ReadOnlySpan<byte> Record => Body.Span[(HasBarrier ? 2 * sizeof(int) : sizeof(int))..];
}
