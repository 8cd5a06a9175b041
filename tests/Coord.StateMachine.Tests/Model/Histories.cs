using Coord.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.StateMachine.Tests;

/// <summary>Generated histories over few paths, sessions and versions, so that they meet often.</summary>
internal static class Histories
{
    private static readonly string?[] Paths =
    [
        "/a", "/a", "/a", "/a/b", "/a/b", "/a/b/c", "/b", "/b/x", "/e", "/e/x", "/a/", "/a//b", "/a/./b", "a", "", "/",
        "/zookeeper", "/zookeeper/quota", "/zookeeper/quota/a", "/zookeeper/config", "/zookeeper/config/a", "a/b",
        "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats", "/zookeeper/quota/a/b",
        "/zookeeper/quota/a/b/zookeeper_limits", "/zookeeper/quota/zookeeper_limits",
        "/a\0", null, "/a/n-0000000000", "/a/0000000001", "/a/0000000002",
    ];

    private static readonly string?[] Values =
    [
        "", "x", null, "a longer value that fits no block of the shorter one", "yy", "\0\0\0\0\0\0\0\u0002",
        "\0\0\0\0\0\0\0\u0004CTG2\u0001AAAAAAAA\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0\u0006",
        "\0\0\0\0\0\0\0\u0004CTG2\u0002some tag\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0\u0006",
    ];

    /// <summary>What the connection of each session shows.</summary>
    public static (string Scheme, string Id)[] IdentitiesOf(int session) => session switch
    {
        0 => [("ip", "10.1.2.3"), ("digest", "u:hash=")],
        1 => [("ip", "10.1.2.3")],
        2 => [("ip", "11.1.2.3"), ("digest", "v:other="), ("digest", "u:hash=")],
        _ => [("ip", "11.1.2.3"), ("super", "")],
    };

    private static readonly string[] Limits =
    [
        "count=2,bytes=-1", "count=-1,bytes=-1=;byteHardLimit=3;countHardLimit=2", "countHardLimit=3",
        "byteHardLimit=1=",
        "count=1,bytes=1=;countHardLimit=1",
    ];

    public static Arbitrary<Step[]> Arbitrary { get; } = Arb.From(
        from length in Gen.Choose(1, 60)
        from steps in Gen.ArrayOf(StepOf(), length)
        select steps,
        Shorter);

    private static Gen<ZnodeRequest> Single() => Gen.Frequency(
        (6, CreateOf()),
        (3, from path in Gen.Elements(Paths)
            from version in Versions()
            select (ZnodeRequest)new ZnodeRequest.Delete(path, version)),
        (4, from path in Gen.Elements(Paths)
            from value in Gen.Elements(Values)
            from version in Versions()
            select (ZnodeRequest)new ZnodeRequest.Set(path, value, version)),
        (1, from path in Gen.Elements(Paths)
            from version in Versions()
            select (ZnodeRequest)new ZnodeRequest.Check(path, version)),
        (1, from path in Gen.Elements(Paths)
            select (ZnodeRequest)new ZnodeRequest.CheckAbsent(path)),
        (1, from path in Gen.Elements(Paths)
            from cversion in Gen.Elements(-1, 0, 1, 2, 3)
            select (ZnodeRequest)new ZnodeRequest.CheckChildren(path, cversion)),
        (2, from path in Gen.Elements(Paths)
            from initial in Gen.Elements(0, 5)
            from tag in Gen.Elements(0x4141414141414141, 0x4242424242424242)
            from adds in Gen.ArrayOf(AddOf())
            from first in Gen.Elements(0, 0, 1, 2, 3, 1_000_000)
            from seen in Gen.Elements(5L, 20, 1_000)
            select (ZnodeRequest)new ZnodeRequest.CounterAdd(path, initial, tag, adds)
            {
                FirstSession = first, SeenZxid = first == 0 ? 0 : seen,
            }),
        (1, from path in Gen.Elements(Paths)
            from acl in Acls()
            from version in Versions()
            select (ZnodeRequest)new ZnodeRequest.SetAcl(path, acl, version)));

    // The model keeps data as text: within these bounds every byte is one character.
    private static Gen<(long, long, long, int)> AddOf() =>
        from delta in Gen.Elements(1L, 1, -1, 3, 0)
        from min in Gen.Elements(0L, 0, 2)
        from max in Gen.Elements(4L, 100)
        from times in Gen.Elements(1, 1, 2, 10_000)
        select (delta, min, max, times);

