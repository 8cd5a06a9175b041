using System.Collections.Concurrent;
using Coord.Node.Replica;

namespace Coord.Node.Tests.Peers;

/// <summary>Collects what links post, for tests to wait on.</summary>
internal sealed class TestInbox : IReplicaInbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly BlockingCollection<ReplicaInput> inputs = [];

    public void Post(ReplicaInput input) => inputs.Add(input);

    /// <summary>Waits for the next input of this type that fits, and drops what came before it.</summary>
    public T Next<T>(Func<T, bool>? fits = null)
        where T : ReplicaInput
    {
        while (inputs.TryTake(out var input, Patience))
        {
            if (input is T wanted && (fits is null || fits(wanted)))
                return wanted;
        }

        throw new TimeoutException($"No {typeof(T).Name} within {Patience.TotalSeconds} s.");
    }

    /// <summary>Waits until the input comes, and gives what came before it.</summary>
    public List<ReplicaInput> Until<T>()
        where T : ReplicaInput
    {
        var before = new List<ReplicaInput>();
        while (inputs.TryTake(out var input, Patience))
        {
            if (input is T)
                return before;
            before.Add(input);
        }

        throw new TimeoutException($"No {typeof(T).Name} within {Patience.TotalSeconds} s.");
    }
}
