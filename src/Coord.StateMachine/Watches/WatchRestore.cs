using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// A client's setWatches, setWatches2 or watch-from under way: its lists one after the other, some paths at a time,
/// since one request may hold a hundred thousand (zookeeper-protocol 6.6).
/// </summary>
/// <typeparam name="TWatcher">What stands for the connection.</typeparam>
public sealed class WatchRestore<TWatcher>
    where TWatcher : notnull
{
    private const RestoredWatch BeforeFirst = RestoredWatch.Data - 1;

    private readonly ReadOnlyMemory<byte> _record;
    private readonly TWatcher _watcher;
    private readonly RestoredWatch _lastList;
    private readonly long _relativeZxid;
    private RestoredWatch _list;
    private int _leftInList;
    private int _position;

    /// <summary>Begins before the first path.</summary>
    /// <param name="record">The request's record, known to be decodable; it is read until all is done.</param>
    /// <param name="op">Which of the three requests.</param>
    /// <param name="watcher">Whose watches they are.</param>
    public WatchRestore(ReadOnlyMemory<byte> record, OpCode op, TWatcher watcher)
    {
        _record = record;
        _watcher = watcher;
        _list = op == OpCode.WatchFrom ? RestoredWatch.Child : BeforeFirst;
        _lastList = op == OpCode.SetWatches ? RestoredWatch.Child : RestoredWatch.PersistentRecursive;
        var reader = new JuteReader(record.Span);
        reader.TryReadInt64(out _relativeZxid);
        _position = reader.Position;
    }

    /// <summary>All watches are set, or what they missed was told.</summary>
    public bool IsDone { get; private set; }

    /// <summary>
    /// Goes on: a path of which the client missed an event since it last heard of a zxid gives that event, not merged
    /// with others and with zxid -1; otherwise its watch is set again. What persistent watches missed is not told.
    /// </summary>
    /// <param name="table">Where the watches go.</param>
    /// <param name="tree">The state to compare with.</param>
    /// <param name="sink">Takes the events.</param>
    /// <param name="pathsMax">How many at most; those done are taken off it.</param>
    /// <returns>False: the watcher is at its limit, and its remaining watches are not set.</returns>
    public bool TryGoOn<TSink>(WatchTable<TWatcher> table, ZnodeTree tree, TSink sink, ref int pathsMax)
        where TSink : IWatchSink<TWatcher>
    {
        var reader = new JuteReader(_record.Span[_position..]);
        int start = _position;
        while (pathsMax > 0 && TryEnterList(ref reader))
        {
            reader.TryReadBuffer(out var path, out _);
            _leftInList--;
            pathsMax--;
            if (!TryRestore(table, path, tree, sink))
                return false;
        }

        _position = start + reader.Position;
        return true;
    }

    // False at the end: the reader stands at a path otherwise.
    private bool TryEnterList(ref JuteReader reader)
    {
        while (_leftInList <= 0)
        {
            if (_list == _lastList)
            {
                IsDone = true;
                return false;
            }

            _list++;
            reader.TryReadVectorCount(out _leftInList);
        }

        return true;
    }

    private bool TryRestore<TSink>(WatchTable<TWatcher> table, ReadOnlySpan<byte> path, ZnodeTree tree, TSink sink)
        where TSink : IWatchSink<TWatcher>
    {
        if (_list == RestoredWatch.Persistent)
            return table.TryAdd(AddWatchMode.Persistent, path, _watcher);
        if (_list == RestoredWatch.PersistentRecursive)
            return table.TryAdd(AddWatchMode.PersistentRecursive, path, _watcher);

        bool isThere = tree.Exists(path, out var stat) == ErrorCode.Ok;
        var missed = _list switch
        {
            RestoredWatch.Exist => isThere ? WatchEventType.NodeCreated : WatchEventType.None,
            _ when !isThere => WatchEventType.NodeDeleted,
            RestoredWatch.Data when stat.Mzxid > _relativeZxid => WatchEventType.NodeDataChanged,
            RestoredWatch.Child when stat.Pzxid > _relativeZxid => WatchEventType.NodeChildrenChanged,
            _ => WatchEventType.None,
        };
        if (missed == WatchEventType.None)
            return table.TryAdd(_list == RestoredWatch.Child ? WatchKind.Child : WatchKind.Data, path, _watcher);

        // What is made up for is not filtered (zookeeper-protocol 6.5): no ACL goes with it.
        sink.OnEvent(_watcher, zxid: -1, new ZnodeChange(missed, path));
        return true;
    }
}
