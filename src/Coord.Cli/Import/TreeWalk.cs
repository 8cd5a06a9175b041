using System.Threading.Channels;

namespace Coord.Cli.Import;

/// <summary>Visits a tree from its root down, many znodes at once; a znode's children are visited after it.</summary>
internal static class TreeWalk
{
    /// <summary>Ends when everything was visited, or with the first visit that fails.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="parallel">Visits under way at once.</param>
    /// <param name="visit">Gives the paths to visit next.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task RunAsync(
        string root, int parallel,
        Func<string, CancellationToken, Task<IEnumerable<string>>> visit, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waiting = Channel.CreateUnbounded<string>();
        var open = 1;
        Exception? first = null;
        waiting.Writer.TryWrite(root);

        async Task WorkAsync()
        {
            try
            {
                await foreach (var path in waiting.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
                {
                    foreach (var next in await visit(path, ending.Token).ConfigureAwait(false))
                    {
                        Interlocked.Increment(ref open);
                        waiting.Writer.TryWrite(next);
                    }

                    if (Interlocked.Decrement(ref open) == 0)
                        waiting.Writer.Complete();
                }
            }
            catch (Exception failed)
            {
                // The others end as cancelled, because of this one.
                if (Interlocked.CompareExchange(ref first, failed, null) is null)
                    await ending.CancelAsync().ConfigureAwait(false);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => WorkAsync())).ConfigureAwait(false);
        if (first is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }
}
