namespace Coord.Node.Clients;

/// <summary>Where a connection stands in its life, as the replica loop sees it.</summary>
internal enum ClientPhase : byte
{
    /// <summary>Its handshake waits: for a zxid this node has not applied yet, or for its entry.</summary>
    Handshaking,

    /// <summary>A session lives on it.</summary>
    Connected,

    /// <summary>Closed: nothing is read from or written to it any more.</summary>
    Closed,
}

/// <summary>
/// One client connection and the session that lives on it. Owned by the replica loop; of the rest, other
/// threads read the counters, the id, the timeout and the queue's length.
/// </summary>
internal sealed class ClientSession(IClientTransport transport)
{
    private const int HeldEventsKept = 16;

    public IClientTransport Transport { get; } = transport;

    public PendingQueue Queue { get; } = new();

    /// <summary>Frames that a client sent behind its handshake without waiting for the answer.</summary>
    public List<byte[]> Early { get; private set; } = [];

    public ClientPhase Phase { get; set; }

    /// <summary>The session's id: the zxid of its creation. 0 until its handshake is applied.</summary>
    public long Id { get; set; }

    /// <summary>Index of the entry that attached the session to this connection (design.md section 10).</summary>
    public long Attachment { get; set; }

    /// <summary>The negotiated timeout, in milliseconds.</summary>
    public int TimeoutMs { get; set; }

    /// <summary>The password that the handshake's reply returns; 16 bytes.</summary>
    public byte[] Password { get; set; } = [];

    /// <summary>The client's handshake had the read-only byte, so the reply has it too (protocol 1.3).</summary>
    public bool HasReadOnlyByte { get; set; }

    /// <summary>
    /// It lives on this node alone, which knows no leader, and only reads (protocol 7.5): its id is no session's of the
    /// cluster.
    /// </summary>
    public bool IsReadOnly { get; set; }

    /// <summary>When something of it was last taken in, in monotonic milliseconds.</summary>
    public long HeardMs { get; set; }

    /// <summary>The identities that the connection has shown, encoded as entries carry them.</summary>
    public byte[] Identities { get; set; } = [];

    /// <summary>Reads in the queue that wait for a proof. While there are any, later writes are held back.</summary>
    public int ReadsBehindProof { get; set; }

    /// <summary>Pings, syncs and reads with a barrier in the queue.</summary>
    public int ProofsInQueue { get; set; }

    /// <summary>Reconfigs and setWatches in the queue: later writes are held back behind them.</summary>
    public int HoldsInQueue { get; set; }

    /// <summary>Writes in the queue that are not proposed yet.</summary>
    public int HeldWrites { get; set; }

    /// <summary>Has bytes to flush at the end of this turn.</summary>
    public bool IsDirty { get; set; }

    /// <summary>
    /// More waits for it than its outbound limit, within one turn: nothing more is answered, and it is closed.
    /// </summary>
    public bool IsOverLimit { get; set; }

    /// <summary>Frames of events waiting for a later turn, or for the next reply (<see cref="HeldEvents"/>).</summary>
    public List<byte[]> HeldEvents { get; private set; } = [];

    /// <summary>Their bytes.</summary>
    public long HeldEventBytes { get; set; }

    /// <summary>Is listed among those whose events wait.</summary>
    public bool AwaitsEvents { get; set; }

    /// <summary>Sent something since the last contact report.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Is listed among those that wait for a proof round.</summary>
    public bool AwaitsProof { get; set; }

    /// <summary>Closes once its queue is answered: after closeSession, an unknown opcode or a refused auth.</summary>
    public bool ClosesWhenAnswered { get; set; }

    /// <summary>The session ended: what is left is to close its connection.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Requests answered in this turn, given back to the connection's budget at the flush.</summary>
    public int AnsweredInTurn { get; set; }

    /// <summary>Their bytes on the wire.</summary>
    public long AnsweredBytesInTurn { get; set; }

    /// <summary>For <c>cons</c> and <c>stat</c>: read by other threads.</summary>
    public ConnectionCounters Counters { get; } = new();

    /// <summary>They are written, or nobody waits for them any more; a burst's memory is not kept.</summary>
    public void ForgetHeldEvents()
    {
        if (HeldEvents.Capacity > HeldEventsKept)
            HeldEvents = [];
        HeldEvents.Clear();
        HeldEventBytes = 0;
    }

    public List<byte[]> TakeEarly()
    {
        var frames = Early;
        Early = [];
        return frames;
    }
}
