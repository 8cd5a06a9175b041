using System.Threading.Channels;

namespace Coord.Client.Recipes;

/// <summary>
/// Tells that something changed at one of several places, from the moment each is followed; many changes at once are
/// one.
/// </summary>
internal sealed class ChangeSignal(ICoordClient client) : IAsyncDisposable
{
    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> followers = [];

    internal void Follow(string path, WatchScope scope) => followers.Add(FollowAsync(path, scope));

    internal async ValueTask WaitAsync(CancellationToken ct) =>
        await changed.Reader.ReadAsync(ct).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(followers).ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task FollowAsync(string path, WatchScope scope)
    {
        try
        {
            await foreach (var _ in client.WatchAsync(path, scope, stop.Token).ConfigureAwait(false))
                changed.Writer.TryWrite(true);
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever waits gets it; after disposal nobody does.
            changed.Writer.TryComplete(e);
        }
    }
}
