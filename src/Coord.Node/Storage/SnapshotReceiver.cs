namespace Coord.Node.Storage;

/// <summary>
/// Receives a snapshot's raw bytes (raft-design S7). A transfer that breaks off goes on where it stopped, when the
/// same file is offered again (S6).
/// </summary>
internal sealed class SnapshotReceiver : IDisposable
{
    private readonly SnapshotStore _store;
    private readonly string _path;
    private IFile? _file;

    public SnapshotReceiver(SnapshotStore store, SnapshotFile offer, string path, IFile file)
    {
        _store = store;
        _path = path;
        _file = file;
        Offer = offer;
        Offset = file.Length;
    }

    /// <summary>What is being received.</summary>
    public SnapshotFile Offer { get; }

    /// <summary>How much of it is here.</summary>
    public long Offset { get; private set; }

    /// <summary>Takes the next bytes; false, and nothing taken, when they exceed the length that was offered.</summary>
    /// <exception cref="StorageFullException">No room: what was received is dropped.</exception>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Offer.Length - Offset)
            return false;

        try
        {
            _file!.Write(Offset, bytes);
            Offset += bytes.Length;
            return true;
        }
        catch (StorageFullException)
        {
            Drop();
            throw;
        }
        catch (IOException e)
        {
            throw SnapshotStore.Failed(_path, e);
        }
    }

    /// <summary>
    /// Verifies everything and makes the snapshot durable under its name; false when it is incomplete or not what was
    /// offered: then it is deleted and the transfer begins anew.
    /// </summary>
    /// <exception cref="StorageFullException">No room: what was received is dropped.</exception>
    public bool TryComplete()
    {
        var file = _file ?? throw new InvalidOperationException("The receiver is closed.");
        Flush(file);
        file.Dispose();
        _file = null;
        return _store.PublishReceived(_path, Offer);
    }

    /// <summary>Keeps what was received, for the next attempt.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Flush(IFile file)
    {
        try
        {
            file.FlushData();
        }
        catch (StorageFullException)
        {
            Drop();
            throw;
        }
        catch (IOException e)
        {
            throw SnapshotStore.Failed(_path, e);
        }
    }

    // A part that cannot be completed takes room that others need more (raft-design P40).
    private void Drop()
    {
        Dispose();
        _store.DropReceived(_path);
    }
}
