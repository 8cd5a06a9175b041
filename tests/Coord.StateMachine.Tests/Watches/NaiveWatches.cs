using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>
/// The rules of zookeeper-protocol 6.1 to 6.7 word by word, on a plain list with one line for each (table, path,
/// watcher, mode). A recursive watch is in the data table, as there.
/// </summary>
internal sealed class NaiveWatches
{
    private readonly List<Line> _lines = [];

    public int Data => Keys(isChild: false, WatchModes.Standard | WatchModes.Persistent);

    public int Child => Keys(isChild: true, WatchModes.Standard | WatchModes.Persistent);

    public int Persistent => _lines.Count(line => !line.IsChild && line.Mode == WatchModes.Persistent);

    public int Recursive => _lines.Count(line => line.Mode == WatchModes.PersistentRecursive);

    public int Paths => _lines.Select(line => line.Path).Distinct().Count();

    public int Watchers => _lines.Select(line => line.Watcher).Distinct().Count();

    public void Add(bool isChild, string path, string watcher, WatchModes mode, bool isExist = false)
    {
        if (!_lines.Any(line => (line.IsChild, line.Path, line.Watcher, line.Mode) == (isChild, path, watcher, mode)))
            _lines.Add(new Line(isChild, path, watcher, mode, isExist));
    }

    public void Add(AddWatchMode mode, string path, string watcher)
    {
        if (mode == AddWatchMode.PersistentRecursive)
        {
            Add(isChild: false, path, watcher, WatchModes.PersistentRecursive);
            return;
        }

        Add(isChild: false, path, watcher, WatchModes.Persistent);
        Add(isChild: true, path, watcher, WatchModes.Persistent);
    }

    public bool Contains(WatcherType type, string path, string watcher) =>
        _lines.Any(line => IsMeant(line, type, path, watcher));

    public bool Remove(WatcherType type, string path, string watcher) =>
        _lines.RemoveAll(line => IsMeant(line, type, path, watcher)) > 0;

    /// <summary>What a client that loses its connection still wants to be told.</summary>
    public List<Line> TakeAll(string watcher)
    {
        var taken = _lines.Where(line => line.Watcher == watcher).ToList();
        _lines.RemoveAll(line => line.Watcher == watcher);
        return taken;
    }

    /// <summary>Whom one trigger call tells, in no order.</summary>
    public HashSet<string> Trigger(bool isChild, string path)
    {
        var told = _lines
            .Where(line => line.IsChild == isChild && (line.Path == path || IsAbove(line, path)))
            .Select(line => line.Watcher).ToHashSet();
        _lines.RemoveAll(line =>
            line.IsChild == isChild && line.Path == path && line.Mode == WatchModes.Standard);
        return told;
    }

    private static bool IsAbove(Line line, string path) => line.Mode == WatchModes.PersistentRecursive
        && (line.Path == "/" || path.StartsWith(line.Path + "/", StringComparison.Ordinal));

    private static bool IsMeant(Line line, WatcherType type, string path, string watcher) =>
        line.Path == path && line.Watcher == watcher && type switch
        {
            WatcherType.Children => line.IsChild && line.Mode == WatchModes.Standard,
            WatcherType.Data => !line.IsChild && line.Mode == WatchModes.Standard,
            WatcherType.Persistent => line.Mode == WatchModes.Persistent,
            WatcherType.PersistentRecursive => line.Mode == WatchModes.PersistentRecursive,
            _ => type == WatcherType.Any,
        };

    private int Keys(bool isChild, WatchModes modes) => _lines
        .Where(line => line.IsChild == isChild && (line.Mode & modes) != 0)
        .Select(line => (line.Path, line.Watcher)).Distinct().Count();

    internal sealed record Line(bool IsChild, string Path, string Watcher, WatchModes Mode, bool IsExist);
}
