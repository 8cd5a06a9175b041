using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// One client's way to keys with versions, for the two workloads that do not ask for more. An operation is handed in
/// as it is begun and comes back with what was answered; who gets <see cref="ConnectionLostException"/> does not know.
/// </summary>
internal interface IRegisterStore
{
    /// <summary>Number of the session, or of what else promises an order to one client.</summary>
    int Session { get; }

    /// <summary>The node attached to, or tried last, counted from 1.</summary>
    int Node { get; }

    bool IsConnected { get; }

    /// <summary>Makes one attempt at the current node; when it fails, the next attempt goes to the next node.</summary>
    Task<bool> TryConnectAsync();

    /// <summary>Drops the connection and turns to the next node.</summary>
    void MoveOn();

    /// <summary>Takes note of members that have come or gone, where they do.</summary>
    void Follow(Random random)
    {
    }

    Task<Operation> ReadAsync(Operation call, bool isLocal);

    /// <summary>Sets the value, on the condition of a version where the operation expects one.</summary>
    Task<Operation> WriteAsync(Operation call);
}
