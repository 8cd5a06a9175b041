using System.Globalization;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Commits a multi so that it is known whether it was applied, after a lost reply too, for as long as the session lives
/// (client-sdk.md 8.2): by a number where the server remembers replies, by a receipt where it does not.
/// </summary>
internal sealed class OnceCommit(
    ClientCore core, IReadOnlyList<MultiOperation> operations, Func<string, string> shownPath)
{
    // Somebody deletes our receipts: not for ever.
    private const int ReceiptsMax = 10;

    internal async ValueTask<Reply<MultiOutcome>> SendAsync(CallBudget budget)
    {
        while (true)
        {
            if (core.Keeper.Session.Epoch == 0)
                await core.ConnectAsync(budget).ConfigureAwait(false);
            if (!core.Keeper.Features.Has(OnceNumbers.Feature))
                return await ByReceiptAsync(budget).ConfigureAwait(false);
            var multi = new MultiCall(operations, shownPath);
            var reply = await core.SendOnceAsync(multi, budget).ConfigureAwait(false);
            if (reply.End != RequestEnd.NotAnnounced || !multi.IsKnownTo(core.Keeper.Features))
                return reply;
        }
    }

    private async ValueTask<Reply<MultiOutcome>> ByReceiptAsync(CallBudget budget)
    {
        var receipt = await core.Receipts.TakeAsync(budget).ConfigureAwait(false);
        try
        {
            var id = Guid.NewGuid().ToByteArray();
            for (var made = 1; ; made++)
            {
                var reply = await WithReceiptAsync(receipt, id, budget).ConfigureAwait(false);
                if (reply.IsOk && reply.Value!.FailedIndex == operations.Count && made < ReceiptsMax)
                    await core.Receipts.RenewAsync(receipt, budget).ConfigureAwait(false);
                else
                    return reply;
            }
        }
        finally
        {
            core.Receipts.Return(receipt);
        }
    }

    private async ValueTask<Reply<MultiOutcome>> WithReceiptAsync(Receipt receipt, byte[] id, CallBudget budget)
    {
        var note = new MultiOperation(
            OpCode.SetData, receipt.Path, receipt.ServerPath, id, -1, CreateMode.Persistent, []);
        while (true)
        {
            var call = new MultiCall([.. operations, note], shownPath)
            {
                ExpiresAt = budget.ExpiresAt, BoundEpoch = receipt.Epoch,
            };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk && reply.Value!.FailedIndex < 0)
                return reply with { Value = reply.Value with { Results = [.. reply.Value.Results.SkipLast(1)] } };
            if (reply.End != RequestEnd.ConnectionLost)
                return reply;

            var look = await new Look(core, call.SentEpoch, budget).GetAsync(receipt.ServerPath).ConfigureAwait(false);
            if (!look.IsOk)
                throw UnknownWrite.Of(look, operations[0].Path, core, budget.Token);
            if (look.Value!.Bytes.Span.SequenceEqual(id))
                return await AppliedAsync(look.Value.Stat.Mzxid, call.SentEpoch, budget).ConfigureAwait(false);
        }
    }

    /// <summary>What the lost reply would have said, but for the metadata: all of a multi has one zxid.</summary>
    private async ValueTask<Reply<MultiOutcome>> AppliedAsync(long zxid, long epoch, CallBudget budget)
    {
        var results = new List<MultiResult>(operations.Count);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            var path = operation.IsSequential
                ? shownPath(await FindAsync(operation.ServerPath, zxid, epoch, found, budget).ConfigureAwait(false))
                : operation.Path;
            results.Add(new MultiResult(operation.Op, path, null));
        }

        return new Reply<MultiOutcome>(
            RequestEnd.Answered, ErrorCode.Ok, zxid, new MultiOutcome(results, -1, ErrorCode.Ok));
    }

    /// <summary>The first znode of a sequence that the multi made, apart from those found before.</summary>
    private async ValueTask<string> FindAsync(
        string serverPath, long zxid, long epoch, HashSet<string> found, CallBudget budget)
    {
        var slash = serverPath.LastIndexOf('/');
        var parent = slash == 0 ? "/" : serverPath[..slash];
        var listed = await new Look(core, epoch, budget).ChildrenAsync(parent).ConfigureAwait(false);
        var candidates = (listed.Value?.Names ?? [])
            .Select(name => parent == "/" ? $"/{name}" : $"{parent}/{name}")
            .Where(path => IsOfSequence(path, serverPath) && !found.Contains(path));
        string? first = null;
        foreach (var path in candidates.OrderDescending(StringComparer.Ordinal))
        {
            var read = await core.Send(new ExistsCall(path) { ExpiresAt = budget.ExpiresAt }, budget)
                .ConfigureAwait(false);
            if (read.IsOk && read.Value.Czxid == zxid)
                first = path;
            else if (read.IsOk && first is not null)
                break;
        }

        if (first is null)
        {
            throw new CoordException(
                "The multi was applied and its reply lost; a sequential znode that it made is gone since.",
                ErrorCode.ConnectionLoss, shownPath(serverPath), Outcome.Applied);
        }

        found.Add(first);
        return first;
    }

    private static bool IsOfSequence(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(
            path.AsSpan(prefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
