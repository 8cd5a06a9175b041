using Coord.Client;
using Coord.Client.Recipes;
using Coord.Interop.Clients;

namespace Coord.Interop.Contention;

/// <summary>A line in which both sides stand, each where it is told to.</summary>
internal sealed class MixedLine(CoordClient coord, ClientProcess machine, string recipe, string root)
{
    private readonly Dictionary<int, TaskCompletionSource> granted = [];
    private readonly Dictionary<int, (string Kind, Task<ILockHandle> Taking)> ours = [];

    // A semaphore's line is beside its permits.
    private string LinePath => recipe == "semaphore" ? $"{root}/lock/locks" : $"{root}/lock";

    /// <summary>Reads what the machine says, to the end of the scenario.</summary>
    public async Task ListenAsync(InteropCluster cluster) => await Scenarios.PlayAsync(cluster, machine, line =>
    {
        if (line.Split(' ') is ["granted", var number])
            Grant(int.Parse(number)).SetResult();
    });

    public void Take(int number, bool isJava, string kind)
    {
        if (isJava)
            machine.Say($"take {number} {kind}");
        else
            ours[number] = (kind, TakeAsync(number, kind));
    }

    /// <summary>Ends when the number holds; fails when the machine fails before.</summary>
    public async Task GrantedAsync(int number, Task ending)
    {
        Task holding = ours.TryGetValue(number, out var own) ? own.Taking : Grant(number).Task;
        await await Task.WhenAny(holding, ending);
        Assert.True(holding.IsCompletedSuccessfully, $"the scenario ended before {number} held");
    }

    public async Task GiveAsync(int number)
    {
        if (!ours.TryGetValue(number, out var own))
        {
            machine.Say($"give {number}");
            return;
        }

        await CoordSide.LeaveAsync(coord, root, own.Kind, number, CancellationToken.None);
        Assert.Equal(ReleaseResult.Released, await (await own.Taking).ReleaseAsync());
    }

    /// <summary>Ends when so many stand in the line; one of a lock keeps its place while it holds.</summary>
    public async Task UntilStandingAsync(int count)
    {
        await foreach (var _ in coord.WatchAsync(LinePath, WatchScope.Children))
        {
            if (await StandingAsync() == count)
                return;
        }
    }

    /// <summary>A semaphore's line goes with the last who stands in it: it is a container.</summary>
    private async Task<int> StandingAsync()
    {
        try
        {
            return (await coord.GetChildrenAsync(LinePath)).Names.Count;
        }
        catch (NoNodeException)
        {
            return 0;
        }
    }

    private async Task<ILockHandle> TakeAsync(int number, string kind)
    {
        // The flows of this test stand for programs of their own.
        var held = await Task.Run(() => CoordSide.Of(recipe, root)(coord, kind, CancellationToken.None).AsTask());
        await CoordSide.EnterAsync(coord, root, kind, number, CancellationToken.None);
        return held;
    }

    private TaskCompletionSource Grant(int number)
    {
        lock (granted)
        {
            if (!granted.TryGetValue(number, out var grant))
                granted[number] = grant = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return grant;
        }
    }
}