    private static Gen<ZnodeRequest> CreateOf() =>
        from path in Gen.Frequency(
            (5, Gen.Elements(Paths)), (1, Gen.Elements<string?>("/a/n-", "/a/", "/b/s", "/e/", "/")))
        from value in Gen.Elements(Values)
        from flags in Gen.Elements(0, 0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 7, -1)
        from kind in Gen.Elements(
            OpCode.Create, OpCode.Create, OpCode.Create2, OpCode.CreateContainer, OpCode.CreateTtl, OpCode.CreateTtl)
        from ttl in Gen.Elements(1, 20, 100, 0xFFFFFFFFFF, 0x10000000000, 0, -1)
        from acl in Acls()
        select (ZnodeRequest)new ZnodeRequest.Create(path, value, flags, kind) { Acl = acl, Ttl = ttl };

    // What a client's setquota does.
    private static Gen<ZnodeRequest> QuotaOf() =>
        from of in Gen.Elements("/a", "/a", "/a/b", "/b")
        from limits in Gen.Elements(Limits)
        from isNew in Gen.Elements(true, false)
        let at = "/zookeeper/quota" + of
        select isNew
            ? (ZnodeRequest)new ZnodeRequest.Multi(
                new ZnodeRequest.Create(at), new ZnodeRequest.Create(at + "/zookeeper_limits", limits),
                new ZnodeRequest.Create(at + "/zookeeper_stats", "count=0,bytes=0"))
            : new ZnodeRequest.Set(at + "/zookeeper_limits", limits);

    private static Gen<ZnodeRequest> RequestOf() => Gen.Frequency(
        (8, Single()),
        (1, QuotaOf()),
        (2, from count in Gen.Choose(0, 5)
            from parts in Gen.ArrayOf(Single(), count)
            select (ZnodeRequest)new ZnodeRequest.Multi([.. parts.Where(IsLikely)])));

    private static Gen<Step> StepOf() => Gen.Frequency(
        (2, Gen.Constant<Step>(new Step.Connect())),
        (2, from session in Gen.Choose(0, 3)
            from hasPassword in Gen.Elements(true, true, false)
            select (Step)new Step.Reattach(session, hasPassword)),
        (1, Gen.Choose(0, 3).Select(session => (Step)new Step.Close(session))),
        (1, Gen.Choose(0, 3).Select(session => (Step)new Step.Expire(session))),
        (24, from session in Gen.Choose(0, 3)
             from request in RequestOf()
             from flags in Gen.Elements(
                 EntryFlags.None, EntryFlags.EnforceQuota, EntryFlags.EnforceQuota, EntryFlags.RefuseTtl)
             select (Step)new Step.Request(session, request, flags)),
        (3, from path in Gen.Elements("/a", "/a/b", "/b", "/e", "/a/b/c", "/", "/b/x", "/a/0000000001", "nothing")
            from isPresent in Gen.Elements(true, true, true, false)
            from neverUsedMs in Gen.Elements(0L, 0, 30)
            select (Step)new Step.Sweep(path, isPresent, neverUsedMs)),
        (1, WithSession((session, request) => new Step.Stale(session, request))),
        (1, WithSession((session, request) => new Step.Early(session, request))),
        (1, Gen.Constant<Step>(new Step.Again())));

    private static Gen<Step> WithSession(Func<int, ZnodeRequest, Step> make) =>
        from session in Gen.Choose(0, 3)
        from request in RequestOf()
        select make(session, request);

    // Kinds that refuse a whole multi are left in it now and then only, or hardly any would run.
    private static bool IsLikely(ZnodeRequest part) => part switch
    {
        ZnodeRequest.SetAcl setAcl => setAcl.Version == 2,
        ZnodeRequest.CounterAdd add => add.Initial == 5 && add.Adds.Length == 1,
        ZnodeRequest.Create create => !ModelKind.IsForbiddenInMulti(create) || create.Value == null,
        _ => true,
    };

    private static Gen<int> Versions() => Gen.Elements(-1, -1, -1, 0, 0, 1, 2, -2);

    private static Gen<(int, string?, string?)[]?> Acls() => Gen.Frequency(
        (12, Gen.Constant<(int, string?, string?)[]?>([(31, "world", "anyone")])),
        (2, Gen.Constant<(int, string?, string?)[]?>([(1, "world", "anyone"), (31, "digest", "u:hash=")])),
        (1, Gen.Constant<(int, string?, string?)[]?>([(7, "ip", "10.0.0.0/8"), (7, "ip", "10.0.0.0/8")])),
        (1, Gen.Constant<(int, string?, string?)[]?>([(31, "auth", null), (8, "world", "anyone")])),
        (1, Gen.Constant<(int, string?, string?)[]?>([])),
        (1, Gen.Constant<(int, string?, string?)[]?>(null)));

    /// <summary>Without one half, without the other, then without each single step.</summary>
    public static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        if (steps.Length > 1)
        {
            yield return steps[(steps.Length / 2)..];
            yield return steps[..(steps.Length / 2)];
        }

        for (int i = 0; i < steps.Length; i++)
            yield return [.. steps[..i], .. steps[(i + 1)..]];
    }
}
