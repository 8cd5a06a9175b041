using Coord.Differential.Sequences;
using Coord.Differential.Servers;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>Who one is, and what one may (zookeeper-protocol 8, 9.1, 11).</summary>
internal static class AccessScripts
{
    private static readonly AclList BobReads =
        new("everybody reads", [(1, "world", "anyone"), .. AliceOnly.Entries!, (All, "ip", "127.0.0.0/8")]);

    public static void Identities(Recording recording)
    {
        var alice = recording.Connect("Alice");
        alice.Ask("WhoAmI: somebody at an address", Requests.Bare(Op.WhoAmI));
        alice.Auth("Auth: a digest", "digest", "alice:alicep");
        alice.Auth("Auth: the same again", "digest", "alice:alicep");
        alice.Ask("Auth: another, as Go's client numbers it", Requests.Auth("digest", "carol:carolp"));
        alice.Auth("Auth: an address", "ip", "");
        alice.Ask("WhoAmI: with identities", Requests.Bare(Op.WhoAmI));
        alice.Ask("a znode of its creator", Make("/alice", "secret", Creator));
        alice.Ask("GetAcl: by who may administer", Of(Op.GetAcl, "/alice"));
        alice.Ask("GetData: by its creator", Look(Op.GetData, "/alice"));
        alice.Ask("a znode that everybody reads", Make("/bob", "open", ReadOnly));
        alice.Ask("one for an address", Make("/near", "open", BobReads));

        var stranger = recording.Connect("a stranger");
        foreach (var op in new[] { Op.GetData, Op.GetChildren, Op.GetChildren2 })
            stranger.Ask($"{op}: by a stranger", Look(op, "/alice"));
        stranger.Ask("GetAcl: by a stranger", Of(Op.GetAcl, "/alice"));
        stranger.Ask("GetAcl: by who may only read", Of(Op.GetAcl, "/bob"));
        stranger.Ask("GetAcl: by who is near", Of(Op.GetAcl, "/near"));
        stranger.Ask("SetData: by who may only read", Set("/bob", "x"));
        stranger.Ask("Delete: by who may only read, the parent being open", Remove("/bob"));

        var super = recording.Connect("the super user");
        super.Auth("Auth: the super user", "digest", Server.Super);
        super.Ask("GetData: by the super user", Look(Op.GetData, "/alice"));
        super.Ask("WhoAmI: the super user", Requests.Bare(Op.WhoAmI));
        super.Ask("Delete: by the super user", Remove("/alice"));

        AskInVain(recording, "Auth: a scheme that nobody knows", Requests.Auth("nobody", "knows"));
        AskInVain(recording, "Auth: the world", Requests.Auth("world", "anyone"));
        alice.Close();
        stranger.Close();
        super.Close();
    }

    public static void Quotas(Recording recording)
    {
        var client = recording.Connect("a client");
        foreach (var op in new[] { Op.Create, Op.Create2, Op.CreateContainer, Op.CreateTtl })
        {
            var root = $"/quota-{op.ToString().ToLowerInvariant()}";
            client.Ask($"{op}: a root", Make(root, "1"));
            client.Ask($"{op}: its place among quotas", Make($"/zookeeper/quota{root}"));
            client.Ask(
                $"{op}: two znodes and ten bytes at most",
                Make(
                    $"/zookeeper/quota{root}/zookeeper_limits",
                    "count=-1,bytes=-1;byteHardLimit=10;countHardLimit=2"));
            client.Ask($"{op}: its use", Make($"/zookeeper/quota{root}/zookeeper_stats", "count=1,bytes=1"));
            client.Ask($"{op}: too many bytes", MakeBy(op, $"{root}/a", data: "1234567890"));
            client.Ask($"{op}: as many as there may be", MakeBy(op, $"{root}/a"));
            client.Ask($"{op}: one too many", MakeBy(op, $"{root}/b"));
            client.Ask($"{op}: too many bytes in a znode that is there", Set($"{root}/a", "1234567890"));
            client.Ask($"{op}: no more than there may be", Set($"{root}/a", "123456789"));
            client.Ask($"{op}: the use", Look(Op.GetData, $"/zookeeper/quota{root}/zookeeper_stats"));
        }

        client.Close();
    }

    public static void Config(Recording recording)
    {
        var client = recording.Connect("a client");
        client.Ask("GetData: of the config", Look(Op.GetData, "/zookeeper/config"));
        client.Ask("GetAcl: of the config", Of(Op.GetAcl, "/zookeeper/config"));
        client.Ask("GetChildren: of the config", Look(Op.GetChildren, "/zookeeper/config"));
        client.Ask("Create: below the config", Make("/zookeeper/config/x"));
        client.Ask("SetData: of the config", Set("/zookeeper/config", "x"));
        client.Ask("Reconfig: somebody joins", Requests.Reconfig("server.9=127.0.0.1:1:2;3", "", "", -1));
        client.Ask("Reconfig: nothing at all", Requests.Reconfig("", "", "", -1));
        client.Ask("Reconfig: at another version", Requests.Reconfig("", "9", "", 77));
        client.Close();
    }

    private static void AskInVain(Recording recording, string name, Request request)
    {
        const int authXid = -4;
        var client = recording.Connect($"a client for '{name}'");
        client.AskForTheLastTime(name, request, authXid);
        recording.Connect("its session is there still", client.Again).Close();
    }
}
