using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>An access control list as it is sent, which need not be a valid one (zookeeper-protocol 8.3).</summary>
/// <param name="Shown">Its name in reports.</param>
/// <param name="Entries">Null for the null vector.</param>
internal sealed record AclList(string Shown, IReadOnlyList<(int Permissions, string? Scheme, string? Id)>? Entries)
{
    private const int Read = 1;
    private const int All = 31;

    // base64(SHA1("alice:alicep")), base64(SHA1("bob:bobp")): zookeeper-protocol 8.2.
    private const string Alice = "alice:3JGL2RCm8Hvz4J0bFglog1xiNa8=";
    private const string Bob = "bob:DhBdc8/NAnlWLlKgXeQHpKLtg4E=";

    public static AclList Open { get; } = new("open", [(All, "world", "anyone")]);

    /// <summary>Everybody may read; the rest differs.</summary>
    public static IReadOnlyList<AclList> Readable { get; } =
    [
        new("read-only", [(Read, "world", "anyone")]),
        new("alice writes", [(Read, "world", "anyone"), (All, "digest", Alice)]),
        new("no create", [(27, "world", "anyone")]),
        new("no delete", [(23, "world", "anyone")]),
        new("no admin", [(15, "world", "anyone")]),
        new("no write", [(29, "world", "anyone")]),
        new("by address", [(All, "ip", "127.0.0.1"), (Read, "world", "anyone")]),
        new("by network", [(All, "ip", "127.0.0.0/8"), (Read, "world", "anyone")]),
        new("other address", [(All, "ip", "10.1.2.3/32"), (Read, "world", "anyone")]),
        new("twice", [(All, "world", "anyone"), (All, "world", "anyone")]),
        new("creator and world", [(All, "auth", ""), (Read, "world", "anyone")]),
        new("creator (null) and world", [(All, "auth", null), (Read, "world", "anyone")]),
    ];

    /// <summary>Some may not even read.</summary>
    public static IReadOnlyList<AclList> Guarding { get; } =
    [
        new("alice only", [(All, "digest", Alice)]),
        new("bob reads, alice the rest", [(Read, "digest", Bob), (30, "digest", Alice)]),
        new("alice administers", [(16, "digest", Alice)]),
        new("creator", [(All, "auth", "")]),
        new("write-only", [(2, "world", "anyone")]),
        new("no permission", [(0, "world", "anyone")]),
        new("all but read", [(30, "world", "anyone")]),
        new("elsewhere", [(All, "ip", "10.0.0.0/8")]),
    ];

    /// <summary>Refused, or changed before they are stored.</summary>
    public static IReadOnlyList<AclList> Invalid { get; } =
    [
        new("null", null),
        new("none", []),
        new("unknown scheme", [(All, "nobody", "knows")]),
        new("null scheme", [(All, null, "anyone")]),
        new("null id", [(All, "world", null)]),
        new("world:other", [(All, "world", "other")]),
        new("digest without colon", [(All, "digest", "alice")]),
        new("digest with two colons", [(All, "digest", "a:b:c")]),
        new("digest with nothing behind", [(All, "digest", "a:")]),
        new("ip of letters", [(All, "ip", "here")]),
        new("ip with too many bits", [(All, "ip", "10.0.0.1/33")]),
        new("valid and invalid", [(All, "world", "anyone"), (All, "nobody", "knows")]),
        new("super", [(All, "super", "")]),
    ];

    /// <summary>An id is null where one is looked at: that of <c>auth</c> is not.</summary>
    public bool HasNull => Entries?.Any(entry => entry.Id is null && entry.Scheme != "auth") ?? false;

    public void Write(FrameWriter frame)
    {
        frame.Int(Entries?.Count ?? -1);
        foreach (var (permissions, scheme, id) in Entries ?? [])
        {
            frame.Int(permissions);
            frame.Text(scheme);
            frame.Text(id);
        }
    }

    public override string ToString() => Shown;
}
