using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>
/// The smallest tree that follows ZooKeeper's rules for what the client does. Guarded by its cluster.
/// </summary>
internal sealed class ScriptedTree
{
    private readonly SortedDictionary<string, ScriptedNode> nodes =
        new(StringComparer.Ordinal) { ["/"] = new ScriptedNode() };

    public long Zxid { get; set; }

    /// <summary>The leader's clock, in milliseconds; stands still until a test moves it.</summary>
    public long TimeMs { get; set; } = 1;

    /// <summary>Whether a create that asks for its place is told it.</summary>
    public bool TellsRanks { get; set; } = true;

    /// <summary>Whose bytes may not be written; null: nobody's.</summary>
    public Func<string, bool>? RefusesSet { get; set; }

    public List<(WatchEventType Type, string Path)> Changes { get; } = [];

    public ScriptedNode? Find(string path) => nodes.GetValueOrDefault(path);

    public IEnumerable<string> ChildrenOf(string path) =>
        nodes.Keys.Where(key => key != "/" && Parent(key) == path).Select(key => key[(key.LastIndexOf('/') + 1)..]);

    public IEnumerable<string> OwnedBy(long session) =>
        nodes.Where(node => node.Value.Owner == session).Select(node => node.Key).ToList();

    public ErrorCode Create(ref string path, byte[] bytes, CreateMode mode, long session)
    {
        var parentPath = Parent(path);
        if (!nodes.TryGetValue(parentPath, out var parent))
            return ErrorCode.NoNode;
        if (mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential)
            path += unchecked(parent.ChildrenCreated).ToString("D10");
        if (nodes.ContainsKey(path))
            return ErrorCode.NodeExists;
        if (parent.Owner != 0)
            return ErrorCode.NoChildrenForEphemerals;
        var isEphemeral = mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
        nodes[path] = new ScriptedNode
        {
            Bytes = bytes, Czxid = Zxid, Mzxid = Zxid, Pzxid = Zxid, Owner = isEphemeral ? session : 0,
            Ctime = TimeMs, Mtime = TimeMs,
        };
        parent.ChildrenCreated++;
        parent.Children++;
        parent.Pzxid = Zxid;
        Changes.Add((WatchEventType.NodeCreated, path));
        Changes.Add((WatchEventType.NodeChildrenChanged, parentPath));
        return ErrorCode.Ok;
    }

    public ErrorCode Delete(string path, int version)
    {
        if (!nodes.TryGetValue(path, out var node))
            return ErrorCode.NoNode;
        if (version != -1 && version != node.Version)
            return ErrorCode.BadVersion;
        if (node.Children > 0)
            return ErrorCode.NotEmpty;
        nodes.Remove(path);
        var parent = nodes[Parent(path)];
        parent.Children--;
        parent.Pzxid = Zxid;
        Changes.Add((WatchEventType.NodeDeleted, path));
        Changes.Add((WatchEventType.NodeChildrenChanged, Parent(path)));
        return ErrorCode.Ok;
    }

    public ErrorCode Set(string path, byte[] bytes, int version)
    {
        if (!nodes.TryGetValue(path, out var node))
            return ErrorCode.NoNode;
        if (version != -1 && version != node.Version)
            return ErrorCode.BadVersion;
        if (RefusesSet?.Invoke(path) == true)
            return ErrorCode.NoAuth;
        node.Bytes = bytes;
        node.Version++;
        node.Mzxid = Zxid;
        node.Mtime = TimeMs;
        Changes.Add((WatchEventType.NodeDataChanged, path));
        return ErrorCode.Ok;
    }

    public ErrorCode Check(string path, int version) =>
        !nodes.TryGetValue(path, out var node) ? ErrorCode.NoNode
        : version != -1 && version != node.Version ? ErrorCode.BadVersion : ErrorCode.Ok;

    public ErrorCode CheckChildren(string path, int cversion) =>
        !nodes.TryGetValue(path, out var node) ? ErrorCode.NoNode
        : node.Stat.Cversion != cversion ? ErrorCode.BadVersion : ErrorCode.Ok;

    public Dictionary<string, ScriptedNode> Copy() => nodes.ToDictionary(node => node.Key, node => node.Value.Copy());

    public void Restore(Dictionary<string, ScriptedNode> copy)
    {
        nodes.Clear();
        foreach (var (path, node) in copy)
            nodes[path] = node;
        Changes.Clear();
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
}
