using System.Runtime.ExceptionServices;

namespace Coord.Client;

/// <summary>The znodes that a cache holds, and who listens to their changes. Thread-safe.</summary>
internal sealed class CachePicture(string root, int maxZnodes, long maxBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Znode> znodes = new(StringComparer.Ordinal);
    private readonly List<CacheListener> listeners = [];
    private long bytes;
    private Exception? failure;

    internal string Root { get; } = root;

    internal Znode? Find(string path)
    {
        lock (gate)
        {
            ThrowIfEnded();
            return znodes.GetValueOrDefault(path);
        }
    }

    internal IReadOnlyList<Znode> All()
    {
        lock (gate)
        {
            ThrowIfEnded();
            return [.. znodes.Values];
        }
    }

    /// <summary>What one look showed: a znode, or null for none. What was below it has events of its own.</summary>
    internal void Apply(string path, Znode? now)
    {
        lock (gate)
            Put(path, now);
    }

    /// <summary>A whole picture: listeners hear of the differences.</summary>
    internal void Replace(IReadOnlyDictionary<string, Znode> picture)
    {
        lock (gate)
        {
            foreach (var gone in znodes.Keys.Where(path => !picture.ContainsKey(path)).ToList())
                Put(gone, null);
            foreach (var (path, znode) in picture)
                Put(path, znode);
        }
    }

    /// <summary>A listener that begins with all that is held.</summary>
    internal CacheListener Listen()
    {
        lock (gate)
        {
            var listener = new CacheListener();
            foreach (var (path, znode) in znodes)
                listener.Hear(path, null, znode);
            if (failure is not null)
                listener.End(failure);
            listeners.Add(listener);
            return listener;
        }
    }

    internal void Forget(CacheListener listener)
    {
        lock (gate)
            listeners.Remove(listener);
    }

    /// <summary>The cache has ended: nothing is held any more.</summary>
    internal void End(Exception reason)
    {
        lock (gate)
        {
            failure ??= reason;
            znodes.Clear();
            listeners.ForEach(listener => listener.End(failure));
        }
    }

    private static long SizeOf(string path, Znode? znode) =>
        znode is null ? 0 : znode.Bytes.Length + (path.Length * sizeof(char));

    private void ThrowIfEnded()
    {
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Put(string path, Znode? now)
    {
        var old = znodes.GetValueOrDefault(path);
        if (IsSame(old, now) || failure is not null)
            return;
        var size = bytes + SizeOf(path, now) - SizeOf(path, old);
        if (old is null && znodes.Count == maxZnodes)
            throw new CacheLimitException(Root, $"{maxZnodes} znodes");
        if (size > maxBytes)
            throw new CacheLimitException(Root, $"{maxBytes} bytes");
        bytes = size;
        if (now is null)
            znodes.Remove(path);
        else
            znodes[path] = now;
        listeners.ForEach(listener => listener.Hear(path, old, now));
    }

    // Metadata of the znode itself: the children have changes of their own.
    private static bool IsSame(Znode? old, Znode? now) => (old, now) switch
    {
        (null, null) => true,
        ({ Stat: var a }, { Stat: var b }) =>
            (a.Czxid, a.Mzxid, a.Version, a.Mtime) == (b.Czxid, b.Mzxid, b.Version, b.Mtime),
        _ => false,
    };
}
