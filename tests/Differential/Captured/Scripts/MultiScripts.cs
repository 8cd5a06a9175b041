using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>multi and multiRead (zookeeper-protocol 2.4, 2.5).</summary>
internal static class MultiScripts
{
    private const string Root = "/multis";

    private static readonly AclList Closed = new("all but create and delete", [(All - 4 - 8, "world", "anyone")]);

    private static readonly AclList WriteOnly = new("write-only", [(2, "world", "anyone")]);

    public static void Speak(Recording recording)
    {
        var client = recording.Connect("a client");
        client.Ask("a root", Make(Root));
        client.Ask("Multi: nothing", Multi());
        client.Ask("Multi: each part sees those before it", Multi(
            Make($"{Root}/a", "a"), Make($"{Root}/a/b"), Set($"{Root}/a", "c", version: 0),
            Requests.Check(At($"{Root}/a"), 1), Remove($"{Root}/a/b", version: 0)));
        client.Ask("Multi: numbers go on within it", Multi(
            MakeBy(Op.Create, $"{Root}/s-", flags: 2), MakeBy(Op.Create, $"{Root}/s-", flags: 3),
            MakeBy(Op.Create, $"{Root}/e", flags: 1)));
        client.Ask("Multi: what create2 answers", Multi(MakeBy(Op.Create2, $"{Root}/two")));
        client.Ask("Multi: a container", Multi(MakeBy(Op.CreateContainer, $"{Root}/container")));
        client.Ask("Multi: a znode with a time to live", Multi(MakeBy(Op.CreateTtl, $"{Root}/ttl")));
        client.Ask("a znode for what is refused", Make($"{Root}/x"));
        client.Ask("an ephemeral", MakeEphemeral($"{Root}/ephemeral"));
        client.Ask("a closed znode", Make($"{Root}/closed", acl: AclList.Open));
        client.Ask("with a child", Make($"{Root}/closed/child"));
        client.Ask("now closed", Requests.SetAcl(At($"{Root}/closed"), Closed, AnyVersion));
        client.Ask("a znode that nobody reads", Make($"{Root}/secret", acl: WriteOnly));
        client.Ask("a znode that nobody writes", Make($"{Root}/read-only", acl: ReadOnly));
        foreach (var op in new[] { Op.Create, Op.Create2, Op.CreateContainer, Op.CreateTtl })
            Creates(client, op);
        Others(client);
        client.Ask("what all that made of the parent", Look(Op.Exists, Root));
        client.Close();
    }

    public static void Reads(Recording recording)
    {
        const string root = "/multi-reads";
        var client = recording.Connect("a client");
        client.Ask("a root", Make(root, "root"));
        client.Ask("a child", Make($"{root}/a"));
        client.Ask("another that nobody reads", Make($"{root}/closed", "x", WriteOnly));
        client.Ask("MultiRead: nothing", Request.Of(Op.MultiRead, []));
        client.Ask("MultiRead: data and children", Request.Of(
            Op.MultiRead, [Look(Op.GetData, root), Look(Op.GetChildren, root), Look(Op.GetData, $"{root}/a")]));
        client.Ask("MultiRead: each by itself", Request.Of(Op.MultiRead,
        [
            Look(Op.GetData, $"{root}/missing"), Look(Op.GetChildren, $"{root}/missing"), Look(Op.GetData, root),
            Look(Op.GetData, $"{root}/closed"), Look(Op.GetChildren, $"{root}/closed"),
        ]));
        client.Close();
    }

    private static void Creates(Party client, Op op)
    {
        Refused(client, $"{op}: there already", MakeBy(op, $"{Root}/x"));
        Refused(client, $"{op}: no parent", MakeBy(op, $"{Root}/missing/x"));
        Refused(client, $"{op}: below an ephemeral", MakeBy(op, $"{Root}/ephemeral/x"));
        Refused(client, $"{op}: a closed parent", MakeBy(op, $"{Root}/closed/x"));
        Refused(client, $"{op}: a path with a control character", MakeBy(op, $"{Root}/\u0001"));
        Refused(client, $"{op}: no ACL entries", MakeBy(op, $"{Root}/y", None));
        Refused(client, $"{op}: behind what fails", Remove($"{Root}/missing"), MakeBy(op, $"{Root}/y"));
    }

    private static void Others(Party client)
    {
        Refused(client, "SetData: of no znode", Set($"{Root}/missing", "x"));
        Refused(client, "SetData: of a path that ends with a slash", Set($"{Root}/x/", "x"));
        Refused(client, "SetData: at another version", Set($"{Root}/x", "x", version: 5));
        Refused(client, "SetData: without WRITE", Set($"{Root}/read-only", "x"));
        Refused(client, "Delete: of no znode", Remove($"{Root}/missing"));
        Refused(client, "Delete: of the root", Remove("/"));
        Refused(client, "Delete: at another version", Remove($"{Root}/x", version: 5));
        Refused(client, "Delete: with children", Remove($"{Root}/closed"));
        Refused(client, "Delete: without DELETE", Remove($"{Root}/closed/child"));
        Refused(client, "Check: of no znode", Requests.Check(At($"{Root}/missing"), AnyVersion));
        Refused(client, "Check: of a path that ends with a slash", Requests.Check(At($"{Root}/x/"), AnyVersion));
        Refused(client, "Check: at another version", Requests.Check(At($"{Root}/x"), 5));
        Refused(client, "Check: without READ", Requests.Check(At($"{Root}/secret"), AnyVersion));
    }

    // A part that would have been done, the one that fails, and parts that are not looked at any more.
    private static void Refused(Party client, string name, params Request[] parts) =>
        client.Ask($"Multi: {name}", Multi(
        [
            Set($"{Root}/x", "before"), .. parts,
            Set($"{Root}/x", "behind"), Requests.Check(At($"{Root}/x"), 0), Remove($"{Root}/x"),
        ]));

    private static Request Multi(params Request[] parts) => Request.Of(Op.Multi, parts);
}
