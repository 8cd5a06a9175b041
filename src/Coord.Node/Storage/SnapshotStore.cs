using System.Buffers.Binary;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>The snapshots of a node: taken here or received. Thread-safe.</summary>
internal sealed class SnapshotStore
{
    private const string ReceivedExtension = ".part";

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly UInt128 _cluster;
    private readonly NodeLimits _limits;
    private readonly Lock _gate = new();

    // Guarded by _gate. Oldest first.
    private readonly List<SnapshotFile> _snapshots = [];
    private readonly Dictionary<SnapshotId, int> _pins = [];

    /// <summary>Opens the folder, which exists, and drops what was not completed.</summary>
    public SnapshotStore(IFileSystem files, string directory, UInt128 cluster, NodeLimits limits)
    {
        _files = files;
        _directory = directory;
        _cluster = cluster;
        _limits = limits;
        Guard(directory, Load);
    }

    /// <summary>The snapshots whose header and footer can be read, newest first.</summary>
    public IReadOnlyList<SnapshotFile> List()
    {
        lock (_gate)
            return _snapshots.AsEnumerable().Reverse().ToArray();
    }

    /// <summary>
    /// What a starting node may load, best first (raft-design S12): snapshots that the log has a record of, and from
    /// whose end the log still holds every entry. A newer one than the record says was never promised to anybody.
    /// </summary>
    public IReadOnlyList<SnapshotFile> ListUsable(SnapshotMark mark, LogIndex firstEntry) =>
        List().Where(s => s.Id.Index <= mark.Index && (s.Id.Index == mark.Index || s.Id.Index.Next >= firstEntry))
            .Where(s => s.Id.Index != mark.Index || s.Id.Term == mark.Term)
            .ToArray();

