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
        catch (IOException e) when (e is not StorageFullException)
        {
            throw SnapshotStore.Failed(_path, e);
        }
    }

    /// <summary>
    /// Verifies everything and makes the snapshot durable under its name; false when it is incomplete or not what was
    /// offered: then it is deleted and the transfer begins anew.
    /// </summary>
    public bool TryComplete()
    {
        var file = _file ?? throw new InvalidOperationException("The receiver is closed.");
        SnapshotStore.Guard(_path, file.FlushData);
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
}
