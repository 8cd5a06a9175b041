using Coord.Node.Members;

namespace Coord.Node.Storage;

/// <summary>
/// A node's data directory, locked for the life of this object (raft-design P7): identity, start number, log,
/// watermark and snapshots.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const string StartsFile = "starts";

    // More often than this a lost directory was not opened after its last request that the log holds.
    private const int StartsSkipped = 100_000;

    private readonly IFileSystem _files;
    private readonly NodeLimits _limits;
    private readonly IDisposable _lock;
    private readonly IdentityFile _identityFile;
    private readonly ReasonFile _recovering;
    private readonly ReasonFile _removed;
    private readonly string _path;
    private readonly string _logDirectory;
    private Watermark? _watermark;

    private DataDirectory(
        IFileSystem files,
        NodeLimits limits,
        string path,
        IDisposable @lock,
        IdentityFile identityFile,
        ReasonFile recovering,
        NodeIdentity identity)
    {
        _files = files;
        _limits = limits;
        _path = path;
        _lock = @lock;
        _identityFile = identityFile;
        _recovering = recovering;
        _removed = new ReasonFile(files, path, "removed");
        _logDirectory = Path.Combine(path, "log");
        Identity = identity;
    }

    public NodeIdentity Identity { get; private set; }

    /// <summary>
    /// Grows with every opening of this directory: orders a node's processes (raft-design I4, I9). It begins with the
    /// wall clock in milliseconds, so that it is above those of a directory that this one replaces (M15), and above any
    /// count that was lost; where it is not, see <see cref="RaiseStartNumber"/>.
    /// </summary>
    public long StartNumber { get; private init; }

    /// <summary>
    /// Why this node may have lost what it promised: until it has recovered it votes for nobody and counts for nothing
    /// (raft-design P30). Null when nothing is missing.
    /// </summary>
    public string? RecoveringBecause => _recovering.Because;

    /// <summary>
    /// By which membership this node was removed; null when it was not. It must not start on this directory again
    /// (design.md section 10).
    /// </summary>
    public string? RemovedBecause => _removed.Because;

    /// <summary>Lower bound of what is durable in the log; there once the log is.</summary>
    public Watermark Watermark =>
        _watermark ?? throw new InvalidOperationException("The log has not been recovered.");

    /// <summary>Locks and opens the directory of a node, and makes it if it does not exist.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The directory.</param>
    /// <param name="node">The node's id in the configuration.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="newIncarnation">128 random bits for a directory that is new.</param>
    /// <param name="time">The wall clock, for where the start numbers begin.</param>
    /// <exception cref="DataUnusableException">In use, of another node, or damaged.</exception>
    /// <exception cref="StorageFailedException">The disk failed.</exception>
    public static DataDirectory Open(
        IFileSystem files, string path, int node, NodeLimits limits, UInt128 newIncarnation, TimeProvider time)
    {
        var held = Lock(files, path);
        try
        {
            return OpenLocked(files, path, node, limits, newIncarnation, time, held);
        }
        catch (IOException e)
        {
            held.Dispose();
            throw new StorageFailedException($"Opening the data directory {path} failed: {e.Message}", e);
        }
        catch (DataUnusableException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Founds the cluster on this node (raft-design M14): an empty log first, then the identity that requires one. So
    /// an identity with a cluster but without a log is always a loss. A node that was let in later begins as
    /// recovering: its log lists who had its number before, and it must neither vote nor campaign in that one's place
    /// (I3, P30).
    /// </summary>
    public void SetGenesis(UInt128 cluster, IReadOnlyList<Member> members)
    {
        if (Identity.HasCluster)
            throw new InvalidOperationException("The node belongs to a cluster already.");

        if (!members.Any(node => node.Id.Value == Identity.Node && node.Incarnation == Identity.Incarnation))
            MarkRecovering("it was let in with an empty data directory");
        var identity = Identity with { Cluster = cluster, Genesis = members, Version = Identity.Version + 1 };
        try
        {
            DeleteUnfoundedLog();
            new SegmentFactory(_files, _logDirectory, _limits).CreateFirst(identity.LogIdentity);
            _identityFile.Write(identity);
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Founding the cluster in {_path} failed: {e.Message}", e);
        }

        Identity = identity;
    }

    /// <summary>
    /// Reads the log, after the genesis, and leaves it ready to be appended to. Where something is missing, the node is
    /// marked as recovering before anything is cut, and the rest is given (raft-design P21, P30).
    /// </summary>
    /// <param name="fromSnapshot">Leaves out what the newest snapshot stands for.</param>
    /// <exception cref="DataUnusableException">The log is another node's, or a newer version's.</exception>
    public RecoveredLog RecoverLog(bool fromSnapshot = false)
    {
        if (!Identity.HasCluster)
            throw new InvalidOperationException("The node belongs to no cluster yet.");

        _watermark?.Dispose();
        _watermark = new Watermark(_files, Path.Combine(_path, "watermark"));
        return SetWatermark(NewRecovery().Run(_watermark.Batch, MarkRecovering, fromSnapshot));
    }

    /// <summary>
    /// Drops the log that was recovered: no snapshot that can be read reaches to where it begins (raft-design S12). The
    /// node recovers.
    /// </summary>
    public RecoveredLog DiscardLog(string why)
    {
        MarkRecovering(why);
        return SetWatermark(NewRecovery().Discard(why));
    }

    /// <summary>Says, durably, that this node may have lost what it promised (raft-design P30).</summary>
    public void MarkRecovering(string why)
    {
        try
        {
            _recovering.Set(why);
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Marking {_path} as recovering failed: {e.Message}", e);
        }
    }

    /// <summary>Says, durably, that nothing is missing any more (raft-design P30).</summary>
    public void ClearRecovering()
    {
        try
        {
            _recovering.Clear();
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Marking {_path} as recovered failed: {e.Message}", e);
        }
    }

    /// <summary>Says, durably, that this node is no member any more; null: that it is one.</summary>
    public void MarkRemoved(string? why)
    {
        try
        {
            if (why is null)
                _removed.Clear();
            else
                _removed.Set(why);
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Marking {_path} as removed failed: {e.Message}", e);
        }
    }

    /// <summary>
    /// The next opening of this directory gets a number above this one, which was given on a directory that is lost, by
    /// a wall clock ahead of this one; and above those that were given there later (raft-design I9).
    /// </summary>
    public void RaiseStartNumber(long above)
    {
        try
        {
            SlotFile.Create(_files, Path.Combine(_path, StartsFile), above + StartsSkipped).Dispose();
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Writing the start number in {_path} failed: {e.Message}", e);
        }
    }

    /// <summary>The folder of snapshots. Once, and after the genesis.</summary>
    public SnapshotStore OpenSnapshots() =>
        new(_files, Path.Combine(_path, "snapshots"), Identity.Cluster, _limits);

    public void Dispose()
    {
        _watermark?.Dispose();
        _lock.Dispose();
    }

    private static IDisposable Lock(IFileSystem files, string path)
    {
        try
        {
            files.CreateDirectory(path);
            return files.Lock(Path.Combine(path, "lock"));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataUnusableException(path, $"no access: {e.Message}");
        }
        catch (IOException e)
        {
            throw new DataUnusableException(path, $"the data directory cannot be locked; in use? {e.Message}");
        }
    }

    private static DataDirectory OpenLocked(
        IFileSystem files, string path, int node, NodeLimits limits, UInt128 newIncarnation, TimeProvider time,
        IDisposable held)
    {
        files.CreateDirectory(Path.Combine(path, "log"));
        files.CreateDirectory(Path.Combine(path, "snapshots"));
        files.FlushDirectory(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent)
            files.FlushDirectory(parent);

        var identityFile = new IdentityFile(files, path);
        var identity = identityFile.Read();
        if (identity is null)
        {
            if (SegmentedLog.Exists(files, Path.Combine(path, "log")))
                throw new DataUnusableException(path, "there is a log, and the node's identity is missing");

            identity = new NodeIdentity { Node = node, Incarnation = newIncarnation };
            identityFile.Write(identity);
        }

        if (identity.Node != node)
            throw new DataUnusableException(path, $"the directory belongs to node {identity.Node}, not to node {node}");

        var recovering = new ReasonFile(files, path, "recovering");
        var start = NextStartNumber(files, Path.Combine(path, StartsFile), identity, recovering, time);
        return new DataDirectory(files, limits, path, held, identityFile, recovering, identity)
        {
            StartNumber = start,
        };
    }

    // A repeated number would let old requests pass for new ones (raft-design I9), so it is durable before it is used.
    private static long NextStartNumber(
        IFileSystem files, string path, NodeIdentity identity, ReasonFile recovering, TimeProvider time)
    {
        var slots = files.Exists(path) ? SlotFile.Open(files, path) : null;
        if (slots is null)
        {
            // raft-design P30: what else was lost with it nobody knows.
            if (identity.HasCluster)
                recovering.Set($"{path}: the number of starts is missing or cannot be read");

            slots = SlotFile.Create(files, path, time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        using (slots)
        {
            // Into both slots: a damaged one must not bring the number before it back.
            var number = slots.Value + 1;
            for (var copy = 0; copy < 2; copy++)
            {
                slots.Write(number);
                slots.Flush();
            }

            return number;
        }
    }

    private LogRecovery NewRecovery() => new(_files, _logDirectory, Identity.LogIdentity, _limits);

    // Numbers of batches that were cut are used again: what was durable of them is no longer. What was read is durable
    // from now on, in a last segment too whose first batch was written just before the power failed.
    private RecoveredLog SetWatermark(RecoveredLog recovered)
    {
        try
        {
            if (recovered.Damage is null)
                Watermark.Secure(recovered.Tail.Batch);
            else
                Watermark.Lower(recovered.Tail.Batch);

            return recovered;
        }
        catch (IOException e)
        {
            throw new StorageFailedException($"Writing the watermark in {_path} failed: {e.Message}", e);
        }
    }

    private void DeleteUnfoundedLog()
    {
        foreach (var name in _files.List(_logDirectory))
        {
            _files.Delete(Path.Combine(_logDirectory, name));
            _files.FlushDirectory(_logDirectory);
        }
    }
}
