using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>What is told to whom, and before what (zookeeper-protocol 6).</summary>
internal static class WatchScripts
{
    private const int PersistentMode = 0;
    private const int RecursiveMode = 1;
    private const int ChildWatches = 1;
    private const int DataWatches = 2;
    private const int AnyWatches = 3;

    public static void OneShot(Recording recording)
    {
        const string root = "/watches";
        var watcher = recording.Connect("who watches");
        var writer = recording.Connect("who writes");
        writer.Ask("a root", Make(root));
        watcher.Ask("Exists: of what is not there", Look(Op.Exists, $"{root}/a", watch: true));
        watcher.Ask("GetChildren: of the root", Look(Op.GetChildren, root, watch: true));
        writer.Ask("it is created", Make($"{root}/a", "1"));
        watcher.Ping("NodeCreated, then NodeChildrenChanged");
        watcher.Ask("GetData: of the new one", Look(Op.GetData, $"{root}/a", watch: true));
        watcher.Ask("Exists: of it, too: one watch", Look(Op.Exists, $"{root}/a", watch: true));
        writer.Ask("its ACL is set", Requests.SetAcl(At($"{root}/a"), AclList.Open, AnyVersion));
        watcher.Ping("which fires nothing");
        writer.Ask("it is written", Set($"{root}/a", "2"));
        writer.Ask("and written", Set($"{root}/a", "3"));
        watcher.Ping("NodeDataChanged, once");
        watcher.Ask("GetChildren2: of the root", Look(Op.GetChildren2, root, watch: true));
        watcher.Ask("GetChildren: of the child", Look(Op.GetChildren, $"{root}/a", watch: true));
        watcher.Ask("GetData: of the child, again", Look(Op.GetData, $"{root}/a", watch: true));
        writer.Ask("a multi that fails", Request.Of(Op.Multi, [Set($"{root}/a", "4"), Remove($"{root}/missing")]));
        watcher.Ping("which fires nothing either");
        writer.Ask("a multi that changes and deletes", Request.Of(
            Op.Multi, [Set($"{root}/a", "4"), Make($"{root}/b"), Remove($"{root}/a")]));
        watcher.Ping("events in the order of its parts");
        watcher.Ask("GetData: of a znode of one's own", Look(Op.GetData, $"{root}/b", watch: true));
        watcher.Ask("one's own change: the event, then the reply", Set($"{root}/b", "own"));
        watcher.Ask("Exists: of what goes", Look(Op.Exists, $"{root}/b", watch: true));
        watcher.Ask("its deletion", Remove($"{root}/b"));
        watcher.Ask("GetData: of no znode sets no watch", Look(Op.GetData, $"{root}/none", watch: true));
        writer.Ask("it is created now", Make($"{root}/none"));
        watcher.Ping("and nobody is told");
        watcher.Close();
        writer.Close();
    }

    public static void Persistent(Recording recording)
    {
        const string root = "/persistent";
        var one = recording.Connect("who watches a znode");
        var all = recording.Connect("who watches all below it");
        var writer = recording.Connect("who writes");
        one.Ask("AddWatch: persistent, where nothing is", Requests.Watch(Op.AddWatch, At(root), PersistentMode));
        all.Ask("AddWatch: recursive", Requests.Watch(Op.AddWatch, At(root), RecursiveMode));
        all.Ask("AddWatch: an unknown mode", Requests.Watch(Op.AddWatch, At(root), 7));
        writer.Ask("the root", Make(root));
        writer.Ask("a child", Make($"{root}/a"));
        writer.Ask("a child of it", Make($"{root}/a/b"));
        writer.Ask("which is written", Set($"{root}/a/b", "x"));
        writer.Ask("the root is written", Set(root, "x"));
        writer.Ask("and written", Set(root, "y"));
        writer.Ask("the child of the child goes", Remove($"{root}/a/b"));
        writer.Ask("the child goes", Remove($"{root}/a"));
        one.Ping("every event of the znode, and of its children's coming and going");
        all.Ping("every event of everything below it");
        one.Ask("CheckWatches: of any kind", Requests.Watch(Op.CheckWatches, At(root), AnyWatches));
        one.Ask("CheckWatches: elsewhere", Requests.Watch(Op.CheckWatches, At($"{root}/a"), AnyWatches));
        one.Ask("CheckWatches: of an unknown kind", Requests.Watch(Op.CheckWatches, At(root), 9));
        one.Ask("RemoveWatches: of any kind", Requests.Watch(Op.RemoveWatches, At(root), AnyWatches));
        one.Ask("RemoveWatches: there are none any more", Requests.Watch(Op.RemoveWatches, At(root), AnyWatches));
        one.Ask("RemoveWatches: of an unknown kind", Requests.Watch(Op.RemoveWatches, At(root), 9));
        all.Ask("RemoveWatches: recursive ones", Requests.Watch(Op.RemoveWatches, At(root), AnyWatches));
        writer.Ask("the root is written once more", Set(root, "z"));
        one.Ping("nobody is told");
        all.Ping("nobody");
        Removal(one, writer, root);
        one.Close();
        all.Close();
        writer.Close();
    }

