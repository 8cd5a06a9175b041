namespace Coord.Differential.Sequences;

/// <summary>
/// What the generator believes to exist, so that most requests hit something. It need not be right: it chooses, and
/// judges nothing.
/// </summary>
internal sealed class Belief
{
    private readonly SortedDictionary<string, (int Version, int? Owner)> _znodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _created = [];

    public IReadOnlyList<string> Existing => [.. _znodes.Keys];

    public int VersionOf(string path) => _znodes.TryGetValue(path, out var znode) ? znode.Version : 0;

    /// <returns>The path that it got, if a suffix was added.</returns>
    public string Create(string path, bool isSequential, int? owner)
    {
        var parent = path[..Math.Max(0, path.LastIndexOf('/'))];
        var count = _created.GetValueOrDefault(parent);
        var name = isSequential ? $"{path}{count:D10}" : path;
        if ((parent.Length > 0 && !_znodes.ContainsKey(parent)) || !_znodes.TryAdd(name, (0, owner)))
            return name;
        _created[parent] = count + 1;
        return name;
    }

    public void Delete(string path)
    {
        if (!_znodes.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal)))
            _znodes.Remove(path);
    }

    public void SetData(string path)
    {
        if (_znodes.TryGetValue(path, out var znode))
            _znodes[path] = znode with { Version = znode.Version + 1 };
    }

    public void EndSession(int slot)
    {
        foreach (var path in Existing.Where(path => _znodes[path].Owner == slot))
            _znodes.Remove(path);
    }
}
