using Coord.Node.Peers;
using Coord.Node.Replica;

namespace Coord.Simulation.Network;

/// <summary>A node as the network sees it.</summary>
internal interface INetworkHost
{
    int Id { get; }

    /// <summary>The process runs; a paused one does.</summary>
    bool IsRunning { get; }

    /// <summary>The machine is on: without a process it refuses connections.</summary>
    bool IsMachineOn { get; }

    long StartNumber { get; }

    /// <summary>It wants a link to this node.</summary>
    bool Lists(int node);

    /// <summary>What it says of itself to this node.</summary>
    PeerHello Greet(int peer, PeerChannel channel);

    /// <summary>The process runs and belongs to no cluster yet.</summary>
    bool IsWaiting { get; }

    /// <summary>It lost part of its disk and counts for nothing yet (raft-design P30).</summary>
    bool IsRecovering { get; }

    int? KnownLeader { get; }

    void Post(ReplicaInput input);
}