    /// <summary>Begins a snapshot of this node's state.</summary>
    public SnapshotFileWriter BeginWrite(LogIndex index, Term term)
    {
        var id = new SnapshotId(index, term);
        var path = PathOf(id) + SegmentFiles.TemporaryExtension;
        try
        {
            return new SnapshotFileWriter(this, _files, path, _cluster, id, _limits.BackgroundFlushBytes);
        }
        catch (IOException e) when (e is not StorageFullException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>Opens a snapshot for loading.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="isFromDisk">True: what memory still holds of the file is no proof (raft-design P23).</param>
    /// <exception cref="DataUnusableException">It is gone, or its header is damaged.</exception>
    public SnapshotReader OpenReader(SnapshotId id, bool isFromDisk = false)
    {
        var path = PathOf(id);
        IDisposable pin;
        lock (_gate)
        {
            // What is deleted is not read any more: it becomes shorter meanwhile.
            if (!_snapshots.Exists(s => s.Id == id))
                throw new DataUnusableException(path, "the snapshot is gone");

            pin = Pin(id);
        }

        try
        {
            var file = _files.Open(path, FileOpen.Read);
            if (isFromDisk)
                file.DropCache();

            return new SnapshotReader(file, path, _cluster, pin);
        }
        catch (IOException e)
        {
            pin.Dispose();
            throw new DataUnusableException(path, $"the snapshot cannot be opened: {e.Message}");
        }
    }

    /// <summary>Opens a snapshot for sending; null if there is none of this name.</summary>
    public SnapshotSource? OpenSource(SnapshotId id)
    {
        SnapshotFile? snapshot;
        IDisposable pin;
        lock (_gate)
        {
            snapshot = _snapshots.Find(s => s.Id == id);
            if (snapshot is null)
                return null;

            pin = Pin(id);
        }

        try
        {
            return new SnapshotSource(snapshot, _files.Open(PathOf(id), FileOpen.Read), pin);
        }
        catch (IOException e)
        {
            pin.Dispose();
            throw Failed(PathOf(id), e);
        }
    }

    /// <summary>Reads the whole snapshot; null when it can be read, else what is wrong with it.</summary>
    public string? FindFault(SnapshotId id)
    {
        try
        {
            using var reader = OpenReader(id);
            while (reader.TryReadChunk(out _))
            {
                // Reading verifies.
            }

            return null;
        }
        catch (DataUnusableException e)
        {
            return e.Message;
        }
    }

    /// <summary>Deletes a snapshot that can no longer be read: it must be offered to nobody.</summary>
    public void Discard(SnapshotId id)
    {
        lock (_gate)
        {
            if (_snapshots.RemoveAll(s => s.Id == id) == 0)
                return;
        }

        Guard(_directory, () =>
        {
            _files.Delete(PathOf(id));
            _files.FlushDirectory(_directory);
        });
    }

    /// <summary>Begins, or goes on with, receiving a snapshot. One at a time: parts of others are dropped.</summary>
    public SnapshotReceiver BeginReceive(SnapshotFile offer)
    {
        var name = $"{SnapshotFormat.FileName(offer.Id)}-{offer.Length}-{offer.Hash:x32}{ReceivedExtension}";
        var path = Path.Combine(_directory, name);
        try
        {
            foreach (var other in _files.List(_directory))
            {
                if (other.EndsWith(ReceivedExtension, StringComparison.Ordinal) && other != name)
                    _files.Delete(Path.Combine(_directory, other));
            }

            var mode = _files.Exists(path) ? FileOpen.Existing : FileOpen.Create;
            return new SnapshotReceiver(this, offer, path, _files.Open(path, mode));
        }
        catch (IOException e) when (e is not StorageFullException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>
    /// Deletes what the newest marked snapshots make superfluous (raft-design S3): of those up to the mark the newest
    /// ones stay, as many as are to be kept, and those that are being read (S5). One above the mark was received and is
    /// perhaps being installed: no record of the log stands for it yet, so it counts for nothing and stays.
    /// </summary>
    /// <param name="marked">The newest snapshot whose mark in the log is durable.</param>
    /// <param name="keptCount">How many to keep: fewer when the disk is full (P40).</param>
    /// <param name="deletion">What deletes them.</param>
    /// <returns>The oldest marked snapshot that stays: the log must be kept from its end on (S12).</returns>
    public SnapshotFile? DeleteOld(LogIndex marked, int keptCount, GradualDeletion deletion)
    {
        var old = new List<SnapshotFile>();
        SnapshotFile? oldest;
        lock (_gate)
        {
            var superseded = _snapshots.FindAll(s => s.Id.Index <= marked).SkipLast(keptCount);
            old.AddRange(superseded.Where(s => !_pins.ContainsKey(s.Id)));
            _snapshots.RemoveAll(old.Contains);
            oldest = _snapshots.FindAll(s => s.Id.Index <= marked).TakeLast(keptCount).FirstOrDefault();
        }

        if (old.Count > 0)
            Guard(_directory, () => deletion.Delete(_directory, old.Select(snapshot => PathOf(snapshot.Id))));

        return oldest;
    }

    internal void Publish(string temporaryPath, SnapshotFile snapshot)
    {
        Guard(temporaryPath, () =>
        {
            _files.Rename(temporaryPath, PathOf(snapshot.Id));
            _files.FlushDirectory(_directory);
        });
        lock (_gate)
        {
            _snapshots.RemoveAll(s => s.Id == snapshot.Id);
            _snapshots.Add(snapshot);
            _snapshots.Sort((a, b) => a.Id.Index.CompareTo(b.Id.Index));
        }
    }

    internal bool PublishReceived(string path, SnapshotFile offer)
    {
        if (Verify(path, offer))
        {
            Publish(path, offer);
            return true;
        }

        Guard(path, () => _files.Delete(path));
        return false;
    }

    internal void DropReceived(string path) => Guard(path, () => _files.Delete(path));

    internal static StorageFailedException Failed(string path, Exception e) =>
        new($"The snapshot file {path} failed: {e.Message}", e);

    internal static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (IOException e)
        {
            throw Failed(path, e);
        }
    }

    private bool Verify(string path, SnapshotFile offer)
    {
        try
        {
            using var reader = new SnapshotReader(_files.Open(path, FileOpen.Read), path, _cluster, pin: null);
            while (reader.TryReadChunk(out _))
            {
                // Reading verifies.
            }

            return reader.Id == offer.Id && reader.Hash == offer.Hash;
        }
        catch (DataUnusableException)
        {
            return false; // The sender is asked for the whole file again.
        }
        catch (IOException e)
        {
            throw Failed(path, e);
        }
    }

    private void Load()
    {
        foreach (var name in _files.List(_directory))
        {
            var path = Path.Combine(_directory, name);
            if (!name.EndsWith(SnapshotFormat.Extension, StringComparison.Ordinal))
                _files.Delete(path);
            else if (ReadOutline(path, name) is { } snapshot)
                _snapshots.Add(snapshot);
        }

        // What a killed process renamed may so far be in memory only.
        _files.FlushDirectory(_directory);
        _snapshots.Sort((a, b) => a.Id.Index.CompareTo(b.Id.Index));
    }

    private SnapshotFile? ReadOutline(string path, string name)
    {
        using var file = _files.Open(path, FileOpen.Read);
        Span<byte> header = stackalloc byte[SnapshotFormat.HeaderLength];
        Span<byte> footer = stackalloc byte[SnapshotFormat.FooterLength];
        var length = file.Length;
        if (length < header.Length + footer.Length || file.Read(0, header) != header.Length
            || !SnapshotFormat.TryReadHeader(header, _cluster, out var id) || SnapshotFormat.FileName(id) != name
            || file.Read(length - footer.Length, footer) != footer.Length)
            return null;

        return new SnapshotFile(id, length, BinaryPrimitives.ReadUInt128LittleEndian(footer[24..]));
    }

    private string PathOf(SnapshotId id) => Path.Combine(_directory, SnapshotFormat.FileName(id));

    private Pinned Pin(SnapshotId id)
    {
        lock (_gate)
            _pins[id] = _pins.GetValueOrDefault(id) + 1;

        return new Pinned(this, id);
    }

    private void Unpin(SnapshotId id)
    {
        lock (_gate)
        {
            if (--_pins[id] == 0)
                _pins.Remove(id);
        }
    }

    private sealed class Pinned(SnapshotStore store, SnapshotId id) : IDisposable
    {
        private SnapshotStore? _store = store;

        public void Dispose()
        {
            _store?.Unpin(id);
            _store = null;
        }
    }
}
