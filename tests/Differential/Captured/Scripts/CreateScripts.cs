using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>create, create2, createContainer, createTTL (zookeeper-protocol 2.2, 2.3).</summary>
internal static class CreateScripts
{
    private const long TtlMax = 0xFF_FFFF_FFFF;

    private static readonly AclList NoCreate = new("all but create", [(All - 4, "world", "anyone")]);

    public static void Speak(Recording recording)
    {
        foreach (var op in new[] { Op.Create, Op.Create2, Op.CreateContainer, Op.CreateTtl })
        {
            var client = recording.Connect($"a client for {op}");
            Speak(client, op, $"/{op.ToString().ToLowerInvariant()}");
            client.Close();
        }
    }

    private static void Speak(Party client, Op op, string root)
    {
        client.Ask($"{op}: a root", Make(root, "root"));
        client.Ask($"{op}: a znode", MakeBy(op, $"{root}/a"));
        client.Ask(
            $"{op}: without data",
            Requests.Create(op, At($"{root}/null"), null, AclList.Open, FlagsOf(op), LongTtl));
        client.Ask($"{op}: with empty data", MakeBy(op, $"{root}/empty", data: ""));
        client.Ask($"{op}: a name outside of ASCII", MakeBy(op, $"{root}/\u00e4\u4e2d"));
        switch (op)
        {
            case Op.Create or Op.Create2:
                Kinds(client, op, root);
                break;
            case Op.CreateTtl:
                Times(client, root);
                break;
        }

        Refusals(client, op, root);
        client.Ask($"{op}: what all that made of the parent", Look(Op.GetChildren2, root));
    }

    private static void Kinds(Party client, Op op, string root)
    {
        client.Ask($"{op}: an ephemeral", MakeBy(op, $"{root}/e", flags: 1));
        client.Ask($"{op}: a sequential one", MakeBy(op, $"{root}/s-", flags: 2));
        client.Ask($"{op}: an ephemeral sequential one", MakeBy(op, $"{root}/es-", flags: 3));
        client.Ask($"{op}: a number and nothing else", MakeBy(op, $"{root}/", flags: 2));
        client.Ask($"{op}: the flag of containers", MakeBy(op, $"{root}/c", flags: 4));
        client.Ask($"{op}: the flag of TTLs", MakeBy(op, $"{root}/t", flags: 5));
    }

    private static void Times(Party client, string root)
    {
        client.Ask("CreateTtl: a sequential one", MakeBy(Op.CreateTtl, $"{root}/s-", flags: 6));
        client.Ask("CreateTtl: the longest time", MakeBy(Op.CreateTtl, $"{root}/long", ttl: TtlMax));
        client.Ask("CreateTtl: a longer one", MakeBy(Op.CreateTtl, $"{root}/longer", ttl: TtlMax + 1));
        client.Ask("CreateTtl: no time", MakeBy(Op.CreateTtl, $"{root}/none", ttl: 0));
        client.Ask("CreateTtl: a negative time", MakeBy(Op.CreateTtl, $"{root}/negative", ttl: -1));
    }

    private static void Refusals(Party client, Op op, string root)
    {
        client.Ask($"{op}: an unknown flag", MakeBy(op, $"{root}/x", flags: 7));
        client.Ask($"{op}: a path without a slash", MakeBy(op, "x"));
        client.Ask($"{op}: a path that ends with one", MakeBy(op, $"{root}/x/"));
        client.Ask($"{op}: a path with two in a row", MakeBy(op, $"{root}//x"));
        client.Ask($"{op}: a path with a control character", MakeBy(op, $"{root}/\u0001"));
        client.Ask($"{op}: a path through dots", MakeBy(op, $"{root}/.."));
        client.Ask($"{op}: no parent", MakeBy(op, $"{root}/missing/x"));
        client.Ask($"{op}: the root of all", MakeBy(op, "/"));
        client.Ask($"{op}: there already", MakeBy(op, $"{root}/a"));
        client.Ask($"{op}: an ephemeral parent", MakeEphemeral($"{root}/parent"));
        client.Ask($"{op}: below an ephemeral", MakeBy(op, $"{root}/parent/x"));
        client.Ask($"{op}: no ACL entries", MakeBy(op, $"{root}/x", None));
        client.Ask($"{op}: an ACL of an unknown scheme", MakeBy(op, $"{root}/x", UnknownScheme));
        client.Ask($"{op}: an ACL for the creator, who is nobody", MakeBy(op, $"{root}/x", Creator));
        client.Ask($"{op}: a closed parent", Make($"{root}/closed", acl: NoCreate));
        client.Ask($"{op}: below a closed parent", MakeBy(op, $"{root}/closed/x"));
        client.Ask($"{op}: no ACL entries below a missing parent", MakeBy(op, $"{root}/missing/x", None));
    }
}
