using System.Diagnostics;
using System.IO.Pipelines;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Writes replies and events into the connections' pipes and flushes each connection once per turn. Used by the
/// replica loop only.
/// </summary>
internal sealed class ClientOutboxes(LatencyCounters latency, NodeLimits limits) : IWatchSink<ClientSession>
{
    private const int FramePrefixAndXidBytes = 8;

    private readonly List<ClientSession> dirty = [];
    private readonly List<ClientSession> unread = [];

    /// <summary>Replies and events written since the start.</summary>
    public long PacketsSent { get; private set; }

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
        FrameWriter.WriteReply(session.Transport.Output, xid, zxid, error);
        CountSent(session);
    }

    /// <summary>A reply with a body of this length, which the caller writes and completes.</summary>
    public JuteWriter BeginReply(ClientSession session, int xid, long zxid, int bodyLength)
    {
        FrameWriter.BeginReply(session.Transport.Output, xid, zxid, bodyLength);
        CountSent(session);
        return new JuteWriter(session.Transport.Output);
    }

    /// <summary>Counts a request as answered; its budget goes back with the flush.</summary>
    public void Answered(ClientSession session, in PendingRequest request)
    {
        session.AnsweredInTurn++;
        session.AnsweredBytesInTurn += FramePrefixAndXidBytes + request.Body.Length;
        latency.Record(Stopwatch.GetElapsedTime(request.ArrivedTimestamp));

        NoteIfOverLimit(session);
        MarkDirty(session);
    }

    /// <summary>
    /// An event that this session watches for, if the identities of its connection may see it. Written while the entry
    /// is applied, ahead of later replies.
    /// </summary>
    public void OnEvent(ClientSession watcher, long zxid, in ZnodeChange change)
    {
        if (watcher.Phase == ClientPhase.Closed || watcher.IsOverLimit)
            return;
        if (!change.IsVisibleTo(new Caller(watcher.Identities, limits.SkipAcl)))
            return;
        FrameWriter.WriteEvent(watcher.Transport.Output, zxid, change.Type, change.Path);
        CountSent(watcher);
        NoteIfOverLimit(watcher);
    }

    /// <summary>Counts a packet that was written to the session's output.</summary>
    public void CountSent(ClientSession session)
    {
        PacketsSent++;
        session.PacketsSent++;
        MarkDirty(session);
    }

    /// <summary>Flushes what the turn wrote.</summary>
    /// <returns>
    /// The connections that do not read and are over their outbound limit; valid until the next call.
    /// </returns>
    public IReadOnlyList<ClientSession> FlushTurn()
    {
        unread.Clear();
        foreach (var session in dirty)
        {
            session.IsDirty = false;
            if (session.Phase == ClientPhase.Closed)
                continue;
            if (!session.Transport.Flush())
                unread.Add(session);
            if (session.AnsweredInTurn > 0)
                session.Transport.GiveBack(session.AnsweredInTurn, session.AnsweredBytesInTurn);
            session.AnsweredInTurn = 0;
            session.AnsweredBytesInTurn = 0;
        }

        dirty.Clear();
        return unread;
    }

    // Small requests may ask for large replies, and one write may fire events without end: either would fill the memory
    // before the turn ends.
    private void NoteIfOverLimit(ClientSession session)
    {
        if (session.Transport.Output is PipeWriter output && output.UnflushedBytes > limits.ClientOutboundBytesMax)
            session.IsOverLimit = true;
    }
}
