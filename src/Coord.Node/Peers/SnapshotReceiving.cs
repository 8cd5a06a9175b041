using Coord.Node.Storage;

namespace Coord.Node.Peers;

/// <summary>
/// The receiver's side of one transfer, without a socket or a thread (raft-design S6, S7): a temporary file that is
/// resumed when the same file is offered again, verified as a whole, and made durable before anybody is told.
/// </summary>
internal sealed class SnapshotReceiving(SnapshotStore store, SnapshotOffer offer) : IDisposable
{
    private SnapshotReceiver? file;

    /// <summary>The offer that is being taken.</summary>
    public SnapshotOffer Offer { get; } = offer;

    /// <summary>How it ended; null while it goes on.</summary>
    public SnapshotOutcome? Outcome { get; private set; }

    /// <summary>The sender said something that does not fit: the transfer is given up.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The answer to the offer.</summary>
    public SnapshotMessage Begin()
    {
        if (store.List().Contains(Offer.File))
            return End(SnapshotOutcome.Complete);
        try
        {
            file = store.BeginReceive(Offer.File);
        }
        catch (StorageFullException)
        {
            return End(SnapshotOutcome.NoRoom);
        }

        // Complete, but for the check that a stop of this process came before.
        return file.Offset == Offer.File.Length ? Complete() : new SnapshotResume(file.Offset);
    }

    /// <summary>Takes a chunk; gives the answer to it, or null when the sender broke the rules.</summary>
    public SnapshotMessage? Receive(SnapshotMessage? message)
    {
        if (message is not SnapshotChunk chunk || file is null || chunk.Offset != file.Offset || chunk.Bytes.IsEmpty)
        {
            IsBroken = true;
            return null;
        }

        try
        {
            IsBroken = !file.Append(chunk.Bytes.Span);
        }
        catch (StorageFullException)
        {
            return End(SnapshotOutcome.NoRoom);
        }

        if (IsBroken)
            return null;
        return file.Offset == Offer.File.Length ? Complete() : new SnapshotStored(file.Offset);
    }

    /// <summary>Keeps what has arrived, for a next attempt.</summary>
    public void Dispose() => file?.Dispose();

    private SnapshotVerdict Complete()
    {
        try
        {
            return End(file!.TryComplete() ? SnapshotOutcome.Complete : SnapshotOutcome.Damaged);
        }
        catch (StorageFullException)
        {
            return End(SnapshotOutcome.NoRoom);
        }
    }

    private SnapshotVerdict End(SnapshotOutcome outcome)
    {
        Outcome = outcome;
        return new SnapshotVerdict(outcome);
    }
}
