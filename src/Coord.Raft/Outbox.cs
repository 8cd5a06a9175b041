namespace Coord.Raft;


/// <summary>
/// Gathers one turn's outputs. Two buffers take turns: the driver reads one while steps fill the other (K1).
/// </summary>
internal sealed class Outbox
{
    private RaftReady handedOut = new();

    /// <summary>What is being gathered.</summary>
    public RaftReady Pending { get; private set; } = new();

    /// <summary>A message that promises nothing.</summary>
    public void Send(NodeId to, RaftMessage message) => Pending.MessageList.Add(new OutboundMessage(to, message));

    /// <summary>A message that promises what is not durable yet.</summary>
    public void SendAfterPersist(NodeId to, RaftMessage message) =>
        Pending.AfterPersistList.Add(new OutboundMessage(to, message));

    /// <summary>Ends tokens without success.</summary>
    public void Reject(long token, int count, RejectReason reason, NodeId? leaderHint) =>
        Pending.RejectionList.Add(new Rejection(token, count, reason, leaderHint));

    /// <summary>A change of the membership that is not begun.</summary>
    public void RefuseChange(ChangeRefusal refusal) => Pending.ChangeRefusalList.Add(refusal);

    /// <summary>Hands the gathered outputs over and starts afresh.</summary>
    public RaftReady Take()
    {
        var ready = Pending;
        Pending = handedOut;
        handedOut = ready;
        Clear(Pending);
        return ready;
    }

    private static void Clear(RaftReady ready)
    {
        ready.MessageList.Clear();
        ready.AfterPersistList.Clear();
        ready.CommittedList.Clear();
        ready.FetchList.Clear();
        ready.SendSnapshotList.Clear();
        ready.ReadStateList.Clear();
        ready.RejectionList.Clear();
        ready.Append = null;
        ready.MessagesAfterSequence = 0;
        ready.InstallSnapshot = null;
        ready.StatusIfChanged = null;
        ready.MembershipIfChanged = null;
        ready.ChangeRefusalList.Clear();
        ready.TransferRefused = null;
        ready.RecoveryEnded = false;
        ready.HasMore = false;
    }
}
