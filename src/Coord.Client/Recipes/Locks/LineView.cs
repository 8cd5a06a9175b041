namespace Coord.Client.Recipes;

/// <summary>What can be seen of a line from outside, and how its holders are asked to let go.</summary>
/// <param name="client">The client.</param>
/// <param name="root">The recipe's root.</param>
/// <param name="line">Who waits for whom.</param>
/// <param name="isHolding">Whether a contender holds, where its znode tells; null: where the line does.</param>
internal sealed class LineView(
    ICoordClient client, string root, ContenderLine line, Func<Znode, bool>? isHolding = null)
{
    internal const int ReasonMaxLength = 256;

    /// <returns>Whether a newcomer of the name would have to wait.</returns>
    internal async ValueTask<bool> WouldWaitAsync(string newcomer, CancellationToken ct) =>
        await WouldWaitAsync(newcomer, null, ct).ConfigureAwait(false)

        // Our server may not have heard of a release yet that our caller knows of.
        && await WouldWaitAsync(newcomer, ReadOptions.Fresh, ct).ConfigureAwait(false);

    private async ValueTask<bool> WouldWaitAsync(string newcomer, ReadOptions? read, CancellationToken ct)
    {
        var names = await ListAsync(read, ct).ConfigureAwait(false);
        var last = line.InOrder(names).LastOrDefault();
        if (last.Name is null)
            return false;
        var own = newcomer + unchecked(last.Sequence + 1).ToString("D10", null);
        line.TryFindPredecessor(names, own, out var predecessor);
        return predecessor is not null;
    }

    internal async ValueTask<LockState> ReadAsync(CancellationToken ct)
    {
        var names = await ListAsync(ReadOptions.Fresh, ct).ConfigureAwait(false);
        var holders = new List<Contender>();
        var waiting = new List<Contender>();
        foreach (var (name, sequence) in line.InOrder(names))
        {
            var znode = await client.TryGetAsync(ZnodePath.Combine(root, name), null, ct).ConfigureAwait(false);
            if (znode is null)
                continue;
            line.TryFindPredecessor(names, name, out var predecessor);
            (isHolding?.Invoke(znode) ?? predecessor is null ? holders : waiting)
                .Add(new Contender(znode.Path, sequence, ContenderBytes.Read(znode.Bytes.Span)));
        }

        return new LockState(holders, waiting);
    }

    /// <returns>How many holders were asked.</returns>
    internal async ValueTask<int> RevokeAsync(string reason, CancellationToken ct)
    {
        var state = await ReadAsync(ct).ConfigureAwait(false);
        return await RevokeAsync(client, state.Holders, reason, ct).ConfigureAwait(false);
    }

    internal static async ValueTask<int> RevokeAsync(
        ICoordClient client, IEnumerable<Contender> holders, string reason, CancellationToken ct)
    {
        var asked = 0;
        foreach (var holder in holders)
            asked += await RevokeAsync(client, holder.Path, reason, ct).ConfigureAwait(false) ? 1 : 0;
        return asked;
    }

    /// <exception cref="ArgumentException">The reason is null, or too long.</exception>
    internal static string CheckReason(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Length <= ReasonMaxLength
            ? reason
            : throw new ArgumentException($"A reason has at most {ReasonMaxLength} characters.", nameof(reason));
    }

    /// <returns>False when the holder has gone.</returns>
    private static async ValueTask<bool> RevokeAsync(
        ICoordClient client, string path, string reason, CancellationToken ct)
    {
        // Asking twice changes nothing, so the mark may be written again after a lost reply.
        var repeatable = new SetOptions { Repeatable = true };
        try
        {
            var znode = await client.GetAsync(path, null, ct).ConfigureAwait(false);
            await client.SetAsync(path, ContenderBytes.Revoke(znode.Bytes, reason), repeatable, ct)
                .ConfigureAwait(false);
            return true;
        }
        catch (NoNodeException)
        {
            return false;
        }
    }

    private async ValueTask<IReadOnlyList<string>> ListAsync(ReadOptions? read, CancellationToken ct)
    {
        try
        {
            return (await client.GetChildrenAsync(root, read, ct).ConfigureAwait(false)).Names;
        }
        catch (NoNodeException)
        {
            return [];
        }
    }
}
