using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>A tree, a watch table that hears of all that happens to it, and what its watchers were told.</summary>
internal sealed class WatchedTree : IWatchSink<string>
{
    // Whoever changes something here may: which watchers are told is what is tested.
    private static readonly byte[] Super = new Wire().Int(1).Text("super").Text("").ToArray();

    private readonly Dictionary<string, byte[]> _identities = [];

    public WatchedTree() => Session = Driver.Connect();

    public TreeDriver Driver { get; } = new();

    public TestSession Session { get; }

    public WatchTable<string> Watches { get; } = new();

    /// <summary>Keeps what happens from now on.</summary>
    public ChangeHistory? Kept { get; set; }

    /// <summary>Every event as "watcher type path".</summary>
    public List<string> Events { get; } = [];

    public List<long> Zxids { get; } = [];

    public long LastZxid => Driver.Tree.AppliedIndex;

    /// <summary>The watcher's connection shows a digest identity, from now on.</summary>
    public void Identify(string watcher, string id) =>
        _identities[watcher] = new Wire().Int(1).Text("digest").Text(id).ToArray();

    public void WatchData(string watcher, string path) =>
        Assert.True(Watches.TryAdd(WatchKind.Data, Utf8(path), watcher));

    public void WatchChildren(string watcher, string path) =>
        Assert.True(Watches.TryAdd(WatchKind.Child, Utf8(path), watcher));

    public void Follow(string watcher, string path) =>
        Assert.True(Watches.TryAdd(AddWatchMode.Persistent, Utf8(path), watcher));

    public void FollowAll(string watcher, string path) =>
        Assert.True(Watches.TryAdd(AddWatchMode.PersistentRecursive, Utf8(path), watcher));

    /// <summary>Runs requests that succeed, and fires the watches of each.</summary>
    public void Do(params ZnodeRequest[] requests)
    {
        foreach (var request in requests)
            Do(request, ErrorCode.Ok);
    }

    public void Do(ZnodeRequest request, ErrorCode expected) =>
        Fire(Driver.Apply(Driver.Entry(Session, request, Super)), expected);

    public void Fire(Reply reply, ErrorCode expected = ErrorCode.Ok)
    {
        Assert.Equal(expected, reply.Error);
        Kept?.Note(reply.Zxid, Driver.Last!.Changes);
        foreach (var change in Driver.Last!.Changes)
            Watches.Trigger(change, reply.Zxid, this);
    }

    /// <summary>Exactly these events, since the last time that was asked.</summary>
    public void AssertEvents(params string[] events)
    {
        Assert.Equal(events, Events);
        Events.Clear();
    }

    public void OnEvent(string watcher, long zxid, in ZnodeChange change)
    {
        if (!change.IsVisibleTo(new Caller(_identities.GetValueOrDefault(watcher, []), isUnchecked: false)))
            return;
        Events.Add($"{watcher} {change.Type} {Encoding.UTF8.GetString(change.Path)}");
        Zxids.Add(zxid);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
