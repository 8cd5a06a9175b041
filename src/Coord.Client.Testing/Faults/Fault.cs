using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>A fault that waits for its request, and hits it once.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? deliver;

    internal Fault(FaultKind kind, ICoordClient? client, RequestKind request, Func<string, bool>? path)
    {
        (Kind, Client, Request, Path) = (kind, client, request, path);
    }

    /// <summary>
    /// Ends when a request ran into it; is canceled when a delayed request was lost with its connection.
    /// </summary>
    public Task Hit => hit.Task;

    internal FaultKind Kind { get; }

    internal ICoordClient? Client { get; }

    internal RequestKind Request { get; }

    internal Func<string, bool>? Path { get; }

    internal ErrorCode Error { get; init; }

    internal TimeSpan By { get; init; }

    /// <summary>
    /// Brings a request that was held back to its node now, as from its old connection. The node judges it as it would
    /// any other that comes late.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing is held back: the fault was not hit, is of another kind, or
    /// delivered already.</exception>
    public void Deliver()
    {
        var held = Interlocked.Exchange(ref deliver, null);
        if (held is null)
            throw new InvalidOperationException("Nothing is held back: wait for Hit, and deliver once.");
        held();
    }

    internal void Hold(Action whenDelivered) => deliver = whenDelivered;

    internal void OnHit() => hit.TrySetResult();

    internal void OnMiss() => hit.TrySetCanceled();
}