    public static void SetAgain(Recording recording)
    {
        const string root = "/again";
        var writer = recording.Connect("who writes");
        writer.Ask("a root", Make(root));
        foreach (var name in new[] { "same", "changed", "gone", "children" })
            writer.Ask($"'{name}'", Make($"{root}/{name}"));
        foreach (var op in new[] { Op.SetWatches, Op.SetWatches2 })
        {
            var before = recording.Connect($"{op}: who has watches");
            before.Ask($"{op}: what it saw last", Of(Op.Sync, root));
            before.Cut($"{op}: the connection breaks");
            Miss(writer, op, root);
            var watcher = recording.Connect($"{op}: it comes back", before.Again);
            const int xidOfC = -8;
            watcher.Ask($"{op}: what was missed, then the reply", SetWatches(op, root, before), xidOfC);
            writer.Ask($"{op}: what was the same changes", Set($"{root}/same", "x"));
            writer.Ask($"{op}: what was not there comes", Make($"{root}/later"));
            watcher.Ping($"{op}: the watches are set");
            writer.Ask($"{op}: and goes again", Remove($"{root}/later"));
            watcher.Ping($"{op}: one-shot ones are used up");
            watcher.Ask($"{op}: a client that has seen all", Requests.SetWatches(op, long.MaxValue, Lists(op, root)));
            watcher.Close();
        }

        writer.Close();
    }

    private static void Removal(Party watcher, Party writer, string root)
    {
        watcher.Ask("GetData: a data watch", Look(Op.GetData, root, watch: true));
        watcher.Ask("GetChildren: a child watch", Look(Op.GetChildren, root, watch: true));
        watcher.Ask("CheckWatches: a data watch", Requests.Watch(Op.CheckWatches, At(root), DataWatches));
        watcher.Ask("CheckWatches: a child watch", Requests.Watch(Op.CheckWatches, At(root), ChildWatches));
        watcher.Ask("RemoveWatches: the child watch", Requests.Watch(Op.RemoveWatches, At(root), ChildWatches));
        watcher.Ask("RemoveWatches: there is none any more", Requests.Watch(Op.RemoveWatches, At(root), ChildWatches));
        writer.Ask("a child comes", Make($"{root}/c"));
        writer.Ask("the root changes", Set(root, "last"));
        watcher.Ping("only the data watch is told");
    }

    private static void Miss(Party writer, Op op, string root)
    {
        writer.Ask($"{op}: one changes", Set($"{root}/changed", "x"));
        writer.Ask($"{op}: one goes", Remove($"{root}/gone"));
        writer.Ask($"{op}: one gets a child", Make($"{root}/children/{op}"));
        writer.Ask($"{op}: one comes", Make($"{root}/new-{op}"));
        writer.Ask($"{op}: for the next, what goes is there again", Make($"{root}/gone"));
        writer.Ask($"{op}: and is gone", Remove($"{root}/gone"));
    }

    private static Request SetWatches(Op op, string root, Party before) =>
        Requests.SetWatches(op, before.LastZxid, Lists(op, root));

    private static IReadOnlyList<IReadOnlyList<WirePath>> Lists(Op op, string root)
    {
        WirePath[] data = [At($"{root}/same"), At($"{root}/changed"), At($"{root}/gone")];
        WirePath[] exist = [At($"{root}/new-{op}"), At($"{root}/later")];
        WirePath[] child = [At($"{root}/children"), At($"{root}/gone"), At($"{root}/same")];
        return op == Op.SetWatches
            ? [data, exist, child]
            : [data, exist, child, [At($"{root}/p")], [At($"{root}/r")]];
    }
}
