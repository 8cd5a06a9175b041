using System.Net.Sockets;

namespace Coord.Node.Peers;

/// <summary>
/// The incoming connection of one peer, read by a thread of its own. Decides nothing; what the replica decides about
/// what it brought may run on it (decision record 18).
/// </summary>
internal sealed class PeerReceiver(PeerSocket socket, PeerLink link, PeerHello theirs, NodeLimits limits)
{
    private readonly FrameAssembler frames = new(limits.PeerReceiveBytes, limits.PeerFrameBytesMax);

    /// <summary>Ends the connection from another thread.</summary>
    public void Close() => socket.Close();

    /// <summary>Delivers messages until the connection ends or is replaced.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                var count = socket.Receive(frames.Space.Span);
                if (count == 0)
                    return;
                frames.Received(count);
                if (!TryDeliver())
                    return;
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The end of a connection, as the peer or the network chose to say it: a new one is made.
        }
        finally
        {
            socket.Close();
            link.ReceiverEnded(this);
        }
    }

    private bool TryDeliver()
    {
        try
        {
            return DeliverAll();
        }
        finally
        {
            link.TakeTurn();
        }
    }

    private bool DeliverAll()
    {
        while (frames.TryTake(out var frame))
        {
            if (!PeerCodec.TryRead(frame, out var message))
            {
                link.Trouble(
                    "it sent a frame that this node cannot read: damaged, or of a newer version; the link is closed");
                return false;
            }

            if (!link.TryDeliver(this, theirs.LinkSession, message!))
                return false;
        }

        if (frames.IsBroken)
            link.Trouble($"it sent a frame longer than {limits.PeerFrameBytesMax} bytes; the connection is closed");
        return !frames.IsBroken;
    }
}
