using System.Buffers.Binary;
using System.Security.Cryptography;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Handshakes on their way: those of clients that have seen more than this node wait for it to catch up, the others
/// for their entry. A re-attach is decided where it is applied, never by a node that may be behind (protocol 1.4).
/// </summary>
internal sealed class Handshakes(
    ReplicaView view, Proposals proposals, ClientOutboxes outboxes, NodeLimits limits, Func<byte[]> newPassword)
{
    private readonly List<(ClientSession Session, ConnectHandshake Handshake, long DeadlineMs)> behind = [];

    /// <summary>Takes a handshake. False: it is refused without an answer, and the client tries another node.</summary>
    public bool Begin(ClientSession session, ConnectHandshake handshake, long appliedIndex)
    {
        if (view.IsRemoved)
            return false;
        session.HasReadOnlyByte = handshake.HasReadOnlyByte;
        if (view.IsLeaderlessFor(limits.TickTime))
            return limits.ReadOnlyMode && TryBeginReadOnly(session, handshake, appliedIndex);
        if (handshake.LastZxidSeen > appliedIndex)
            behind.Add((session, handshake, view.NowMs + (long)limits.TickTime.TotalMilliseconds));
        else
            Propose(session, handshake);
        return true;
    }

    /// <summary>
    /// Goes on with handshakes that this node has caught up with; gives those whose patience is over.
    /// </summary>
    public void Continue(long appliedIndex, List<ClientSession> refused)
    {
        for (var position = behind.Count - 1; position >= 0; position--)
        {
            var (session, handshake, deadline) = behind[position];
            if (session.Phase != ClientPhase.Closed && handshake.LastZxidSeen > appliedIndex && view.NowMs < deadline)
                continue;
            behind.RemoveAt(position);
            if (session.Phase == ClientPhase.Closed)
                continue;
            if (handshake.LastZxidSeen <= appliedIndex)
                Propose(session, handshake);
            else
                refused.Add(session);
        }
    }

    /// <summary>The handshake's entry was applied. False: refused, all zeros, then the connection closes.</summary>
    public bool Finish(ClientSession session, ApplyResult result)
    {
        var isAccepted = result.AttachedSession != 0;
        if (isAccepted)
        {
            session.Id = result.AttachedSession;
            session.Attachment = result.Zxid;
            session.Phase = ClientPhase.Connected;
            session.Counters.Attached(result.Zxid);
        }

        Answer(session, isAccepted);
        return isAccepted;
    }

    /// <summary>
    /// Without a leader only clients that asked for it are served, each with a session of this node's own. A session of
    /// the cluster is not refused, which would tell the client that it ended: the connection closes, and the client
    /// looks for a node that can tell (protocol 7.5).
    /// </summary>
    private bool TryBeginReadOnly(ClientSession session, ConnectHandshake handshake, long appliedIndex)
    {
        if (!handshake.AcceptsReadOnly || handshake.SessionId > 0 || handshake.LastZxidSeen > appliedIndex)
            return false;
        session.IsReadOnly = true;
        session.TimeoutMs = Negotiated(handshake.TimeoutMs);
        session.Password = newPassword();
        session.Id = NewLocalId();
        session.Phase = ClientPhase.Connected;
        Answer(session, isAccepted: true);
        return true;
    }

    // Negative: no session of the cluster has such an id, so a node that serves again refuses it, and the client opens
    // a session there. Not the number that ZooKeeper keeps for itself, nor that of its TTL znodes (protocol 1.4).
    private long NewLocalId() =>
        (BinaryPrimitives.ReadInt64BigEndian(newPassword()) & 0x00FF_FFFF_FFFF_FFFF) | unchecked((long)0x8100UL << 48);

    private void Answer(ClientSession session, bool isAccepted)
    {
        var reply = new ConnectResponse(
            isAccepted ? session.TimeoutMs : 0,
            session.Id,
            isAccepted ? session.Password : new byte[16],
            session.HasReadOnlyByte,
            session.IsReadOnly);
        FrameWriter.WriteConnectResponse(session.Transport.Output, reply);
        outboxes.CountSent(session);
    }

    private int Negotiated(int askedMs) => (int)Math.Clamp(
        askedMs, limits.SessionTimeoutMin.TotalMilliseconds, limits.SessionTimeoutMax.TotalMilliseconds);

    private void Propose(ClientSession session, ConnectHandshake handshake)
    {
        session.TimeoutMs = Negotiated(handshake.TimeoutMs);
        session.Password = handshake.SessionId == 0 ? newPassword() : handshake.Password;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(session.Password, hash);
        proposals.ProposeSession(session, handshake.SessionId, session.TimeoutMs, hash);
    }
}
