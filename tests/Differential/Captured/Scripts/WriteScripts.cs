using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>delete, setData, setACL (zookeeper-protocol 2.3, 4.1, 5.2).</summary>
internal static class WriteScripts
{
    private const string Root = "/writes";

    private static readonly AclList NoDelete = new("all but delete", [(All - 8, "world", "anyone")]);

    public static void Speak(Recording recording)
    {
        var client = recording.Connect("a client");
        client.Ask("a root", Make(Root));
        SetData(client);
        SetAcl(client);
        Delete(client);
        client.Close();
    }

    private static void SetData(Party client)
    {
        client.Ask("a znode", Make($"{Root}/data", "old"));
        client.Ask("SetData: whatever the version", Set($"{Root}/data", "new"));
        client.Ask("SetData: at its version", Set($"{Root}/data", "newer", version: 1));
        client.Ask("SetData: to nothing", Requests.SetData(At($"{Root}/data"), null, AnyVersion));
        client.Ask("SetData: at another version", Set($"{Root}/data", "x", version: 1));
        client.Ask("SetData: at an impossible version", Set($"{Root}/data", "x", version: -2));
        client.Ask("SetData: of no znode", Set($"{Root}/missing", "x"));
        client.Ask("SetData: of no path", Set("x", "x"));
        client.Ask("SetData: of a path that ends with a slash", Set($"{Root}/data/", "x"));
        client.Ask("a znode that only Alice writes", Make($"{Root}/alice", acl: ReadOnly));
        client.Ask("SetData: without WRITE", Set($"{Root}/alice", "x"));
        client.Ask("SetData: of the config", Set("/zookeeper/config", "x"));
    }

    private static void SetAcl(Party client)
    {
        client.Ask("SetAcl: whatever the version", Requests.SetAcl(At($"{Root}/data"), NoDelete, AnyVersion));
        client.Ask("SetAcl: at its version", Requests.SetAcl(At($"{Root}/data"), AclList.Open, 1));
        client.Ask("SetAcl: at another version", Requests.SetAcl(At($"{Root}/data"), AclList.Open, 1));
        client.Ask("SetAcl: of no znode", Requests.SetAcl(At($"{Root}/missing"), AclList.Open, AnyVersion));
        client.Ask("SetAcl: of no path", Requests.SetAcl(At("x"), AclList.Open, AnyVersion));
        client.Ask("SetAcl: without entries", Requests.SetAcl(At($"{Root}/data"), None, AnyVersion));
        client.Ask("SetAcl: of an unknown scheme", Requests.SetAcl(At($"{Root}/data"), UnknownScheme, AnyVersion));
        client.Ask("SetAcl: for the creator, who is nobody", Requests.SetAcl(At($"{Root}/data"), Creator, AnyVersion));
        client.Ask("SetAcl: without ADMIN", Requests.SetAcl(At($"{Root}/alice"), AclList.Open, AnyVersion));
        client.Ask("SetAcl: leaves all but its version", Look(Op.Exists, $"{Root}/data"));
    }

    private static void Delete(Party client)
    {
        client.Ask("a parent", Make($"{Root}/parent"));
        client.Ask("a child", Make($"{Root}/parent/child"));
        client.Ask("Delete: with children", Remove($"{Root}/parent"));
        client.Ask("Delete: at another version", Remove($"{Root}/parent/child", version: 3));
        client.Ask("Delete: at its version", Remove($"{Root}/parent/child", version: 0));
        client.Ask("Delete: leaves its mark on the parent", Look(Op.Exists, $"{Root}/parent"));
        client.Ask("Delete: whatever the version", Remove($"{Root}/parent"));
        client.Ask("Delete: of no znode", Remove($"{Root}/parent"));
        client.Ask("Delete: below no znode", Remove($"{Root}/missing/x"));
        client.Ask("Delete: of no path", Remove("x"));
        client.Ask("Delete: of a path that ends with a slash", Remove($"{Root}/data/"));
        client.Ask("Delete: of the root", Remove("/"));
        client.Ask("Delete: of a znode of the server's own", Remove("/zookeeper/quota"));
        client.Ask("a parent that lets nobody delete", Make($"{Root}/closed", acl: NoDelete));
        client.Ask("its child", Make($"{Root}/closed/child"));
        client.Ask("Delete: without DELETE", Remove($"{Root}/closed/child"));
    }
}
