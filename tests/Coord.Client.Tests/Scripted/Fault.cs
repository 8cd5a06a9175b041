using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>A fault that waits for its request, once.</summary>
internal sealed class Fault(OpCode op, FaultKind kind)
{
    private readonly TaskCompletionSource hit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpCode Op { get; } = op;

    public FaultKind Kind { get; } = kind;

    public ErrorCode Error { get; init; } = ErrorCode.ThrottledOp;

    /// <summary>Which requests it may hit; null: any of the kind but those that a client makes for itself.</summary>
    public Func<string, bool>? Path { get; init; }

    /// <summary>Ends when a request ran into it.</summary>
    public Task Hit => hit.Task;

    /// <summary>Brings what was held back to the leader now, as from the old connection.</summary>
    public Action Deliver { get; private set; } = () => throw new InvalidOperationException("Nothing is held back.");

    // What a server offers and who belongs to it is read in the background, now and then.
    public bool Hits(string path) => Path?.Invoke(path) ?? !path.StartsWith("/zookeeper/", StringComparison.Ordinal);

    public void OnHit(Action deliver)
    {
        Deliver = deliver;
        hit.TrySetResult();
    }
}
