namespace Coord.Node.Storage;

/// <summary>
/// A node's data directory, locked for the life of this object (raft-design P7): identity, start number, log, watermark
/// and snapshots.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const string StartsFile = "starts";

    private readonly IFileSystem _files;
    private readonly NodeLimits _limits;
    private readonly IDisposable _lock;
    private readonly IdentityFile _identityFile;
    private readonly string _path;
    private readonly string _logDirectory;
    private Watermark? _watermark;

    private DataDirectory(
        IFileSystem files,
        NodeLimits limits,
        string path,
        IDisposable @lock,
        IdentityFile identityFile,
        NodeIdentity identity)
    {
        _files = files;
        _limits = limits;
        _path = path;
        _lock = @lock;
        _identityFile = identityFile;
        _logDirectory = Path.Combine(path, "log");
        Identity = identity;
    }

    public NodeIdentity Identity { get; private set; }

    /// <summary>How often this directory was opened: orders a node's processes (raft-design I4, I9).</summary>
    public long StartNumber { get; private init; }

    /// <summary>Lower bound of what is durable in the log; there once the log is.</summary>
    public Watermark Watermark =>
        _watermark ?? throw new InvalidOperationException("The log has not been recovered.");

    /// <summary>Locks and opens the directory of a node, and makes it if it does not exist.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The directory.</param>
    /// <param name="node">The node's id in the configuration.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="newIncarnation">128 random bits for a directory that is new.</param>
    /// <exception cref="DataUnusableException">In use, of another node, or damaged.</exception>
    /// <exception cref="StorageFailedException">The disk failed.</exception>
    public static DataDirectory Open(
        IFileSystem files, string path, int node, NodeLimits limits, UInt128 newIncarnation)
    {
        var held = Lock(files, path);
        try
        {
            return OpenLocked(files, path, node, limits, newIncarnation, held);
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
    /// an identity with a cluster but without a log is always a loss.
    /// </summary>
    public void SetGenesis(UInt128 cluster, IReadOnlyList<GenesisMember> members)
    {
        if (Identity.HasCluster)
            throw new InvalidOperationException("The node belongs to a cluster already.");

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

    /// <summary>Reads the log. Once, and after the genesis.</summary>
    /// <exception cref="DataUnusableException">It is missing or damaged.</exception>
    public RecoveredLog RecoverLog()
    {
        if (!Identity.HasCluster)
            throw new InvalidOperationException("The node belongs to no cluster yet.");

        if (!SegmentedLog.Exists(_files, _logDirectory))
            throw new DataUnusableException(_logDirectory, "the log is missing, though the node belongs to a cluster");

        _watermark = new Watermark(_files, Path.Combine(_path, "watermark"));
        return SegmentedLog.Recover(_files, _logDirectory, Identity.LogIdentity, _limits, _watermark.Batch);
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
        IFileSystem files, string path, int node, NodeLimits limits, UInt128 newIncarnation, IDisposable held)
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

        if (identity.HasCluster && !files.Exists(Path.Combine(path, StartsFile)))
            throw new DataUnusableException(Path.Combine(path, StartsFile), "the number of starts is missing");

        var start = NextStartNumber(files, Path.Combine(path, StartsFile));
        return new DataDirectory(files, limits, path, held, identityFile, identity) { StartNumber = start };
    }

    // A repeated number would let old requests pass for new ones (raft-design I9), so it is durable before it is used.
    private static long NextStartNumber(IFileSystem files, string path)
    {
        using var slots = SlotFile.Open(files, path)
            ?? throw new DataUnusableException(path, "corruption: the number of starts cannot be read");
        slots.Write(slots.Value + 1);
        slots.Flush();
        return slots.Value;
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
