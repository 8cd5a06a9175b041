using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>Everything that answers from the tree (zookeeper-protocol 2.3).</summary>
internal static class ReadScripts
{
    private const string Root = "/reads";

    private static readonly AclList WriteOnly = new("write-only", [(2, "world", "anyone")]);

    public static void Speak(Recording recording)
    {
        var client = recording.Connect("a client");
        Grow(client);
        foreach (var op in new[] { Op.Exists, Op.GetData, Op.GetChildren, Op.GetChildren2 })
            Look(client, op);
        foreach (var op in new[] { Op.GetAcl, Op.GetAllChildrenNumber })
            Count(client, op);
        Listing(client);
        client.Close();
    }

    private static void Grow(Party client)
    {
        client.Ask("a root", Make(Root, "root"));
        client.Ask("a child", Make($"{Root}/a", "a"));
        client.Ask("a child of it", Make($"{Root}/a/b"));
        client.Ask("one without data", Requests.Create(Op.Create, At($"{Root}/null"), null, AclList.Open, 0));
        client.Ask("one that nobody reads", Make($"{Root}/closed", "secret", WriteOnly));
    }

    private static void Look(Party client, Op op)
    {
        client.Ask($"{op}: of a znode", Words.Look(op, Root));
        client.Ask($"{op}: of a leaf without data", Words.Look(op, $"{Root}/null"));
        client.Ask($"{op}: of no znode", Words.Look(op, $"{Root}/missing"));
        client.Ask($"{op}: of no path", Words.Look(op, "reads"));
        client.Ask($"{op}: of a path that ends with a slash", Words.Look(op, $"{Root}/"));
        client.Ask($"{op}: without READ", Words.Look(op, $"{Root}/closed"));
        client.Ask($"{op}: of a znode of the server's own", Words.Look(op, "/zookeeper/quota"));
        if (op == Op.Exists)
            client.Ask($"{op}: of a path with a NUL in it", Words.Look(op, $"{Root}/\0"));
    }

    private static void Count(Party client, Op op)
    {
        client.Ask($"{op}: of a znode", Of(op, Root));
        client.Ask($"{op}: of a leaf", Of(op, $"{Root}/a/b"));
        client.Ask($"{op}: of no znode", Of(op, $"{Root}/missing"));
        client.Ask($"{op}: without READ", Of(op, $"{Root}/closed"));
    }

    private static void Listing(Party client)
    {
        client.Ask("Sync: of a znode", Of(Op.Sync, Root));
        client.Ask("Sync: of what is not there", Of(Op.Sync, $"{Root}/missing"));
        client.Ask("Sync: of no path", Of(Op.Sync, "reads"));
        client.Ask("GetEphemerals: none", Of(Op.GetEphemerals, "/"));
        client.Ask("an ephemeral", MakeEphemeral($"{Root}/e1"));
        client.Ask("another", MakeEphemeral($"{Root}/a/e2"));
        client.Ask("GetEphemerals: all", Of(Op.GetEphemerals, "/"));
        client.Ask("GetEphemerals: where a path begins alike", Of(Op.GetEphemerals, $"{Root}/e"));
        client.Ask("GetEphemerals: none there", Of(Op.GetEphemerals, "/elsewhere"));
        client.Ask("GetAllChildrenNumber: ephemerals too", Of(Op.GetAllChildrenNumber, Root));
    }
}
