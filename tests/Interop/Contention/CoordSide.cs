using Coord.Client;
using Coord.Client.Recipes;

namespace Coord.Interop.Contention;

/// <summary>Takes a lock for reading, for writing, or a permit.</summary>
internal delegate ValueTask<ILockHandle> Taking(ICoordClient coord, string kind, CancellationToken ct);

/// <summary>Coord.Client as one side of two: what Contention.java does, in .NET.</summary>
internal static class CoordSide
{
    public const int Permits = 2;
    public const int Workers = 3;
    private const string Name = "coord";

    // Longer than a busy machine pauses: sessions end with the tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static CoordClient Connect() => new(
        InteropCluster.Hosts, new CoordClientOptions { SessionTimeout = Patience, RequestTimeout = Patience });

    public static Taking Of(string recipe, string root)
    {
        var path = $"{root}/lock";
        return recipe switch
        {
            "mutex" => (coord, _, ct) => new DistributedMutex(coord, path).AcquireAsync(Patience, ct),
            "read_write" => (coord, kind, ct) =>
            {
                var both = new DistributedReadWriteLock(coord, path);
                return (kind == HoldLog.Read ? both.Reading : both.Writing).AcquireAsync(Patience, ct);
            },
            "semaphore" => (coord, _, ct) =>
                new DistributedSemaphore(coord, path, Permits).AcquireAsync(1, Patience, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe, "No such recipe."),
        };
    }

    /// <summary>What it takes a lock of the recipe for, in turns.</summary>
    public static string[] KindsOf(string recipe) => recipe switch
    {
        "mutex" => [HoldLog.Write],
        "read_write" => [HoldLog.Read, HoldLog.Write, HoldLog.Read],
        _ => [HoldLog.Share],
    };

    /// <summary>Workers that take and give back, as fast as can be, until both sides have had enough.</summary>
    public static IEnumerable<Task> Contend(string recipe, string root, Func<int> enough, CancellationToken ct) =>
        Enumerable.Range(0, Workers).Select(worker => WorkAsync(recipe, root, worker, enough, ct));

    public static Task EnterAsync(ICoordClient coord, string root, string kind, int number, CancellationToken ct) =>
        HoldLog.AppendAsync(coord, root, new HoldEvent(true, Name, kind, number), ct);

    public static Task LeaveAsync(ICoordClient coord, string root, string kind, int number, CancellationToken ct) =>
        HoldLog.AppendAsync(coord, root, new HoldEvent(false, Name, kind, number), ct);

    private static async Task WorkAsync(
        string recipe, string root, int worker, Func<int> enough, CancellationToken ct)
    {
        await using var coord = Connect();
        var (taking, kinds) = (Of(recipe, root), KindsOf(recipe));
        var isEnough = false;
        for (var round = worker; !isEnough; round++)
        {
            var kind = kinds[round % kinds.Length];
            await using var held = await taking(coord, kind, ct);
            var number = kind == HoldLog.Share ? 0 : int.Parse(held.Path[^10..]);
            await EnterAsync(coord, root, kind, number, ct);
            isEnough = kind == HoldLog.Read
                ? await LookAsync(coord, $"{root}/tally", ct)
                : await CountAsync(coord, $"{root}/tally", worker, kind == HoldLog.Share, enough, ct);
            await LeaveAsync(coord, root, kind, number, ct);
            held.ThrowIfLost();
        }
    }

    /// <returns>Whether both sides have held, and waited for each other, often enough.</returns>
    private static async Task<bool> LookAsync(CoordClient coord, string path, CancellationToken ct)
    {
        var before = await coord.GetAsync(path, ct: ct);
        Assert.Equal(before.Stat.Version, (await coord.GetAsync(path, ct: ct)).Stat.Version);
        return Tally.Read(before.Bytes).IsEnough;
    }

    /// <summary>Counts this worker once.</summary>
    /// <returns>Whether both sides have held, and waited for each other, often enough.</returns>
    private static async Task<bool> CountAsync(
        CoordClient coord, string path, int worker, bool isShared, Func<int> enough, CancellationToken ct)
    {
        var before = await coord.GetAsync(path, ct: ct);
        var tally = Tally.Read(before.Bytes);
        var counted = tally.CountOf(worker) + 1;
        while (tally.CountOf(worker) < counted)
        {
            var next = tally.Add(worker) with { Enough = enough() };
            if (await TrySetAsync(coord, path, next, before.Stat.Version, ct))
                return next.IsEnough;
            var version = before.Stat.Version;
            before = await coord.GetAsync(path, ct: ct);
            tally = Tally.Read(before.Bytes);
            Assert.True(
                isShared || before.Stat.Version == version || tally.CountOf(worker) == counted,
                "a writer writes alone");
        }

        return tally.IsEnough;
    }

    /// <returns>False: it was not written, or that is not known.</returns>
    private static async Task<bool> TrySetAsync(
        CoordClient coord, string path, Tally tally, int version, CancellationToken ct)
    {
        try
        {
            return await coord.TrySetAsync(path, tally.Write(), version, ct) is not null;
        }
        catch (CoordException error) when (error.Outcome == Outcome.Unknown)
        {
            return false;
        }
    }
}
