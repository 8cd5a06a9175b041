using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Peers;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Peers;

/// <summary>The peer port against strangers.</summary>
public class PeerListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_byte_now_and_then_does_not_hold_a_place_for_longer_than_a_handshake_may_take()
    {
        var limits = NodeLimits.Default with { PeerHandshakeTimeout = TimeSpan.FromMilliseconds(100) };
        var settings = new NodeSettings(new NodeId(1), TestPeer.Cluster(1), "", limits);
        var self = new PeerSelf(settings, new ProcessIdentity(new NodeId(1), 101, 1), genesis: null);
        var peers = new PeerTable(
            new NodeId(1), member => new PeerLink(member, self, limits, NullLogger.Instance), _ => { }, limits);
        using var listener = new PeerListener(
            new IPEndPoint(IPAddress.Loopback, 0), self, (_, _) => { }, peers, limits, tls: null, NullLogger.Instance);
        NodeThread.Start("peer listener", listener.Run);

        using var stranger = new TcpClient();
        stranger.Connect(listener.Address);
        var began = Stopwatch.StartNew();
        for (var sent = 0; !HasEnded(stranger); sent++)
        {
            // The beginning of a frame of 4 KiB, and never enough of it.
            Assert.True(began.Elapsed < Patience, $"{sent} bytes, and still connected.");
            stranger.Client.Send([sent == 1 ? (byte)16 : (byte)0], SocketFlags.None, out _);
        }
    }

    /// <summary>Looks for a while that is far below the time a handshake may take.</summary>
    private static bool HasEnded(TcpClient client) => client.Client.Poll(10_000, SelectMode.SelectRead);
}
