using Coord.Node.Storage;

namespace Coord.Simulation.Disk;

/// <summary>
/// A disk in memory that promises no more than a real one (raft-design T6): writes are in volatile sectors until the
/// file is flushed, creations, renames and deletions until their directory is; at a crash each of them is kept or lost
/// by itself. Flushes may fail, the disk may be full, and power may be lost at any operation.
/// </summary>
internal sealed class SimulatedDisk : IFileSystem
{
    private readonly SortedDictionary<string, SimulatedInode> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimulatedInode> _durableNames = new(StringComparer.Ordinal);
    private readonly List<DirectoryChange> _changes = [];
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly SeededRandom _random;
    private bool _isOff;

    public SimulatedDisk(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>Counts crashes: a handle belongs to one life.</summary>
    public int Life { get; private set; }

    /// <summary>Writes, flushes and directory operations so far.</summary>
    public long Operations { get; private set; }

    /// <summary>Flushes of files so far.</summary>
    public long Flushes { get; private set; }

    /// <summary>Power is lost just before the operation of this number.</summary>
    public long CrashAtOperation { get; set; } = long.MaxValue;

    /// <summary>The flush of this number fails, by <see cref="Flushes"/>.</summary>
    public long FailFlushAt { get; set; } = long.MaxValue;

    /// <summary>Bytes that fit on the disk.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Reads fail while this holds for the path.</summary>
    public Func<string, bool> IsUnreadable { get; set; } = _ => false;

    /// <summary>An operation of this life failed as it was told to: how the process takes it is its affair.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What another thread does meanwhile, ahead of each write and flush of the others.</summary>
    public Action? Meanwhile { get; set; }

    public long UsedBytes => _names.Values.Sum(f => (long)f.Length);

    public IFile Open(string path, FileOpen mode)
    {
        RequirePower();
        if (!_names.TryGetValue(path, out var inode))
        {
            if (mode != FileOpen.Create)
                throw new FileNotFoundException($"There is no {path}.", path);

            RequireDirectory(path);
            BeforeChange();
            inode = new SimulatedInode();
            _names[path] = inode;
            _changes.Add(new DirectoryChange(DirectoryOf(path), null, path, inode));
        }
        else if (mode == FileOpen.Create)
        {
            BeforeChange();
            inode.Truncate();
        }

        return new SimulatedFile(this, inode, path, mode != FileOpen.Read);
    }

    public void Rename(string from, string to)
    {
        RequirePower();
        if (!_names.TryGetValue(from, out var inode))
            throw new FileNotFoundException($"There is no {from}.", from);

        BeforeChange();
        _names.Remove(from);
        _names[to] = inode;
        _changes.Add(new DirectoryChange(DirectoryOf(to), from, to, inode));
    }

    public void Delete(string path)
    {
        RequirePower();
        if (!_names.TryGetValue(path, out var inode))
            return;

        BeforeChange();
        _names.Remove(path);
        _changes.Add(new DirectoryChange(DirectoryOf(path), path, null, inode));
    }

    public bool Exists(string path)
    {
        RequirePower();
        return _names.ContainsKey(path);
    }

    public IReadOnlyList<string> List(string directory)
    {
        RequirePower();
        if (!_directories.Contains(directory))
            throw new DirectoryNotFoundException($"There is no {directory}.");

        return _names.Keys.Where(p => DirectoryOf(p) == directory).Select(p => Path.GetFileName(p)!).ToArray();
    }

    // Folders are made once, at the first start: their own durability is not modelled.
    public void CreateDirectory(string directory)
    {
        RequirePower();
        for (var path = directory; !string.IsNullOrEmpty(path); path = DirectoryOf(path))
        {
            if (!_directories.Add(path))
                break;
        }
    }

    public void FlushDirectory(string directory)
    {
        RequirePower();
        if (!_directories.Contains(directory))
            throw new DirectoryNotFoundException($"There is no {directory}.");

        BeforeChange();
        foreach (var change in _changes.Where(c => c.Directory == directory))
            Apply(_durableNames, change);

        _changes.RemoveAll(c => c.Directory == directory);
    }

    public IDisposable Lock(string path)
    {
        RequirePower();
        return _locks.Add(path) ? new Held(this, path) : throw new IOException($"{path} is locked.");
    }

    public long FreeBytes(string path) => CapacityBytes - UsedBytes;

    /// <summary>The process is killed and the machine runs on: what it wrote stays, flushed or not.</summary>
    public void Kill() => EndLife();

    /// <summary>Power is lost and comes back.</summary>
    public void Crash(CrashOutcome outcome) => Crash(outcome, sectors: null);

    /// <summary>Power is lost; the function tells which unflushed sectors are kept, by their order.</summary>
    public void Crash(Func<int, bool> isSectorKept)
    {
        var count = 0;
        Crash(CrashOutcome.KeepAll, () => isSectorKept(count++));
    }

    /// <summary>The bytes of a file as the process sees them, to damage them in a test.</summary>
    public byte[] ReadAll(string path) => _names[path].Current.ToArray();

    /// <summary>Replaces a file's bytes, durably: damage, not a write.</summary>
    public void Plant(string path, byte[] bytes)
    {
        var inode = new SimulatedInode();
        inode.Write(0, bytes);
        inode.Flush();
        _names[path] = inode;
        _durableNames[path] = inode;
    }

    /// <summary>All files, in the order of their names.</summary>
    public IReadOnlyList<string> Paths => [.. _names.Keys];

    /// <summary>One bit changes in what is durable; not in what is under way.</summary>
    public void FlipBit(string path, int offset, int bit) => _names[path].Flip(offset, 1 << bit);

    /// <summary>A sector's place holds what another sector of the file should hold.</summary>
    public void Misdirect(string path, int to, int from)
    {
        var inode = _names[path];
        inode.Misdirect(to / SimulatedInode.SectorBytes, from / SimulatedInode.SectorBytes);
    }

    /// <summary>Removes a file durably.</summary>
    public void Remove(string path)
    {
        _names.Remove(path);
        _durableNames.Remove(path);
    }

    /// <summary>An equal disk, for trying another ending.</summary>
    public SimulatedDisk Clone(ulong seed)
    {
        var copies = new Dictionary<SimulatedInode, SimulatedInode>(ReferenceEqualityComparer.Instance);
        SimulatedInode Copy(SimulatedInode inode)
        {
            if (!copies.TryGetValue(inode, out var copy))
                copies[inode] = copy = inode.Clone();

            return copy;
        }

        var clone = new SimulatedDisk(seed) { CapacityBytes = CapacityBytes, _isOff = _isOff, Life = Life };
        foreach (var (path, inode) in _names)
            clone._names[path] = Copy(inode);

        foreach (var (path, inode) in _durableNames)
            clone._durableNames[path] = Copy(inode);

        foreach (var change in _changes)
            clone._changes.Add(change with { File = Copy(change.File) });

        clone._directories.UnionWith(_directories);
        return clone;
    }

    internal void BeforeRead(string path)
    {
        RequirePower();
        if (!IsUnreadable(path))
            return;

        HasFailed = true;
        throw new IOException($"{path} cannot be read.");
    }

    internal void BeforeWrite(SimulatedInode inode, string path, int end)
    {
        DoMeanwhile();
        BeforeChange();
        if (end <= inode.Length || CapacityBytes == long.MaxValue || UsedBytes + (end - inode.Length) <= CapacityBytes)
            return;

        HasFailed = true;
        throw new StorageFullException($"No room to write {path}.");
    }

    internal void BeforeShorten() => BeforeChange();

    internal void BeforeFlush(SimulatedInode inode, string path)
    {
        DoMeanwhile();
        BeforeChange();
        if (++Flushes != FailFlushAt)
            return;

        HasFailed = true;
        inode.FailFlush(_ => _random.Chance(0.5));
        throw new IOException($"The flush of {path} failed.");
    }

    private void Crash(CrashOutcome outcome, Func<bool>? sectors)
    {
        var sectorChance = _random.Fraction();
        var changeChance = _random.Fraction();
        bool Keep(double chance) => outcome switch
        {
            CrashOutcome.KeepAll => true,
            CrashOutcome.LoseAll => false,
            _ => _random.Chance(chance),
        };

        foreach (var change in _changes)
        {
            if (Keep(changeChance))
                Apply(_durableNames, change);
        }

        _changes.Clear();
        _names.Clear();
        var seen = new HashSet<SimulatedInode>(ReferenceEqualityComparer.Instance);
        foreach (var (path, inode) in _durableNames)
        {
            _names[path] = inode;
            if (seen.Add(inode))
                inode.Crash(_ => sectors is null ? Keep(sectorChance) : sectors());
        }

        EndLife();
    }

    private void EndLife()
    {
        Life++;
        _locks.Clear();
        _isOff = false;
        HasFailed = false;
        CrashAtOperation = long.MaxValue;
    }

    // A change whose source was lost with an earlier change cannot happen either.
    private static void Apply(SortedDictionary<string, SimulatedInode> names, DirectoryChange change)
    {
        if (change.From is null)
        {
            names[change.To!] = change.File;
            return;
        }

        if (!names.TryGetValue(change.From, out var inode) || inode != change.File)
            return;

        names.Remove(change.From);
        if (change.To is not null)
            names[change.To] = inode;
    }

    // What it does itself is not interrupted.
    private void DoMeanwhile()
    {
        if (Meanwhile is not { } work)
            return;

        Meanwhile = null;
        work();
        Meanwhile = work;
    }

    private void BeforeChange()
    {
        RequirePower();
        if (++Operations < CrashAtOperation)
            return;

        _isOff = true;
        RequirePower();
    }

    private void RequirePower()
    {
        if (_isOff)
            throw new SimulatedCrashException();
    }

    private void RequireDirectory(string path)
    {
        if (!_directories.Contains(DirectoryOf(path)))
            throw new DirectoryNotFoundException($"There is no folder for {path}.");
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path) ?? "";

    private sealed class Held(SimulatedDisk disk, string path) : IDisposable
    {
        private readonly int _life = disk.Life;

        public void Dispose()
        {
            if (_life == disk.Life)
                disk._locks.Remove(path);
        }
    }
}
