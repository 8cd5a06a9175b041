using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// Snapshots between this node and its peers: the threads and sockets around <see cref="SnapshotSending"/> and
/// <see cref="SnapshotReceiving"/>. One goes out per peer, one comes in.
/// </summary>
internal sealed class SnapshotTransfers(
    SnapshotStore store, PeerDialer dialer, IReplicaInbox inbox, NodeLimits limits, ILogger logger) : ISnapshotTransfers
{
    private readonly object gate = new();
    private readonly Dictionary<NodeId, Outgoing> outgoing = [];
    private Incoming? incoming;

    public Action? BeginReceive(PeerSocket connection, PeerHello mine, PeerHello theirs)
    {
        connection.SetReceiveTimeout(limits.SnapshotProgressTimeout);
        connection.Send(HelloCodec.WriteAnswer(PeerVerdict.Accepted, mine));
        return () => Receive(connection, theirs.Node);
    }

    public void Send(PeerLink to, SnapshotId snapshot, Term term)
    {
        var transfer = new Outgoing(to, snapshot, term);
        Outgoing? older;
        lock (gate)
        {
            outgoing.Remove(to.Peer.Id, out older);
            outgoing.Add(to.Peer.Id, transfer);
        }

        older?.GiveUp();
        NodeThread.Start("snapshot sender", () => Run(transfer));
    }

    public void Abort(Term before)
    {
        List<Outgoing> given;
        Incoming? taken;
        lock (gate)
        {
            given = [.. outgoing.Values.Where(transfer => transfer.Term < before)];
            taken = incoming?.Term < before ? incoming : null;
        }

        given.ForEach(transfer => transfer.GiveUp());
        taken?.Connection.Close();
    }

    private void Run(Outgoing transfer)
    {
        var outcome = "no connection";
        var success = false;
        try
        {
            using var source = store.OpenSource(transfer.Snapshot);
            using var connection = source is null
                ? null
                : dialer.Dial(transfer.To, PeerChannel.Snapshot, out _, out _);
            if (source is null)
                outcome = "it is gone here";
            else if (connection is not null && transfer.TryConnect(connection))
                success = Send(connection, new SnapshotSending(source, transfer.Term, limits), out outcome);
        }
        catch (SocketException failure)
        {
            outcome = failure.Message;
        }
        catch (ObjectDisposedException)
        {
            outcome = "given up";
        }

        End(transfer, success, outcome);
    }

    private bool Send(PeerSocket connection, SnapshotSending sending, out string outcome)
    {
        connection.SetReceiveTimeout(limits.SnapshotProgressTimeout);
        while (sending.Outcome is null && !sending.IsBroken)
        {
            if (sending.Next() is { } message)
                connection.Send(SnapshotCodec.Write(message));
            else if (!sending.IsBroken)
                sending.Receive(ReceiveMessage(connection));
        }

        outcome = sending.Outcome?.ToString() ?? "the connection broke off";
        return sending.Outcome == SnapshotOutcome.Complete;
    }

    private void End(Outgoing transfer, bool success, string outcome)
    {
        lock (gate)
        {
            if (outgoing.GetValueOrDefault(transfer.To.Peer.Id) == transfer)
                outgoing.Remove(transfer.To.Peer.Id);
        }

        PeerLog.SnapshotSent(logger, transfer.Snapshot.Index.Value, transfer.To.Peer.Id.Value, outcome);
        inbox.Post(new SnapshotSendEnded(transfer.To.Peer.Id, transfer.Snapshot, success));
    }

    private void Receive(PeerSocket connection, NodeId from)
    {
        if (ReceiveMessage(connection) is not SnapshotOffer offer)
            return;
        var mine = new Incoming(connection, offer.LeaderTerm);
        if (!TryTake(mine, from))
        {
            connection.Send(SnapshotCodec.Write(new SnapshotVerdict(SnapshotOutcome.Busy)));
            return;
        }

        try
        {
            using var receiving = new SnapshotReceiving(store, offer);
            var answer = receiving.Begin();
            while (receiving.Outcome is null && answer is not null)
            {
                connection.Send(SnapshotCodec.Write(answer));
                answer = receiving.Receive(ReceiveMessage(connection));
            }

            // Posted first: when the sender hears of it, the news is on its way to this node's replica.
            PeerLog.SnapshotReceived(logger, offer.File.Id.Index.Value, from.Value, $"{receiving.Outcome}");
            if (receiving.Outcome == SnapshotOutcome.Complete)
                inbox.Post(new SnapshotArrived(from, offer.LeaderTerm, offer.File.Id));
            if (answer is not null)
                connection.Send(SnapshotCodec.Write(answer));
        }
        finally
        {
            lock (gate)
            {
                if (incoming == mine)
                    incoming = null;
                mine.HasEnded = true;
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>
    /// Takes the place of the one that receives; a newer leader's offer ends an older one (raft-design S9).
    /// </summary>
    private bool TryTake(Incoming newer, NodeId from)
    {
        Incoming? older;
        lock (gate)
        {
            older = incoming;
            if (older is not null && older.Term >= newer.Term)
                return false;
            incoming = newer;
        }

        if (older is null)
            return true;
        PeerLog.SnapshotReplaced(logger, from.Value);
        older.Connection.Close();
        lock (gate)
        {
            // Two must never write one file.
            while (!older.HasEnded)
                Monitor.Wait(gate);
        }

        return true;
    }

    private SnapshotMessage? ReceiveMessage(PeerSocket connection)
    {
        var frame = connection.ReceiveFrame(limits.SnapshotChunkBytes + 64);
        return frame is null ? null : SnapshotCodec.Read(frame);
    }

    private sealed class Incoming(PeerSocket connection, Term term)
    {
        public PeerSocket Connection { get; } = connection;

        public Term Term { get; } = term;

        public bool HasEnded { get; set; }
    }

    private sealed class Outgoing(PeerLink to, SnapshotId snapshot, Term term)
    {
        private readonly Lock connecting = new();
        private PeerSocket? connection;
        private bool isGivenUp;

        public PeerLink To { get; } = to;

        public SnapshotId Snapshot { get; } = snapshot;

        public Term Term { get; } = term;

        public bool TryConnect(PeerSocket socket)
        {
            lock (connecting)
            {
                connection = socket;
                return !isGivenUp;
            }
        }

        public void GiveUp()
        {
            lock (connecting)
            {
                isGivenUp = true;
                connection?.Close();
            }
        }
    }
}
