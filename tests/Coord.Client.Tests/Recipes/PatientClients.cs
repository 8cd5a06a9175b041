namespace Coord.Client.Tests;

/// <summary>Clients whose sessions and calls outlive the pauses of a busy machine; faults alone end them.</summary>
internal static class PatientClients
{
    private static readonly TimeSpan SessionPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(5);

    // Of a client without a connection, and of recipes that ask again what became of a write: all waits are longer.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    public static CoordClient Connect(this ScriptedCluster cluster) => new(
        cluster.ConnectionString,
        new CoordClientOptions { SessionTimeout = SessionPatience, RequestTimeout = CallPatience });

    public static CoordClient Connect(this ScriptedCluster cluster, TimeProvider time) => new(
        cluster.ConnectionString,
        new CoordClientOptions
        {
            SessionTimeout = SessionPatience, RequestTimeout = CallPatience, TimeProvider = time,
        });

    /// <summary>
    /// Lets a task end in its own time: the clock moves only past the pauses that clients make before they try again,
    /// so nothing runs out meanwhile, however busy the machine is.
    /// </summary>
    public static async Task PassPausesAsync(this FakeTimeProvider time, Task until)
    {
        while (!until.IsCompleted)
        {
            var pause = time.TimerAsync(length => length <= LongestPause);
            if (await Task.WhenAny(until, pause).Soon() == pause)
                time.Advance(await pause);
        }

        await until;
    }

    /// <summary>Ends when somebody waits for so long; until then, time stands still but for pauses.</summary>
    public static Task BegunAsync(this FakeTimeProvider time, TimeSpan wait) =>
        time.PassPausesAsync(time.TimerAsync(length => IsSame(length, wait)));

    /// <summary>Moves time to the end of a wait, once somebody has begun it.</summary>
    public static async Task PassAsync(this FakeTimeProvider time, TimeSpan wait)
    {
        await time.BegunAsync(wait);
        time.Advance(await time.TimerAsync(length => IsSame(length, wait)).Soon());
    }

    // Task.Delay drops what is less than a millisecond.
    private static bool IsSame(TimeSpan length, TimeSpan wait) =>
        (long)length.TotalMilliseconds == (long)wait.TotalMilliseconds;
}
