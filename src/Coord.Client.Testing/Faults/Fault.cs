using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>A fault that waits for its request, and hits it once.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? thrown;
    private Action? deliver;

    internal Fault(FaultKind kind, ICoordClient? client, RequestKind request, Func<string, bool>? path)
    {
        (Kind, Client, Request, Path) = (kind, client, request, path);
    }

    /// <summary>
    /// Ends when a request ran into it. Fails with what the choice of paths threw, and is canceled when a delayed
    /// request was lost with its connection.
    /// </summary>
    public Task Hit => hit.Task;

    internal FaultKind Kind { get; private set; }

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

    /// <summary>
    /// Whether it is meant for requests on such a path. A choice that throws makes it one that cuts the connection:
    /// the exception is the test's to hear of, and the request cannot go on as if nothing were to happen to it.
    /// </summary>
    internal bool IsFor(string path)
    {
        try
        {
            return Path is null || (path.Length > 0 && Path(path));
        }
        catch (Exception failed)
        {
            thrown = failed;
            Kind = FaultKind.DropRequest;
            return true;
        }
    }

    internal void OnHit()
    {
        if (thrown is null)
            hit.TrySetResult();
        else
            hit.TrySetException(thrown);
    }

    internal void OnMiss() => hit.TrySetCanceled();
}
