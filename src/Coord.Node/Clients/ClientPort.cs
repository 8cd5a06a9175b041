using Coord.Node.Admin;
using Coord.Node.Replica;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Clients;

/// <summary>What all connections of the client port share: where requests go, the limits, and what words answer.</summary>
internal sealed class ClientPort(
    IReplicaInbox inbox, NodeLimits limits, Func<NodeStatus> status, ILogger<ClientPort> logger)
{
    private int connections;

    public IReplicaInbox Inbox { get; } = inbox;

    public NodeLimits Limits { get; } = limits;

    /// <summary>Open connections, those without a session included.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>A connection was accepted. False: the node has as many as it takes, so it is closed at once.</summary>
    public bool TryOpen(string remoteAddress)
    {
        if (Interlocked.Increment(ref connections) <= Limits.ClientConnectionsMax)
            return true;
        Interlocked.Decrement(ref connections);
        ClientLog.ConnectionRefused(logger, remoteAddress, Limits.ClientConnectionsMax);
        return false;
    }

    public void ConnectionClosed() => Interlocked.Decrement(ref connections);

    public void HandshakeTimedOut(string remoteAddress) =>
        ClientLog.HandshakeTimedOut(logger, remoteAddress, (int)Limits.ClientHandshakeTimeout.TotalSeconds);

    public void FrameRefused(string remoteAddress) =>
        ClientLog.FrameRefused(logger, remoteAddress, Limits.ClientFrameBytesMax);

    /// <summary>The text that a four-letter word is answered with.</summary>
    public byte[] AnswerWord(uint word) => FourLetterWords.Answer(word, status());
}
