using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Creates znodes one after the other and remembers which of them were acknowledged.</summary>
internal sealed class JournalWriter(LocalCluster cluster, int number)
{
    public const string Root = "/durable";

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(2);

    private int attempts;

    public List<string> Acknowledged { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        using var session = new SessionClient(cluster.Nodes, (number % cluster.Nodes.Count) + 1, ReplyTimeout);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!session.IsConnected && !await session.TryConnectAsync())
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
                    continue;
                }

                var path = $"{Root}/{number}-{++attempts}";
                var reply = await session.CreateAsync(path, Wire.Datum(number, attempts));
                Assert.True(reply.Error == 0, $"create {path}: error {reply.Error}");
                Acknowledged.Add(path);
            }
            catch (ConnectionLostException)
            {
                // Unknown: this path may or may not exist and is never tried again.
                session.MoveOn();
            }
        }
    }
}
