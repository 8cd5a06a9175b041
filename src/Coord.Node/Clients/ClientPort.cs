using System.Net;
using Coord.Node.Admin;
using Coord.Node.Replica;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Clients;

/// <summary>
/// What all connections of the client port share: where requests go, the limits, and what words answer.
/// </summary>
internal sealed class ClientPort(
    IReplicaInbox inbox, NodeLimits limits, Func<NodeStatus> status, ILogger<ClientPort> logger)
{
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private readonly HashSet<ClientConnection> open = [];
    private readonly Lock gate = new();
    private int connections;

    public IReplicaInbox Inbox { get; } = inbox;

    public NodeLimits Limits { get; } = limits;

    /// <summary>What all connections have under way together.</summary>
    public RequestBytes RequestBytes { get; } = new(limits.ClientRequestBytesMax);

    /// <summary>
    /// A connection was accepted. False: the node, or that address, has as many as it may, and it is closed at once.
    /// </summary>
    public bool TryOpen(ClientConnection connection, IPAddress address)
    {
        lock (gate)
        {
            var here = byAddress.GetValueOrDefault(address);
            var isOverAddress =
                Limits.ClientConnectionsPerAddressMax > 0 && here >= Limits.ClientConnectionsPerAddressMax;
            if (!isOverAddress && connections < Limits.ClientConnectionsMax)
            {
                connections++;
                byAddress[address] = here + 1;
                open.Add(connection);
                return true;
            }
        }

        ClientLog.ConnectionRefused(
            logger, address, Limits.ClientConnectionsMax, Limits.ClientConnectionsPerAddressMax);
        return false;
    }

    public void ConnectionClosed(ClientConnection connection, IPAddress address)
    {
        lock (gate)
        {
            open.Remove(connection);
            connections--;
            var here = byAddress[address] - 1;
            if (here == 0)
                byAddress.Remove(address);
            else
                byAddress[address] = here;
        }
    }

    public void HandshakeTimedOut(string remoteAddress) =>
        ClientLog.HandshakeTimedOut(logger, remoteAddress, (int)Limits.ClientHandshakeTimeout.TotalSeconds);

    public void FrameRefused(string remoteAddress) =>
        ClientLog.FrameRefused(logger, remoteAddress, Limits.ClientFrameBytesMax);

    /// <summary>The text that a four-letter word is answered with.</summary>
    public byte[] AnswerWord(uint word)
    {
        lock (gate)
            return FourLetterWords.Answer(word, status(), [.. open.Select(connection => connection.Status)]);
    }
}
