using System.Net.Sockets;

namespace Coord.Node.Peers;

/// <summary>Opens connections to peers: dials, greets, and checks who answers (raft-design I1, I2).</summary>
/// <param name="self">What this node says of itself.</param>
/// <param name="learn">Takes what a genuine node answered to an introduction.</param>
/// <param name="limits">Waits.</param>
/// <param name="tls">Certificates, or null for connections in the clear (raft-design I5).</param>
internal sealed class PeerDialer(
    PeerSelf self, Action<PeerHello, PeerHello> learn, NodeLimits limits, PeerTls? tls)
{
    /// <summary>A connection whose handshake succeeded, or null; what kept it from it is logged.</summary>
    public PeerSocket? Dial(PeerLink link, PeerChannel channel, out PeerHello mine, out PeerHello theirs)
    {
        mine = self.Greet(link.Peer.Id, channel);
        theirs = mine;
        PeerSocket? socket = null;
        try
        {
            socket = PeerSocket.Connect(link.Peer.Peer.Resolve(), limits);
            if (Greet(socket, link, mine) is { } answer)
            {
                theirs = answer;
                return socket;
            }
        }
        catch (SocketException failure)
        {
            if (failure.SocketErrorCode == SocketError.ConnectionRefused)
                link.Refused();
            link.Unreachable(failure.Message);
        }

        socket?.Dispose();
        return null;
    }

    /// <summary>Asks a peer who it is, and says who this node is (raft-design M14).</summary>
    public void Introduce(PeerLink link) => Dial(link, PeerChannel.Introduction, out _, out _)?.Dispose();

    private PeerHello? Greet(PeerSocket socket, PeerLink link, PeerHello mine)
    {
        socket.SetReceiveTimeout(limits.PeerHandshakeTimeout);
        if (tls is not null)
            socket.Encrypt(tls.Dial);
        if (socket.CertifiedNode is { } certified && certified != link.Peer.Id)
        {
            link.Trouble($"its certificate is that of node {certified.Value}");
            return null;
        }

        socket.Send(HelloCodec.WriteHello(mine));
        var frame = socket.ReceiveFrame(PeerHello.FrameBytesMax);
        if (frame is null || HelloCodec.ReadAnswer(frame, out var verdict) is not { } theirs)
        {
            link.Trouble("it does not answer like a node of a Coord cluster");
            return null;
        }

        var own = HandshakeRules.Check(mine, theirs);
        if (mine.Channel == PeerChannel.Introduction && HandshakeRules.IsGenuine(own))
            learn(mine, theirs);
        var refusal = verdict == PeerVerdict.Accepted ? own : verdict;
        if (refusal == PeerVerdict.Accepted)
            return theirs;
        if (refusal != PeerVerdict.NotReady)
            link.Trouble(HandshakeRules.Explain(refusal, mine, theirs));
        return null;
    }
}
