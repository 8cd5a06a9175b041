using System.Net.Sockets;

namespace Coord.Node.Peers;

/// <summary>
/// Dials one peer, for as long as it is one, and sends what waits for it: everything queued at a moment in one write
/// (raft-design A4). Before the cluster exists it introduces this node instead (raft-design M14).
/// </summary>
internal sealed class PeerSender(
    PeerLink link, PeerSelf self, PeerTable peers, PeerDialer dialer, NodeLimits limits, CancellationToken stopping)
{
    // raft-design E18: the end of a process closes its connections one by one; look again for so long.
    private const int SuspicionRounds = 20;
    private static readonly TimeSpan SuspicionWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly SendBuffer buffer = new(limits.PeerSendBytesMax);
    private List<PeerMessage> batch = [];

    /// <summary>Runs until the node stops, or the peer is no member any more.</summary>
    public void Run()
    {
        var backoff = limits.PeerBackoffMin;
        while (!stopping.IsCancellationRequested && !(link.IsOver && peers.TryRemove(link)))
        {
            if (TryServe())
                backoff = limits.PeerBackoffMin;
            else
                backoff = Pause(backoff);
        }
    }

    private TimeSpan Pause(TimeSpan backoff)
    {
        link.Outbox.Take(ref batch, out _, backoff);
        batch.Clear();
        var doubled = backoff * 2;
        return doubled < limits.PeerBackoffMax ? doubled : limits.PeerBackoffMax;
    }

    /// <summary>One connection from dialling to its end; false when none came about.</summary>
    private bool TryServe()
    {
        if (self.Genesis is null)
        {
            dialer.Introduce(link);
            return false;
        }

        // Before the handshake: what changes from here on calls for another one.
        link.IsSuspect = false;
        link.IsStale = false;
        if (!self.TakesLinks || dialer.Dial(link, PeerChannel.Link, out var mine, out var theirs) is not { } socket)
            return false;
        using (socket)
        {
            if (link.Up(mine, theirs, socket.AtOnce))
                link.Down(Serve(socket));
        }

        return true;
    }

    private string Serve(PeerSocket socket)
    {
        var suspicion = 0;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (link.IsOver)
                    return "it is no member";
                if (link.IsStale)
                    return "this node has news of itself";
                var hasWork = link.Outbox.Take(ref batch, out var rest, suspicion > 0 ? SuspicionWait : IdleWait);
                if (!rest.IsEmpty)
                    socket.Send(rest.Span);
                buffer.Send(socket, batch);
                suspicion = link.IsSuspect ? SuspicionRounds : Math.Max(0, suspicion - 1);
                link.IsSuspect = false;
                if ((suspicion > 0 || !hasWork) && socket.HasEnded)
                    return "the peer closed it";
                batch.Clear();
            }

            return "this node stops";
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
        finally
        {
            batch.Clear();
        }
    }
}
