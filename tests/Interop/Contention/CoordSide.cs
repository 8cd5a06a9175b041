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

    /// <summary>Takes and gives back, as fast as can be, until both sides have had enough.</summary>
    public static async Task ContendAsync(string recipe, string root, int worker, CancellationToken ct)
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
            isEnough = await CountAsync(coord, $"{root}/tally", kind, ct);
            await LeaveAsync(coord, root, kind, number, ct);
            Assert.Equal(HandleState.Held, held.State);
        }
    }

    public static Task EnterAsync(ICoordClient coord, string root, string kind, int number, CancellationToken ct) =>
        HoldLog.AppendAsync(coord, root, new HoldEvent(true, Name, kind, number), ct);

    public static Task LeaveAsync(ICoordClient coord, string root, string kind, int number, CancellationToken ct) =>
        HoldLog.AppendAsync(coord, root, new HoldEvent(false, Name, kind, number), ct);

    /// <returns>Whether both sides have held, and waited for each other, often enough.</returns>
    private static async Task<bool> CountAsync(CoordClient coord, string path, string kind, CancellationToken ct)
    {
        while (true)
        {
            var before = await coord.GetAsync(path, ct: ct);
            var tally = Tally.Read(before.Bytes);
            if (kind == HoldLog.Read)
            {
                Assert.Equal(before.Stat.Version, (await coord.GetAsync(path, ct: ct)).Stat.Version);
                return tally.IsEnough;
            }

            tally = tally.Add();
            if (await coord.TrySetAsync(path, tally.Write(), before.Stat.Version, ct) is not null)
                return tally.IsEnough;
            Assert.True(kind == HoldLog.Share, "a writer writes alone");
        }
    }
}
