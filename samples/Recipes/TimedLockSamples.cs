using Coord.Client;
using Coord.Client.Recipes;

namespace Recipes;

internal static class TimedLockSamples
{
    public static async Task ImportAsync(
        ICoordClient coord, Func<long, CancellationToken, Task> run, CancellationToken ct)
    {
        var import = new TimedLock(coord, "/locks/import", new TimedLockOptions { Duration = TimeSpan.FromMinutes(2) });

        await using var held = await import.AcquireAsync(TimeSpan.FromMinutes(10), ct);
        await run(held.Token.Value, held.LostToken);
    }

    public static string HandOn(TimedLockHandle held)
    {
        var ticket = held.Detach().Serialize();   // good once, for whoever has it
        return ticket;
    }

    public static async Task GoOnAsync(
        TimedLock import, string ticket, Func<CancellationToken, Task> run, CancellationToken ct)
    {
        await using var held = await import.ResumeAsync(TimedLockTicket.Parse(ticket), ct);
        await run(held.LostToken);
    }
}
