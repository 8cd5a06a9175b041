using System.Diagnostics;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// More clients than usual, all at once, beside those of the workloads, which must not suffer for them: each storm
/// lasts for some seconds, and is bounded by the numbers here.
/// </summary>
internal static class StormFaults
{
    public const string Storm = "storm";

    private const int Crowd = 300;
    private const int HalfOpen = 400;

    // Of a crowd that comes back: none expires while a slow machine still lets the others in.
    private const int ReturningTimeoutMs = 20_000;

    // Each may make a node keep up to limits:clientOutboundBytesMax.
    private const int SlowReaders = 6;
    private const int RequestsUnread = 100;

    public static IEnumerable<Fault> All { get; } =
    [
        Of("connect-at-once", (scene, storm, stop) => InWavesAsync(scene, storm, () => storm.CloseAsync(), stop)),
        Of("abandon-sessions", (scene, storm, stop) => InWavesAsync(scene, storm, () => AbandonAsync(storm), stop)),
        Of("drop-all-clients", DropAllAsync, ReturningTimeoutMs) with { Needs = ClusterNeeds.SuperUser },
        Of("half-open", HalfOpenAsync),
        Of("slow-readers", SlowReadersAsync),
    ];

    private static Fault Of(
        string name, Func<FaultScene, ClientStorm, CancellationToken, Task> run,
        int sessionTimeoutMs = ClientStorm.DefaultSessionTimeoutMs) =>
        new(Storm, name, async (scene, stop) =>
        {
            using var storm = new ClientStorm(scene.Cluster.Clients, scene.Random, sessionTimeoutMs);
            await run(scene, storm, stop);
        });

    /// <summary>A crowd comes and goes, and another one comes.</summary>
    private static async Task InWavesAsync(
        FaultScene scene, ClientStorm storm, Func<Task> leave, CancellationToken stop)
    {
        var (waves, attached) = (0, 0);
        await ForSecondsAsync(scene, async () =>
        {
            await storm.GatherAsync(Crowd, stop);
            waves++;
            attached += storm.Attached;
            await leave();
        }, stop);
        scene.Note = $"{attached} sessions in {waves} waves";
    }

    /// <summary>
    /// All clients there are lose their connections at the same moment, those of the workloads too, and come back.
    /// </summary>
    private static async Task DropAllAsync(FaultScene scene, ClientStorm storm, CancellationToken stop)
    {
        await storm.GatherAsync(Crowd, stop);
        var (times, back) = (0, 0);
        await ForSecondsAsync(scene, async () =>
        {
            storm.DropAll();
            await Task.WhenAll(scene.Cluster.AdminNodes.Select(admin =>
                AdminPort.PostAsync(admin, "shed_connections", """{"percentage": 100}""", CancellationToken.None)));
            await storm.GatherAsync(Crowd, stop);
            times++;
            back += storm.Attached;
            await scene.CalmAsync(200, 1_000, stop);
        }, stop);
        scene.Note = $"{times} times, {back} sessions came back, {storm.Expired} expired";
        await storm.CloseAsync();
    }

    private static async Task HalfOpenAsync(FaultScene scene, ClientStorm storm, CancellationToken stop)
    {
        var opened = await storm.OpenHalfAsync(HalfOpen, stop);
        await scene.CalmAsync(2_000, 8_000, stop);
        scene.Note = $"{opened} connections";
    }

    private static async Task SlowReadersAsync(FaultScene scene, ClientStorm storm, CancellationToken stop)
    {
        var readers = await storm.StartReadersAsync(SlowReaders, RequestsUnread, stop);
        await scene.CalmAsync(2_000, 8_000, stop);
        scene.Note = $"{readers} readers";
    }

    private static Task AbandonAsync(ClientStorm storm)
    {
        storm.Abandon();
        return Task.CompletedTask;
    }

    private static async Task ForSecondsAsync(FaultScene scene, Func<Task> wave, CancellationToken stop)
    {
        var time = TimeSpan.FromSeconds(scene.Random.Next(2, 7));
        var clock = Stopwatch.StartNew();
        do
        {
            await wave();
        }
        while (clock.Elapsed < time && !stop.IsCancellationRequested);
    }
}
