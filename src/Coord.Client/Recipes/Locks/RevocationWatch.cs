using System.Diagnostics.CodeAnalysis;

namespace Coord.Client.Recipes;

/// <summary>
/// Follows a held znode for the mark of somebody who wants it back, from the moment somebody cares; it finds out on the
/// way when the znode is deleted by hand.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="guard">Watches over the znode.</param>
/// <param name="czxid">Tells the znode from a later one with the same path; 0 where none can have it.</param>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "The token must stay readable for good; sources without timers hold nothing to dispose.")]
internal sealed class RevocationWatch(ICoordClient client, ZnodeGuard guard, long czxid)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource revoked = new();
    private CancellationTokenSource? stop;
    private bool isWanted;
    private bool isOver;

    /// <summary>The token; the first look at it begins to follow.</summary>
    internal CancellationToken Token
    {
        get
        {
            lock (gate)
            {
                isWanted = true;
                Start();
            }

            return revoked.Token;
        }
    }

    /// <summary>The guard watches over another znode now.</summary>
    internal void Move()
    {
        lock (gate)
        {
            stop?.Cancel();
            stop = null;
            Start();
        }
    }

    internal void End()
    {
        lock (gate)
        {
            isOver = true;
            stop?.Cancel();
        }
    }

    private void Start()
    {
        if (!isWanted || isOver || stop is not null)
            return;
        stop = new CancellationTokenSource();
        _ = FollowAsync(guard.Path, stop.Token);
    }

    private async Task FollowAsync(string path, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await foreach (var znode in client.FollowAsync(path, ct).ConfigureAwait(false))
            {
                if (znode is null || (czxid != 0 && znode.Stat.Czxid != czxid))
                {
                    guard.ReportGone(path);
                    return;
                }

                if (ContenderBytes.IsRevoked(znode.Bytes.Span))
                {
                    await revoked.CancelAsync().ConfigureAwait(false);
                    if (czxid == 0)
                        return;
                }
            }
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException
            or AggregateException)
        {
            // Released, closed, or not allowed to read what we created: then nobody's mark can reach us either. A
            // callback that throws is its own affair.
        }
    }
}
