using System.Buffers;
using System.IO.Pipelines;
using Coord.Node.Metrics;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Writes replies and events into the connections' pipes and flushes each connection once per turn. Used by the
/// replica loop only.
/// </summary>
internal sealed class ClientOutboxes(
    ClientMetrics metrics, TimeProvider time, NodeLimits limits, IClientSends sends)
    : IWatchSink<ClientSession>
{
    private const int FramePrefixAndXidBytes = 8;
    private const int ReplyHeaderBytes = 16;
    private const int EventBytes = ReplyHeaderBytes + 3 * sizeof(int);

    private readonly List<ClientSession> dirty = [];
    private readonly List<ClientSession> unread = [];
    private readonly HeldEvents held = new();
    private readonly EventWindow window = new(limits.EventSendsUnderWayMax, sends);

    /// <summary>Events written by the watches that one change fired.</summary>
    public int EventsOfChange { get; set; }

    /// <summary>Events wait for another turn, and not for sends.</summary>
    public bool HasWork => held.HasAny && window.HasRoomNext;

    /// <summary>
    /// Where the session's bytes go. What it was to be told before goes first: no reply shows a change ahead of its
    /// event (zookeeper-protocol 6.4).
    /// </summary>
    public IBufferWriter<byte> OutputOf(ClientSession session)
    {
        if (session.HeldEvents.Count > 0)
            Release(session);
        return session.Transport.Output;
    }

    /// <summary>Notes that the session has bytes to flush at the end of this turn.</summary>
    public void MarkDirty(ClientSession session)
    {
        if (session.IsDirty)
            return;
        session.IsDirty = true;
        dirty.Add(session);
    }

    /// <summary>A reply without a body: an error, or a success that has none.</summary>
    public void Reply(ClientSession session, int xid, long zxid, ErrorCode error)
    {
        FrameWriter.WriteReply(OutputOf(session), xid, zxid, error);
        CountReply(session, ReplyHeaderBytes);
    }

    /// <summary>A reply with a body of this length, which the caller writes and completes.</summary>
    public JuteWriter BeginReply(ClientSession session, int xid, long zxid, int bodyLength)
    {
        FrameWriter.BeginReply(OutputOf(session), xid, zxid, bodyLength);
        CountReply(session, ReplyHeaderBytes + bodyLength);
        return new JuteWriter(session.Transport.Output);
    }

    /// <summary>Counts a request as answered; its budget goes back with the flush.</summary>
    public void Answered(ClientSession session, in PendingRequest request, long zxid)
    {
        session.AnsweredInTurn++;
        session.AnsweredBytesInTurn += FramePrefixAndXidBytes + request.Body.Length;
        var now = time.GetTimestamp();
        var micros = time.GetElapsedTime(request.ArrivedTimestamp, now).Ticks / TimeSpan.TicksPerMicrosecond;
        LatencyOf(request).Record(micros);
        session.Counters.Answered(request, zxid, now, micros);

        NoteIfOverLimit(session);
        MarkDirty(session);
    }

    /// <summary>
    /// An event that this session watches for, if the identities of its connection may see it. Written, or held back,
    /// while the entry is applied: ahead of later replies.
    /// </summary>
    public void OnEvent(ClientSession watcher, long zxid, in ZnodeChange change)
    {
        if (watcher.Phase == ClientPhase.Closed || watcher.IsOverLimit)
            return;
        if (!change.IsVisibleTo(new Caller(watcher.Identities, limits.SkipAcl)))
            return;
        metrics.WatchBytes.Add(EventBytes + change.Path.Length);
        EventsOfChange++;
        if (watcher.HeldEvents.Count == 0 && (watcher.IsDirty || window.Room > 0))
        {
            TakeSend(watcher);
            FrameWriter.WriteEvent(watcher.Transport.Output, zxid, change.Type, change.Path);
            CountSent(watcher);
        }
        else
        {
            held.Hold(watcher, zxid, change);
        }

        NoteIfOverLimit(watcher);
    }

    /// <summary>Counts a reply that was written to the session's output, without its length prefix.</summary>
    public void CountReply(ClientSession session, int bytes)
    {
        metrics.ResponseBytes.Add(bytes);
        metrics.ResponseSizes.Record(bytes);
        CountSent(session);
    }

    /// <summary>Counts a packet that was written to the session's output.</summary>
    public void CountSent(ClientSession session)
    {
        metrics.PacketsSent.Add();
        session.Counters.Sent();
        MarkDirty(session);
    }

    /// <summary>A share of sends is on its way: there is room for the next.</summary>
    public void SendsTaken() => window.Taken();

    /// <summary>Flushes what the turn wrote.</summary>
    /// <returns>
    /// The connections that do not read and are over their outbound limit; valid until the next call.
    /// </returns>
    public IReadOnlyList<ClientSession> FlushTurn()
    {
        unread.Clear();
        ReleaseHeld();
        foreach (var session in dirty)
        {
            session.IsDirty = false;
            if (session.Phase == ClientPhase.Closed)
                continue;
            if (!session.Transport.Flush() || session.IsOverLimit)
                unread.Add(session);
            if (session.AnsweredInTurn > 0)
                session.Transport.GiveBack(session.AnsweredInTurn, session.AnsweredBytesInTurn);
            session.AnsweredInTurn = 0;
            session.AnsweredBytesInTurn = 0;
        }

        dirty.Clear();
        window.EndTurn(held.HasAny);
        return unread;
    }

    // This turn's share of the events that were held back.
    private void ReleaseHeld()
    {
        while (window.Room > 0 && held.TryTake(out var session))
        {
            if (session.Phase != ClientPhase.Closed)
                Release(session);
        }
    }

    private void Release(ClientSession session)
    {
        TakeSend(session);
        foreach (var frame in session.HeldEvents)
        {
            session.Transport.Output.Write(frame);
            CountSent(session);
        }

        session.ForgetHeldEvents();
    }

    // Whatever a turn writes for one connection is one send.
    private void TakeSend(ClientSession session)
    {
        if (!session.IsDirty)
            window.Take(1);
    }

    // Small requests may ask for large replies, and one write may fire events without end: either would fill the memory
    // before the turn ends.
    private void NoteIfOverLimit(ClientSession session)
    {
        var unflushed = session.Transport.Output is PipeWriter output ? output.UnflushedBytes : 0;
        if (unflushed + session.HeldEventBytes > limits.ClientOutboundBytesMax)
        {
            session.IsOverLimit = true;
            MarkDirty(session); // It is closed with the flush, also when nothing of this is written yet.
        }
    }

    // A write that is answered late, behind a ping, is a write all the same.
    private Distribution LatencyOf(in PendingRequest request) => request.Kind switch
    {
        PendingKind.Read or PendingKind.Restore => metrics.ReadLatency,
        PendingKind.Proof when request.IsBehindProof => metrics.ReadLatency,
        PendingKind.Write or PendingKind.Reconfig => metrics.UpdateLatency,
        PendingKind.Answered when request.Reply is not null => metrics.UpdateLatency,
        _ => metrics.OtherLatency,
    };
}
