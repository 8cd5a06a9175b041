using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class MutexSamples
{
    public static async Task SaveInvoiceAsync(
        ICoordClient coord, Func<long, CancellationToken, Task> save, CancellationToken ct)
    {
        var mutex = new DistributedMutex(coord, "/locks/invoice-42");

        await using var held = await mutex.AcquireAsync(TimeSpan.FromSeconds(5), ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, held.LostToken);
        await save(held.Token.Value, stop.Token);   // UPDATE ... SET fence = @token WHERE id = @id AND fence <= @token
    }

    public static async Task WriteUnderTheLockAsync(ICoordClient coord, ILockHandle held, byte[] head)
    {
        // Whoever lost the lock meanwhile writes nothing: the multi begins with a check of the lock's znode.
        await held.CreateMulti()
            .Set("/book/head", head)
            .Create("/book/page-7")
            .CommitAsync();
    }

    public static async Task LeaveOnRequestAsync(ICoordClient coord, Func<CancellationToken, Task> work)
    {
        var mutex = new DistributedMutex(coord, "/locks/report", new MutexOptions { Note = "nightly report" });
        await using var held = await mutex.AcquireAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(held.LostToken, held.RevokedToken);
        await work(stop.Token);
    }

    public static async Task AskForItBackAsync(ICoordClient coord)
    {
        var mutex = new DistributedMutex(coord, "/locks/report");
        foreach (var holder in (await mutex.GetStateAsync()).Holders)
            Console.WriteLine($"{holder.Record?.Client} since {holder.Record?.Since}: {holder.Record?.Note}");
        await mutex.RevokeAsync("the database is about to be moved");
    }
}
