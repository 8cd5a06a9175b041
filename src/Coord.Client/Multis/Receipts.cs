using System.Threading.Channels;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Ephemeral znodes of this session that tell, after a lost reply, whether a multi was applied: each multi sets one of
/// them to an id of its own (client-sdk.md 8.2). One multi uses a slot at a time.
/// </summary>
internal sealed class Receipts
{
    private const int Slots = 8;

    private readonly ClientCore core;
    private readonly ZnodeCreates creates;
    private readonly PathMap paths;
    private readonly Channel<Receipt> free = Channel.CreateUnbounded<Receipt>();

    internal Receipts(ClientCore core, ZnodeCreates creates, PathMap paths)
    {
        this.core = core;
        this.creates = creates;
        this.paths = paths;
        for (var slot = 0; slot < Slots; slot++)
            free.Writer.TryWrite(new Receipt(slot));
    }

    /// <summary>Waits for a slot and makes its znode in the present session where it has none.</summary>
    internal async ValueTask<Receipt> TakeAsync(CallBudget budget)
    {
        var receipt = await free.Reader.ReadAsync(budget.Token).ConfigureAwait(false);
        try
        {
            await PrepareAsync(receipt, budget).ConfigureAwait(false);
            return receipt;
        }
        catch
        {
            Return(receipt);
            throw;
        }
    }

    internal void Return(Receipt receipt) => free.Writer.TryWrite(receipt);

    /// <summary>Makes the znode of a slot again, which somebody deleted.</summary>
    internal ValueTask RenewAsync(Receipt receipt, CallBudget budget)
    {
        receipt.Epoch = 0;
        return PrepareAsync(receipt, budget);
    }

    private async ValueTask PrepareAsync(Receipt receipt, CallBudget budget)
    {
        while (receipt.Epoch == 0 || receipt.Epoch != core.Keeper.Session.Epoch)
        {
            // The name holds the session, which is known only once there is one.
            if (core.Keeper.Session is not { Epoch: > 0, IsLost: false } session)
            {
                await core.ConnectAsync(budget).ConfigureAwait(false);
                continue;
            }

            var path = ZnodePath.Combine(core.Options.ReceiptPath, $"{session.Id.Value:x16}-{receipt.Slot}");
            var options = new CreateOptions { Mode = CreateMode.Ephemeral, Parents = CreateParents.Persistent };
            var creation = new Creation(
                path, paths.ToServerForWrite(path, nameof(path)), default, options, core.Options.DefaultAcl);
            await creates.CreateAsync(creation, budget, nullIfExists: true).ConfigureAwait(false);
            receipt.Epoch = session.Epoch;
            receipt.ServerPath = creation.ServerPath;
            receipt.Path = path;
        }
    }
}
