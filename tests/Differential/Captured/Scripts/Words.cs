using System.Text;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Captured.Scripts;

/// <summary>What scripts say most often.</summary>
internal static class Words
{
    public const long LongTtl = 1_000_000_000;
    public const int AnyVersion = -1;
    public const int All = 31;

    private const int Ephemeral = 1;

    // base64(SHA1("alice:alicep")): zookeeper-protocol 8.2.
    private const string Alice = "alice:3JGL2RCm8Hvz4J0bFglog1xiNa8=";

    public static AclList AliceOnly { get; } = new("alice only", [(All, "digest", Alice)]);

    /// <summary>Everybody reads; everything else is Alice's.</summary>
    public static AclList ReadOnly { get; } = new("alice's", [(1, "world", "anyone"), (All, "digest", Alice)]);

    public static AclList None { get; } = new("none", []);

    public static AclList UnknownScheme { get; } = new("unknown scheme", [(All, "nobody", "knows")]);

    public static AclList Creator { get; } = new("creator", [(All, "auth", "")]);

    public static WirePath At(string path) => WirePath.Just(path);

    public static Request Make(string path, string data = "", AclList? acl = null) =>
        Requests.Create(Op.Create, At(path), Encoding.UTF8.GetBytes(data), acl ?? AclList.Open, flags: 0);

    public static Request MakeEphemeral(string path) =>
        Requests.Create(Op.Create, At(path), [], AclList.Open, Ephemeral);

    public static Request Set(string path, string data, int version = AnyVersion) =>
        Requests.SetData(At(path), Encoding.UTF8.GetBytes(data), version);

    public static Request Remove(string path, int version = AnyVersion) => Requests.Delete(At(path), version);

    public static Request Look(Op op, string path, bool watch = false) => Requests.Read(op, At(path), watch);

    public static Request Of(Op op, string path) => Requests.OnPath(op, At(path));

    /// <summary>With the flags that belong to the operation.</summary>
    public static Request MakeBy(
        Op op, string path, AclList? acl = null, int? flags = null, long ttl = LongTtl, string data = "x") =>
        Requests.Create(op, At(path), Encoding.UTF8.GetBytes(data), acl ?? AclList.Open, flags ?? FlagsOf(op), ttl);

    /// <summary>What the operation is for.</summary>
    public static int FlagsOf(Op op) => op switch
    {
        Op.CreateContainer => 4,
        Op.CreateTtl => 5,
        _ => 0,
    };
}
